// The day is filled in already, and is still no answer of theirs: an untouched worksheet is as it was.
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { ASSIGNMENT, freshPhone, vectors } from './phone.ts'
import { begun, dayAbout, offered } from '../../pwa/src/actions/offered.ts'
import { startEditing, startWriting } from '../../pwa/src/actions/startWriting.ts'
import { isAttempted, outcome } from '../../pwa/src/worksheet/done.ts'
import { completeness } from '../../pwa/src/worksheet/left.ts'
import type { Answers, Json, Worksheet } from '../../pwa/src/worksheet/definition.ts'

const TODAY = '2026-11-22'
const sheets = vectors<{ [name: string]: Worksheet }>('worksheet-definitions')
const asking = Object.entries(sheets).filter(([, sheet]) => Object.keys(offered(sheet, TODAY)).length > 0)
const diary = asking[0]![1]
const slot = (name: string, moved_to: string | null = null) => ({ slot: name, moved_to })

beforeEach(freshPhone)

test('the day is the one that was said, else the slot’s own, else today', () => {
  assert.equal(dayAbout('2026-11-19T12:00', slot('2026-11-20#1'), TODAY), '2026-11-19')
  assert.equal(dayAbout(null, slot('2026-11-20#1'), TODAY), '2026-11-20')
  assert.equal(dayAbout(null, slot('2026-11-20#1', TODAY), TODAY), TODAY)
  for (const other of [slot('w3#2'), slot('i:0193512a-7c00-7a11-8b22-0000000000a1'), null]) assert.equal(dayAbout(null, other, TODAY), TODAY)
})

test('a day is offered where the page is about one, and nowhere else', () => {
  assert.ok(asking.length >= 3, `only ${asking.length} worksheets ask for the day`)
  assert.deepEqual(offered(null, TODAY), {})
  for (const [name, sheet] of asking) assert.deepEqual(offered(sheet, TODAY), { date: TODAY }, name)
  for (const sheet of Object.values(sheets)) assert.ok(!('week_from' in offered(sheet, TODAY)))
})

for (const [name, sheet] of asking) {
  test(`an untouched ${name} with its day comes to nothing, and counts one answer`, () => {
    const answers = offered(sheet, TODAY)
    assert.equal(isAttempted(sheet, answers), false)
    assert.equal(outcome(sheet, answers), 'empty')
    assert.equal(completeness(sheet, answers)[0], 1)
  })
}

type Case = { name: string; worksheet: string; answers: Json; expect: { outcome?: string } }
for (const file of ['thought-record', 'sleep-diary', 'worry-diary', 'facing-fears-practice', 'problem-solving']) {
  test(`the offered day changes no outcome: ${file}`, () => {
    for (const { worksheet, answers, expect } of vectors<Case[]>(`worksheet-${file}`)) {
      const sheet = sheets[worksheet]!
      if (answers === null || typeof answers !== 'object' || Array.isArray(answers)) continue
      const before = outcome(sheet, answers)
      assert.equal(outcome(sheet, { ...offered(sheet, TODAY), ...(answers as Answers) }), before, JSON.stringify(expect))
    }
  })
}

test('what is offered is no beginning; an answer is, and so is another day or none', () => {
  const start = { answers: { date: TODAY }, offered: { date: TODAY } }
  assert.equal(begun(start), false)
  assert.equal(begun({ ...start, answers: { ...start.answers, situation: 'x' } }), true)
  assert.equal(begun({ ...start, answers: { date: '2026-11-21' } }), true)
  assert.equal(begun({ ...start, answers: {} }), true)
  assert.equal(begun({ answers: { situation: 'a draft of an earlier release' } }), true)
})

test('the day goes along with what is written, and stays theirs to change', async () => {
  const writing = await startWriting({ assignment_id: ASSIGNMENT, slot: null, offered: offered(diary, TODAY) })
  assert.equal(writing.draft.answers.date, TODAY)
  writing.answer('date', '2026-11-21')
  writing.answer('situation', 'On the bus')
  const kept = (await writing.finish(diary))!
  assert.deepEqual(kept.revision.payload.answers, { date: '2026-11-21', situation: 'On the bus' })
  const editing = await startEditing(kept)
  assert.deepEqual(editing.draft.answers, { date: '2026-11-21', situation: 'On the bus' })
})

test('a draft that was begun keeps its day, one that was only looked at gets the day it is opened on', async () => {
  const looked = await startWriting({ assignment_id: ASSIGNMENT, slot: null, offered: { date: '2026-11-20' } })
  looked.change({ step: 1 })
  await looked.leave()
  const again = await startWriting({ assignment_id: ASSIGNMENT, slot: null, offered: { date: TODAY } })
  assert.deepEqual([again.draft.answers.date, again.draft.step], [TODAY, 1])
  again.answer('situation', 'On the bus')
  await again.leave()
  const later = await startWriting({ assignment_id: ASSIGNMENT, slot: null, offered: { date: '2026-11-23' } })
  assert.equal(later.draft.answers.date, TODAY)
})
