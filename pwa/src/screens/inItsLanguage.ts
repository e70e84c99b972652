// The picture of the store in the language of this phone: in English at once, in another as soon as the rest of it is here.
import type { Snapshot } from '../store/snapshot.ts'
import { spoken } from '../words/speak.ts'

type Tongue = { inTongue(all: Snapshot): Snapshot }

/** `fresh` as it is to be drawn. `rest` is fetched with the first picture that wants it; without it, Help now still shows. */
export async function inItsLanguage(fresh: Snapshot, rest: () => Promise<Tongue> = () => import('./parts/tongue.ts')): Promise<Snapshot> {
  if (fresh.settings.language === 'en' && spoken() === 'en') return fresh
  try {
    return (await rest()).inTongue(fresh)
  } catch (error) {
    console.error(error)
    return fresh
  }
}
