// What a worksheet starts from, where it opens again, and what is said of an odd answer.
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { ASSIGNMENT, freshPhone } from './phone.ts'
import { field, kept, sheetOf, TODAY } from './made.ts'
import { carriedOver, filledIn, firstAnswers } from '../../pwa/src/actions/filledIn.ts'
import { untold } from '../../pwa/src/actions/lookedAt.ts'
import { begun } from '../../pwa/src/actions/offered.ts'
import { laterStage, openStage } from '../../pwa/src/actions/stages.ts'
import { startEditing, startWriting } from '../../pwa/src/actions/startWriting.ts'
import { numberFrom, odd } from '../../pwa/src/screens/fields/odd.ts'
import type { Answers } from '../../pwa/src/worksheet/definition.ts'
import { outcome } from '../../pwa/src/worksheet/done.ts'

beforeEach(freshPhone)

const feelings = field({
  id: 'feelings', type: 'list', fields: [field({ id: 'name', type: 'text', carry_over: true }), field({ id: 'strength', type: 'scale', min: 0, max: 5 })],
})
const goal = field({ id: 'goal', type: 'text', carry_over: true })
const note = field({ id: 'note', type: 'text' })
const diary = sheetOf([goal, feelings, note])
const entry = (answers: Answers, local: string, minute = 0, parts = {}) => kept({
  subject: { kind: 'entry', assignment_id: ASSIGNMENT }, payload: { answers, kept: false }, local, form: { key: diary.id, version: 1, language: 'en', sha256: 'x' }, ...parts,
}, minute)

test('a question that carries over starts from the last answer; of a list, only the part that does', () => {
  const answers = { goal: 'Swim', feelings: [{ name: 'Sad', strength: 4 }, { strength: 2 }], note: 'x' }
  assert.deepEqual(carriedOver(diary, answers), { goal: 'Swim', feelings: [{ name: 'Sad' }] })
  assert.deepEqual(carriedOver(diary, { goal: '  ', feelings: [] }), {})
})

test('the last entry is the one about the latest time, not the one saved last', () => {
  const all = [entry({ goal: 'newer' }, '2026-11-21T10:00'), entry({ goal: 'older, saved later' }, '2026-11-19T10:00', 5)]
  assert.deepEqual(filledIn(diary, TODAY, all, ASSIGNMENT), { offered: { goal: 'newer' }, carried: ['goal'] })
})

test('nothing carries over from a removed entry, another assignment or another worksheet', () => {
  const first = entry({ goal: 'gone' }, '2026-11-21T10:00')
  const removed = entry({}, '2026-11-21T10:00', 1, { kind: 'delete', payload: {}, parents: [first.revision.revision_id], entry_id: first.revision.entry_id })
  const other = entry({ goal: 'not here' }, '2026-11-21T10:00', 2, { subject: { kind: 'entry', assignment_id: 'another' } })
  const sheet = entry({ goal: 'no' }, '2026-11-21T10:00', 3, { form: { key: 'tests/other', version: 1, language: 'en', sha256: 'x' } })
  assert.deepEqual(filledIn(diary, TODAY, [first, removed, other, sheet], ASSIGNMENT).offered, {})
})

test('what was filled in for them is no beginning, even after it was read back from the phone', async () => {
  const start = filledIn(diary, TODAY, [entry({ feelings: [{ name: 'Sad', strength: 4 }] }, '2026-11-21T10:00')], ASSIGNMENT)
  const writing = await startWriting({ assignment_id: ASSIGNMENT, slot: null, ...start })
  assert.equal(begun(writing.draft), false)
  writing.change({ step: 1 })
  await writing.leave()
  const again = await startWriting({ assignment_id: ASSIGNMENT, slot: null, ...start })
  assert.equal(begun(again.draft), false)
  again.answer('feelings', [{ name: 'Sad', strength: 1 }])
  assert.equal(begun(again.draft), true)
})

test('what was filled in and not on show is not said for them', async () => {
  const sheet = sheetOf([field({ id: 'date', type: 'date' }), goal, field({ id: 'people', type: 'number', initial: 2 }), note],
    { short: ['note'], nothing_happened: true })
  const start = filledIn(sheet, TODAY, [entry({ goal: 'Swim' }, '2026-11-21T10:00')], ASSIGNMENT)
  const save = async (parts: Answers, short: boolean) => {
    const writing = await startWriting({ assignment_id: ASSIGNMENT, slot: null, short, ...start })
    writing.change({ answers: { ...writing.draft.answers, ...parts } })
    return (await writing.finish(sheet))!.revision.payload.answers as Answers
  }
  assert.deepEqual(await save({ note: 'x' }, true), { date: TODAY, note: 'x' })
  const nothing = await save({ _nothing_happened: true }, false)
  assert.deepEqual(nothing, { date: TODAY, _nothing_happened: true })
  assert.equal(outcome(sheet, nothing), 'nothing_happened')
  assert.deepEqual(await save({ note: 'x', goal: 'Run' }, true), { date: TODAY, note: 'x', goal: 'Run' })
  assert.deepEqual(await save({ note: 'x' }, false), { date: TODAY, goal: 'Swim', people: 2, note: 'x' })
})

test('a first answer fits its question, or is not filled in', () => {
  const fields = [field({ id: 'a', type: 'number', initial: 3 }), field({ id: 'b', type: 'number', initial: 'three' }), field({ id: 'c', type: 'text' })]
  assert.deepEqual(firstAnswers(fields), { a: 3 })
})

test('the size that was agreed goes with the entry, and stays when it is changed', async () => {
  const writing = await startWriting({ assignment_id: ASSIGNMENT, slot: null, size: 'small' })
  writing.answer('words', 'Stood at the door.')
  const saved = (await writing.finish(null))!
  assert.equal(saved.revision.payload.size, 'small')
  assert.equal((await startEditing(saved)).draft.size, 'small')
})

const staged = sheetOf([
  field({ id: 'what', type: 'text', stage: 'plan', required: true }), field({ id: 'guess', type: 'text', stage: 'plan' }),
  field({ id: 'learnt', type: 'text', stage: 'after' }),
], { stages: [{ id: 'plan', title: 'Plan' }, { id: 'after', title: 'How it went' }] })

test('a sheet in parts opens at the first that is not complete, and at the last when all are', () => {
  const at = (answers: Answers) => [openStage(staged, answers)?.id, laterStage(staged, answers)?.id]
  assert.deepEqual(at({}), ['plan', undefined])
  assert.deepEqual(at({ guess: 'x' }), ['plan', undefined])
  assert.deepEqual(at({ what: 'x' }), ['after', 'after'])
  assert.deepEqual(at({ what: 'x', learnt: 'y' }), ['after', undefined])
  assert.equal(openStage(diary, {}), null)
})

test('an entry that was planned is opened at how it went, with all its questions', async () => {
  const plan = kept({ subject: { kind: 'entry', assignment_id: ASSIGNMENT }, payload: { answers: { what: 'x' }, kept: false, short: true }, local: '2026-11-21T10:00' })
  const { draft } = await startEditing(plan, false, staged)
  assert.deepEqual([draft.stage, draft.short], ['after', false])
})

test('a number is read the way the language writes it', () => {
  const read: [string, string, number | null][] = [
    ['5', 'en', 5], [' 2.5 ', 'en', 2.5], ['2,5', 'en', 2.5], ['1,200', 'en', 1200], ['1,200.5', 'en', 1200.5], ['2,5', 'pl', 2.5], ['1 200', 'pl', 1200],
    ['۱۲', 'ur', 12], ['-3', 'en', -3], ['−3', 'en', -3], ['about 5', 'en', null], ['', 'en', null], ['-', 'en', null], ['1e9', 'en', null], ['99999999999999999999', 'en', null],
  ]
  for (const [typed, language, number] of read) assert.equal(numberFrom(typed, language), number, typed)
})

test('an odd answer is said to be odd, and a plain one is not', () => {
  const number = field({ id: 'n', type: 'number', min: 0, max: 24, integer: true })
  const keys = ['5', 25, -1, 2.5, 24, null].map((value) => odd(number, value)?.key)
  assert.deepEqual(keys, ['odd.number', 'odd.between', 'odd.between', 'odd.whole', undefined, undefined])
  const short = field({ id: 't', type: 'text', max_length: 3 })
  assert.deepEqual([odd(short, 'abc'), odd(short, '👍👍👍'), odd(short, 'abcd')?.values], [null, null, { n: 1 }])
  const moment = field({ id: 'm', type: 'moment' })
  assert.deepEqual(['2026-11-22T', 'T10:00', '2026-11-22T10:00'].map((value) => odd(moment, value)?.key), ['odd.time', 'odd.day', undefined])
})

const review = (at: string) => ({ review_id: at, assignment_id: ASSIGNMENT, mark: 'reviewed' as const, line: '', at, by: 'Ben' })

test('a look is told once, newest first, and old ones are no news', () => {
  const all = [review('2026-11-20T09:00:00Z'), review('2026-11-21T09:00:00Z'), review('2026-10-01T09:00:00Z')]
  assert.deepEqual(untold(all, null, TODAY).map(({ at }) => at), ['2026-11-21T09:00:00Z', '2026-11-20T09:00:00Z'])
  assert.deepEqual(untold(all, '2026-11-20T09:00:00Z', TODAY).map(({ at }) => at), ['2026-11-21T09:00:00Z'])
  assert.deepEqual(untold(all, '2026-11-21T09:00:00Z', TODAY), [])
})
