// The twins of server/worksheets/rules.py, on the very cases that pytest reads (tests/worksheets/test_vectors.py).
import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { test } from 'node:test'
import type { Json, Rule, Worksheet } from '../../pwa/src/worksheet/definition.ts'
import { derived } from '../../pwa/src/worksheet/derived.ts'
import { isAttempted, isDone, outcome } from '../../pwa/src/worksheet/done.ts'
import { completeness, isShortDone, raised } from '../../pwa/src/worksheet/left.ts'
import { readingForm } from '../../pwa/src/worksheet/reading.ts'
import { shownFields } from '../../pwa/src/worksheet/shown.ts'

type Case = {
  name: string
  worksheet: string
  answers: Json
  rule?: Rule
  zone?: string
  stage?: string
  expect: { [what: string]: unknown }
}

const folder = new URL('../vectors/', import.meta.url)
const read = (name: string) => JSON.parse(readFileSync(new URL(name, folder), 'utf-8'))
const worksheets: { [key: string]: Worksheet } = read('worksheet-definitions.json')
const notCases = ['worksheet-definitions.json', 'worksheet-synthetic.json']
const files = readdirSync(folder).filter((name) => /^worksheet-.*\.json$/.test(name) && !notCases.includes(name))

for (const file of files) {
  for (const one of read(file) as Case[]) {
    test(`${file}: ${one.name}`, () => {
      const worksheet = worksheets[one.worksheet]!
      const found: { [what: string]: unknown } = {
        outcome: outcome(worksheet, one.answers, one.rule),
        done: isDone(one.rule ?? worksheet.done, worksheet, one.answers),
        attempted: isAttempted(worksheet, one.answers),
        short: isShortDone(worksheet, one.answers),
        completeness: completeness(worksheet, one.answers),
        derived: derived(worksheet, one.answers, one.zone),
        reading: readingForm(worksheet, one.answers),
        raised: raised(worksheet, one.answers).map((flag) => [flag.field, flag.level, flag.card]),
        shown: shownFields(worksheet, one.answers, one.stage).map((field) => field.id),
      }
      for (const [what, wanted] of Object.entries(one.expect)) assert.deepEqual(found[what], wanted, what)
    })
  }
}

test('there are cases in eight files and more', () => assert.ok(files.length >= 8))
