// The phone's words in other languages, as they lie in src/words/<language>/<catalogue>.json: read, checked, filled up.
// Run by itself it writes what is missing: `node pwa/translations.ts cy`. How to translate: docs/translations.md.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { en } from './src/words/en.ts'
import { help } from './src/words/help.ts'
import { language } from './src/words/language.ts'
import { LANGUAGES } from './src/words/languages.ts'
import { later } from './src/words/later.ts'
import { lock } from './src/words/lock.ts'
import { notes } from './src/words/notes.ts'
import { pairing } from './src/words/pairing.ts'
import { reading } from './src/words/reading.ts'
import { reminding } from './src/words/reminding.ts'
import { over } from './src/words/over.ts'
import { saved } from './src/words/saved.ts'
import { settings } from './src/words/settings.ts'
import { sheet } from './src/words/sheet.ts'
import type { Catalogue, Text } from './src/words/speak.ts'

export const ENGLISH: { [catalogue: string]: Catalogue } = { app: en, help, language, later, lock, notes, over, pairing, reading, reminding, saved, settings, sheet }
/** `from`: hash of the English that `text` was made from, which is in `en` for the reader; `now`: the English since. */
export type Entry = { from: string; en: Text; now?: Text; text: Text }
export type File = { [key: string]: Entry }
export type Faults = { missing: string[]; stale: string[]; unknown: string[]; wrong: string[] }
export type Told = { name: string; catalogues: { [catalogue: string]: { texts: number; there: number } }; sha256: string; help_sha256: string }

const here = import.meta.dirname

/** The first 16 hexadecimal digits of the SHA-256 of a text; of one with forms, of the forms joined by ` | `. */
export function hash(text: Text): string {
  return createHash('sha256').update(forms(text).join(' | ')).digest('hex').slice(0, 16)
}

/** What lies in one file; nothing where there is none. */
export function fileOf(code: string, catalogue: string, folder = here): File {
  const path = at(code, catalogue, folder)
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) as File : {}
}

/** Key by key what is wrong with a translation: not there, made from other English, of no text, or not fit to be shown. */
export function faults(code: string, words: Catalogue, file: File): Faults {
  const found: Faults = { missing: [], stale: [], unknown: Object.keys(file).filter((key) => !(key in words)), wrong: [] }
  for (const [key, english] of Object.entries(words)) {
    const entry = file[key]
    if (!entry || forms(entry.text).join('') === '') found.missing.push(key)
    else if (entry.from !== hash(english)) found.stale.push(key)
    else found.wrong.push(...oddities(code, english, entry).map((why) => `${key}: ${why}`))
  }
  return found
}

/** The texts that may be shown: there, made from the English of now, and sound. */
export function shown(code: string, words: Catalogue, file: File): Catalogue {
  const { missing, stale, wrong } = faults(code, words, file)
  const out = new Set([...missing, ...stale, ...wrong.map((line) => line.split(': ')[0]!)])
  return Object.fromEntries(Object.keys(words).filter((key) => !out.has(key)).map((key) => [key, file[key]!.text]))
}

/** All of one language, catalogue by catalogue, as its chunk holds it. */
export function allOf(code: string, folder = here): { [catalogue: string]: Catalogue } {
  return Object.fromEntries(Object.entries(ENGLISH).map(([name, words]) => [name, shown(code, words, fileOf(code, name, folder))]))
}

/** What the server is told of a language: how many texts there are, and the hashes by which a check names them. */
export function told(code: string): Told {
  const all = allOf(code)
  const counts = Object.entries(all).map(([name, words]) => [name, { texts: Object.keys(ENGLISH[name]!).length, there: Object.keys(words).length }])
  const of = (words: unknown) => createHash('sha256').update(JSON.stringify(words)).digest('hex')
  return { name: LANGUAGES[code]!, catalogues: Object.fromEntries(counts), sha256: of(all), help_sha256: of(all.help) }
}

/** The file with every key of the English in its order. What was translated stays; what is new is blank. */
export function filledUp(code: string, words: Catalogue, file: File, renew: ReadonlySet<string>): File {
  return Object.fromEntries(Object.entries(words).map(([key, english]) => {
    const old = file[key]
    const blank = typeof english === 'string' ? '' : Object.fromEntries(formsOf(code).map((form) => [form, '']))
    if (!old || forms(old.text).join('') === '') return [key, { from: hash(english), en: english, text: blank as Text }]
    if (old.from === hash(english) || renew.has(key)) return [key, { from: hash(english), en: english, text: old.text }]
    return [key, { from: old.from, en: old.en, now: english, text: old.text }]
  }))
}

/** The plural forms a language has, by the Unicode rules: Welsh six, Polish four, Urdu two. */
export function formsOf(code: string): string[] {
  return new Intl.PluralRules(code).resolvedOptions().pluralCategories
}

function oddities(code: string, english: Text, { en: copy, from, text }: Entry): string[] {
  const found: string[] = []
  if (hash(copy) !== from) found.push('“en” is not the English of “from”; let the tool write both')
  if (typeof text !== 'string') {
    if (!places(english).includes('n')) found.push('forms, but there is no {n} to choose by')
    if (Object.keys(text).sort().join() !== [...formsOf(code)].sort().join()) found.push(`the forms are ${formsOf(code).join(', ')}`)
  } else if (typeof english !== 'string') found.push(`the forms are ${formsOf(code).join(', ')}`)
  for (const form of forms(text)) {
    if (form.trim() === '') found.push('a form is blank')
    const [here, there] = [places(form), places(english)]
    // A form may leave its own number out ("one thing"), never anything else.
    const same = here.join() === there.join() || (typeof text !== 'string' && here.join() === there.filter((name) => name !== 'n').join())
    if (!same) found.push(`has {${here.join('} {')}} where the English has {${there.join('} {')}}`)
  }
  return found
}

function places(text: Text): string[] {
  return [...new Set(forms(text).flatMap((form) => [...form.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)))].sort()
}

function forms(text: Text): string[] {
  return typeof text === 'string' ? [text] : Object.values(text)
}

function at(code: string, catalogue: string, folder: string): string {
  return resolve(folder, 'src/words', code, `${catalogue}.json`)
}

/** Fills up every file of a language and says what is still to do. */
function main(code: string, renew: string[]): void {
  if (!(code in LANGUAGES) || code === 'en') throw new Error(`Name a language of src/words/languages.ts: ${Object.keys(LANGUAGES).slice(1).join(', ')}`)
  mkdirSync(resolve(here, 'src/words', code), { recursive: true })
  for (const [name, words] of Object.entries(ENGLISH)) {
    const chosen = new Set(renew.filter((one) => one.startsWith(`${name}:`)).map((one) => one.slice(name.length + 1)))
    const before = fileOf(code, name)
    const gone = Object.keys(before).filter((key) => !(key in words))
    const file = filledUp(code, words, before, chosen)
    writeFileSync(at(code, name, here), `${JSON.stringify(file, null, 2)}\n`)
    const { missing, stale, wrong } = faults(code, words, file)
    console.log(`${name}: ${Object.keys(words).length} texts, ${missing.length} to write, ${stale.length} stale, ${wrong.length} wrong${gone.length ? `, taken out: ${gone.join(' ')}` : ''}`)
    for (const key of stale) console.log(`  stale: ${name}:${key}`)
    for (const line of wrong) console.log(`  wrong: ${name}:${line}`)
  }
}

if (import.meta.main) main(process.argv[2] ?? '', process.argv.slice(3))
