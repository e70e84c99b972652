// The words of another language: chosen, fetched once, kept for when there is no signal, and looked after from then on.
import { json, ours } from '../api/request.ts'
import { words, worksheetIn } from '../api/words.ts'
import { languageOf } from './offer.ts'
import { set } from './say.ts'
import { setHere } from './setHere.ts'
import { meta, setMeta } from '../store/meta.ts'
import { readAll, write } from '../store/records.ts'
import type { Assignment, Translated, WordsOf } from '../sync/wire.ts'

/** How long the words that are here are taken for the newest. */
const A_WHILE = 6 * 60 * 60_000
let asked = 0

/** Choose a language; false when its words cannot be had now. `told`: the server is to know, on a paired phone. */
export async function chooseLanguage(language: string, told: boolean): Promise<boolean> {
  if (language !== 'en' && !(await wordsHere(language))) return false
  await (told ? set({ language }) : setHere({ language }))
  await fetchTranslations()
  return true
}

/** Now and then: whether there are newer words, and the worksheets of this phone in its language. */
export async function stayInWords(): Promise<void> {
  const settings = await meta('settings')
  const language = settings ? languageOf(settings, (await meta('service')) ?? null) : 'en'
  if (language === 'en') return
  const here = await meta('words')
  if (here?.language !== language || Date.now() - asked > A_WHILE) await wordsHere(language)
  await fetchTranslations()
}

/** Fetch the words, or find that they are here. */
async function wordsHere(language: string): Promise<boolean> {
  const before = await meta('words')
  const same = before?.language === language
  const reply = await words(language)
  const told = ours(reply) ? json<WordsOf>(reply) : null
  if (told?.language !== language) return same
  asked = Date.now()
  if (!same || JSON.stringify(before) !== JSON.stringify(told)) await setMeta('words', told)
  return true
}

/**
 * The worksheets this phone has a use for, in the wording of now: with their questions about risk where the service
 * answers for them. What cannot be had stays as it is.
 */
async function fetchTranslations(): Promise<void> {
  const [here, settings, service] = [await meta('words'), await meta('settings'), await meta('service')]
  if (!here || settings?.language !== here.language) return
  const kept = new Map((await readAll<Translated>('worksheets')).filter(({ language, english }) => english && language === here.language)
    .map((sheet) => [`${sheet.id}.v${sheet.version}`, sheet.sha256]))
  const named = (await readAll<Assignment>('assignments')).flatMap(({ worksheet }) => worksheet ?? [])
  for (const { id, version } of new Map(named.map((one) => [`${one.id}.v${one.version}`, one])).values()) {
    const key = `${id}.v${version}`
    const whole = service?.asks_about_risk === true ? here.whole?.[key] : undefined
    const wanted = whole ?? here.worksheets[key]
    if (!wanted || kept.get(key) === wanted) continue
    const reply = await worksheetIn(id, version, here.language, wanted, whole !== undefined)
    const sheet = ours(reply) ? json<Translated>(reply) : null
    if (sheet?.id === id && sheet.language === here.language) await write([{ store: 'worksheets', key: `${key}|${here.language}`, body: sheet }])
  }
}
