// What "Saved on this phone" or "Sent" means.
import type { SavedName } from './states.ts'
import { saved } from '../../words/saved.ts'
import { speak } from '../../words/speak.ts'

const t = speak(saved)

export default function SavedMeans({ name }: { name: SavedName }) {
  return (
    <>
      <p>{t(name)}</p>
      {name === 'here' && <p>{t('lost-phone')}</p>}
    </>
  )
}
