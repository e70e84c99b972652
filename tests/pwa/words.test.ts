// Words in other languages: plurals by the rules of each, English marked where there is no other, and no stale text shown.
import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { snapshot } from './made.ts'
import { ENGLISH, allOf, faults, fileOf, filledUp, formsOf, hash, shown, type File } from '../../pwa/translations.ts'
import { languageOf } from '../../pwa/src/actions/offer.ts'
import { inItsLanguage } from '../../pwa/src/screens/inItsLanguage.ts'
import { FIRST_SETTINGS } from '../../pwa/src/store/meta.ts'
import { LANGUAGES } from '../../pwa/src/words/languages.ts'
import { ENGLISH_MARK, NAME, clockTime, dayInWords, direction, isMarked, longDayInWords, numberInDigits, speak, speakEnglish, speakIn, unmarked, weekdayName, writeWelshDays } from '../../pwa/src/words/speak.ts'
import { welshDay } from '../../pwa/src/words/welshDays.ts'

const OTHERS = Object.keys(LANGUAGES).filter((code) => code !== 'en')
const words = { [NAME]: 'shop', hello: 'Hello {name}', apples: { one: '1 apple', other: '{n} apples' }, left: '{n} left' } as const
const whole = (code: string, more: File = {}): File => ({
  hello: { from: hash(words.hello), en: words.hello, text: 'S’mae {name}' },
  apples: { from: hash(words.apples), en: words.apples, text: Object.fromEntries(formsOf(code).map((form) => [form, `${form} {n}`])) },
  left: { from: hash(words.left), en: words.left, text: '{n} ar ôl' },
  ...more,
})

afterEach(() => speakIn('en'))

test('Welsh has six forms, Polish four, Urdu two, and each is the right one', () => {
  const spoken = (code: string, n: number) => {
    speakIn(code, { shop: shown(code, words, whole(code)) })
    return speak(words)('apples', { n })
  }
  assert.deepEqual([0, 1, 2, 3, 6, 4].map((n) => spoken('cy', n)), ['zero 0', 'one 1', 'two 2', 'few 3', 'many 6', 'other 4'])
  assert.deepEqual([1, 2, 5, 22, 1.5].map((n) => spoken('pl', n)), ['one 1', 'few 2', 'many 5', 'few 22', 'other 1.5'])
  assert.deepEqual([1, 2].map((n) => spoken('ur', n)), ['one 1', 'other 2'])
})

test('a text without a translation is English, and marked as English', () => {
  const { left, ...rest } = whole('cy')
  speakIn('cy', { shop: shown('cy', words, rest) })
  assert.equal(speak(words)('hello', { name: 'Anna' }), 'S’mae Anna')
  const text = speak(words)('left', { n: 3 })
  assert.deepEqual([isMarked(text), unmarked(text)], [true, '3 left'])
  assert.equal(speak(words)('hello', { name: text }), 'S’mae 3 left')
  speakIn('en')
  assert.equal(speak(words)('left', { n: 3 }), '3 left')
})

test('English stands beside another language unmarked', () => {
  speakIn('ur', { shop: shown('ur', words, whole('ur')) })
  assert.equal(speakEnglish(words)('apples', { n: 2 }), '2 apples')
})

test('a text made from other English is stale, and not shown', () => {
  const stale = whole('cy', { hello: { from: hash('Hi {name}'), en: 'Hi {name}', text: 'Helo {name}' } })
  assert.deepEqual(faults('cy', words, stale).stale, ['hello'])
  assert.ok(!('hello' in shown('cy', words, stale)))
})

test('what cannot be shown is said: a place lost, a form missing or blank, a key of nothing, a copy that lies', () => {
  const wrong = (entry: File) => {
    const found = faults('cy', words, whole('cy', entry))
    return [...found.wrong, ...found.unknown].map((line) => line.split(':')[0])
  }
  const from = hash(words.hello)
  assert.deepEqual(wrong({ hello: { from, en: words.hello, text: 'S’mae' } }), ['hello'])
  assert.deepEqual(wrong({ hello: { from, en: words.hello, text: 'S’mae {enw}' } }), ['hello'])
  assert.deepEqual(wrong({ hello: { from, en: 'Hi {name}', text: 'S’mae {name}' } }), ['hello'])
  assert.deepEqual(wrong({ hello: { from, en: words.hello, text: { one: '{name}', other: '{name}' } } }), ['hello', 'hello'])
  assert.deepEqual(wrong({ apples: { from: hash(words.apples), en: words.apples, text: '{n} afal' } }), ['apples'])
  const blank = { ...(whole('cy').apples!.text as object), few: '' } as { [form: string]: string }
  assert.ok(wrong({ apples: { from: hash(words.apples), en: words.apples, text: blank } }).length > 0)
  assert.deepEqual(wrong({ gone: { from: '', en: 'Gone', text: 'x' } }), ['gone'])
})

test('a line with a number may have forms where the language needs them', () => {
  const forms = Object.fromEntries(formsOf('pl').map((form) => [form, `${form} {n}`]))
  speakIn('pl', { shop: shown('pl', words, whole('pl', { left: { from: hash(words.left), en: words.left, text: forms } })) })
  assert.equal(speak(words)('left', { n: 5 }), 'many 5')
})

test('filling up keeps what is there, takes out what is gone, and renews only what is named', () => {
  const old = whole('cy', { hello: { from: hash('Hi {name}'), en: 'Hi {name}', text: 'Helo {name}' }, gone: { from: '', en: '', text: 'x' } })
  const filled = filledUp('cy', words, old, new Set())
  assert.deepEqual(Object.keys(filled), ['hello', 'apples', 'left'])
  assert.deepEqual(filled.hello, { from: hash('Hi {name}'), en: 'Hi {name}', now: 'Hello {name}', text: 'Helo {name}' })
  assert.deepEqual(filledUp('cy', words, filled, new Set(['hello'])).hello, { from: hash(words.hello), en: words.hello, text: 'Helo {name}' })
  assert.deepEqual(Object.keys(filledUp('cy', words, {}, new Set()).apples!.text), formsOf('cy'))
})

test('days, times and numbers are those of the language', () => {
  assert.equal(dayInWords('2026-11-23', false, 'en'), 'Monday 23 November')
  assert.match(dayInWords('2026-11-23', false, 'pl'), /poniedziałek, 23 listopada/)
  assert.match(dayInWords('2026-11-23', false, 'cy'), /Dydd Llun 23 Tachwedd/)
  assert.match(dayInWords('2026-11-23', false, 'ur'), /نومبر/)
  assert.match(longDayInWords(new Date('2026-11-23'), 'pl'), /2026/)
  assert.equal(weekdayName(0, 'pl'), 'poniedziałek')
  assert.equal(numberInDigits(2.5, 'pl'), '2,5')
  assert.match(numberInDigits(25, 'ur'), /^25$/)
  assert.match(clockTime('2026-11-23T10:42:00Z', 'ur'), /^\d\d:\d\d$/)
  assert.deepEqual(['en', 'cy', 'pl', 'ur'].map((code) => direction(code)), ['ltr', 'ltr', 'ltr', 'rtl'])
})

test('a browser without Welsh of its own says each day of a year as one that has it', (context) => {
  const days = Array.from({ length: 366 }, (_, n) => new Date(Date.UTC(2028, 0, 1 + n)))
  const all = () => [...days.flatMap((day) => {
    const iso = day.toISOString()
    return [dayInWords(iso, false, 'cy'), dayInWords(iso, true, 'cy'), longDayInWords(day, 'cy')]
  }), ...[0, 1, 2, 3, 4, 5, 6].map((n) => weekdayName(n, 'cy'))]
  const known = all()
  writeWelshDays(welshDay) // as the words of a language do
  const asked = context.mock.method(Intl.DateTimeFormat, 'supportedLocalesOf', () => [])
  assert.deepEqual(all(), known)
  assert.ok(asked.mock.callCount() > 0 && known.includes('Dydd Mercher 23 Chwefror 2028'))
  assert.equal(dayInWords('2026-11-23', false, 'en'), 'Monday 23 November')
})

test('a language is spoken only while the service offers it', () => {
  const settings = { ...FIRST_SETTINGS, language: 'cy' }
  const service = { name: '', nation: 'wales', crisis: { number: '', hours: '', name: '' }, reading_promise: '', demo: false }
  const offered = { code: 'cy', name: 'Cymraeg', state: 'draft' as const, help_checked: false }
  assert.equal(languageOf(settings, null), 'en')
  assert.equal(languageOf(settings, service as never), 'en')
  assert.equal(languageOf(settings, { ...service, languages: [offered] } as never), 'cy')
})

test('where the rest of a language cannot be had, or breaks, the app is drawn all the same', async (context) => {
  const said = context.mock.method(console, 'error', () => undefined)
  const fresh = snapshot({ settings: { ...FIRST_SETTINGS, language: 'cy' } })
  assert.equal(await inItsLanguage(fresh, () => Promise.reject(new TypeError('no network'))), fresh)
  assert.equal(await inItsLanguage(fresh, async () => ({ inTongue: () => { throw new Error('broken') } })), fresh)
  assert.equal(said.mock.callCount(), 2)
  const drawn = { ...fresh }
  assert.equal(await inItsLanguage(fresh, async () => ({ inTongue: () => drawn })), drawn)
})

test('nothing in the words that ship would be shown wrong; what is missing or stale is told', (context) => {
  for (const code of OTHERS) {
    for (const [name, english] of Object.entries(ENGLISH)) {
      const { missing, stale, unknown, wrong } = faults(code, english, fileOf(code, name))
      assert.deepEqual({ unknown, wrong }, { unknown: [], wrong: [] }, `${code}/${name}`)
      if (missing.length + stale.length > 0) context.diagnostic(`${code}/${name}: ${missing.length} missing, ${stale.length} stale ${stale.join(' ')}`)
    }
    for (const text of Object.values(allOf(code)).flatMap((catalogue) => Object.values(catalogue))) assert.ok(!JSON.stringify(text).includes(ENGLISH_MARK))
  }
})

test('every file of English words has its name among the translations', () => {
  for (const [name, english] of Object.entries(ENGLISH)) assert.equal(english[NAME], name)
})
