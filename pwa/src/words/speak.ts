// Words for the screens: a catalogue in, a function out. Plurals by the rules of the language (Intl.PluralRules).

/** A text, or its forms by the rules of its language: one and other in English, up to six elsewhere. */
export type Text = string | { readonly [form: string]: string }
export type Catalogue = { [key: string]: Text; [NAME]?: string }
export type Values = { [name: string]: string | number }

const TURNS = /[\u0590-\u08FF\u200E\u200F\u202A-\u202E\u2066-\u2069\uFB1D-\uFEFC]/
const RIGHT_TO_LEFT = new Set(['ar', 'fa', 'he', 'ps', 'sd', 'ug', 'ur', 'yi'])
/** Days and times the British way, whatever English the phone speaks. */
const BRITISH = 'en-GB'
/** How a catalogue is called among the translations. */
export const NAME = Symbol('name')
/** Before a text that is shown in English because there is no other: whoever draws it takes this off (marked.ts). */
export const ENGLISH_MARK = '\uE000'
let language = 'en'
let translated: { [catalogue: string]: Catalogue } = {}
/** How days are written in a language that this browser has no days of; it comes with the words of that language. */
type OwnDays = (options: Intl.DateTimeFormatOptions, day: Date) => string
let welsh: OwnDays | null = null

/** Speak this language from now on, with what there is of its words. */
export function speakIn(next: string, words: { [catalogue: string]: Catalogue } = {}): void {
  language = next
  translated = words
}

/** Days in Welsh, for browsers that have none. */
export function writeWelshDays(write: OwnDays): void {
  welsh = write
}

/** The language the screens speak now. */
export function spoken(): string {
  return language
}

/** Which way this language is written. */
export function direction(of = language): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.has(of.split('-')[0]!) ? 'rtl' : 'ltr'
}

function places(of: string): string {
  return of === 'en' ? BRITISH : of
}

/** `t('today.unsent', {n: 2})`: the text with `{name}` filled in; the form for `n` where there are several. */
export function speak<Words extends Catalogue>(words: Words): (key: keyof Words & string, values?: Values) => string {
  return (key, values = {}) => {
    const text = language === 'en' ? undefined : translated[words[NAME] ?? '']?.[key]
    if (text !== undefined) return filled(text, values, language)
    return (language === 'en' ? '' : ENGLISH_MARK) + filled(words[key]!, values, 'en')
  }
}

/** The same in English, whatever is spoken: for what stands beside words that nobody has checked. */
export function speakEnglish<Words extends Catalogue>(words: Words): (key: keyof Words & string, values?: Values) => string {
  return (key, values = {}) => filled(words[key]!, values, 'en')
}

/** Whether this text is shown in English because there is no other. */
export function isMarked(text: unknown): boolean {
  return typeof text === 'string' && text.startsWith(ENGLISH_MARK)
}

/** Without the mark: for what is sent or copied rather than drawn. */
export function unmarked(text: string): string {
  return text.replaceAll(ENGLISH_MARK, '')
}

function filled(text: Text, values: Values, of: string): string {
  const chosen = typeof text === 'string' ? text : text[new Intl.PluralRules(of).select(Number(values.n))] ?? text.other!
  return chosen.replace(/\{(\w+)\}/g, (_, name: string) => isolated(unmarked(String(values[name] ?? ''))))
}

/** Somebody's own words inside a sentence of ours: marks that turn text round end with them (Unicode isolates). */
export function isolated(text: string): string {
  return TURNS.test(text) ? `\u2068${text}\u2069` : text
}

/** `Monday 23 November`; with `short`, `Mon 23 Nov`. */
export function dayInWords(day: string, short = false, of = language): string {
  const width = short ? 'short' : 'long'
  const options = { weekday: width, day: 'numeric', month: width, timeZone: 'UTC' } as const
  return inPlace(of, options, new Date(`${day.slice(0, 10)}T00:00Z`))
}

/** `10:42` on this phone's clock. */
export function clockTime(moment: string, of = language): string {
  return new Intl.DateTimeFormat(places(of), { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(moment))
}

/** The names of the week, Monday first. */
export function weekdayName(weekday: number, of = language): string {
  return inPlace(of, { weekday: 'long', timeZone: 'UTC' }, new Date(Date.UTC(2024, 0, 1 + weekday)))
}

/** `2.5`, as this language writes it; no marks between thousands. */
export function numberInDigits(value: number, of = language): string {
  return new Intl.NumberFormat(places(of), { useGrouping: false, maximumFractionDigits: 20 }).format(value)
}

/** `Monday 23 November 2026`, of a moment in UTC. */
export function longDayInWords(day: Date, of = language): string {
  const options = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' } as const
  return inPlace(of, options, day)
}

/** The British way has no comma after the weekday; others keep theirs. */
function inPlace(of: string, options: Intl.DateTimeFormatOptions, day: Date): string {
  if (of === 'cy' && welsh && Intl.DateTimeFormat.supportedLocalesOf(of).length === 0) return welsh(options, day)
  const text = new Intl.DateTimeFormat(places(of), options).format(day)
  return of === 'en' || of === 'cy' ? text.replace(',', '') : text
}
