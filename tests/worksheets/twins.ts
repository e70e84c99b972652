// Reads cases on stdin, and prints what the phone's twins make of each (test_laws.py compares).
import { readFileSync } from 'node:fs'
import type { Json, Rule, Worksheet } from '../../pwa/src/worksheet/definition.ts'
import { derived, derivedRows } from '../../pwa/src/worksheet/derived.ts'
import { isDone, outcome } from '../../pwa/src/worksheet/done.ts'
import { completeness, isShortDone, raised } from '../../pwa/src/worksheet/left.ts'
import { readingForm } from '../../pwa/src/worksheet/reading.ts'
import { shownFields } from '../../pwa/src/worksheet/shown.ts'

const definitions = new URL('../vectors/worksheet-definitions.json', import.meta.url)
const worksheets: { [key: string]: Worksheet } = JSON.parse(readFileSync(definitions, 'utf-8'))
const cases: { worksheet: string; answers: Json; zone: string | null; rule: Json; definition?: Worksheet }[] = JSON.parse(readFileSync(0, 'utf-8'))

const found = cases.map(({ worksheet: key, answers, zone, rule, definition }) => {
  const worksheet = definition ?? worksheets[key]!
  return {
    outcome: outcome(worksheet, answers),
    ruled: isDone(rule as Rule, worksheet, answers),
    short: isShortDone(worksheet, answers),
    completeness: completeness(worksheet, answers),
    raised: raised(worksheet, answers).length,
    derived: derived(worksheet, answers, zone),
    rows: derivedRows(worksheet, answers, zone),
    reading: readingForm(worksheet, answers),
    shown: shownFields(worksheet, answers).map((field) => field.id),
  }
})
process.stdout.write(JSON.stringify(found))
