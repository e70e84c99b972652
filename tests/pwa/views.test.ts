// What Today and What I did show, from what is on the phone.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ANNA, anna, ASSIGNMENT } from './phone.ts'
import { entries, isKept, weeks } from '../../pwa/src/actions/historyView.ts'
import { otherDays, todayView } from '../../pwa/src/actions/todayView.ts'
import { FIRST_SETTINGS, NO_SYNC } from '../../pwa/src/store/meta.ts'
import type { Snapshot } from '../../pwa/src/store/snapshot.ts'
import type { Kept } from '../../pwa/src/sync/kept.ts'
import { made, type Doing } from '../../pwa/src/sync/revision.ts'
import { standings } from '../../pwa/src/sync/standing.ts'
import type { AnswerPayload, Assignment, Occurrence } from '../../pwa/src/sync/wire.ts'

const TODAY = '2026-11-22' // a Sunday
let seq = 0

const assignment = (parts: Partial<Assignment> = {}): Assignment => ({
  assignment_id: ASSIGNMENT, worksheet: null, title: 'Walking', reason: 'You sleep better.', plan: {}, rhythm: { kind: 'daily', times: 1 },
  from: '2026-11-01', until: null, agreed_on: '2026-11-01', size: 'usual', state: 'open', version: 1, done_rule: null, agreed_with: 'Ben', ...parts,
})
const occurrence = (parts: Partial<Occurrence> = {}): Occurrence => ({
  assignment_id: ASSIGNMENT, slot: `${TODAY}#1`, opens_on: TODAY, due_on: TODAY, state: 'open', barrier: null, size: null,
  moved_to: null, done_at: null, ...parts,
})
const all = (parts: Partial<Snapshot> = {}): Snapshot => ({
  device: null, sync: NO_SYNC, settings: FIRST_SETTINGS, service: null, nextAppointment: null, looks: null, assignments: [assignment()],
  occurrences: [occurrence()], reviews: [], appointments: [], deliveries: [], revisions: [], drafts: [], worksheets: new Map(), unreadable: 0, ...parts,
})
const kept = (doing: Partial<Doing> & Pick<Doing, 'payload'>, minute = 0, parts: Partial<Kept> = {}): Kept => ({
  ...made({ subject: { kind: 'answer', assignment_id: ASSIGNMENT, slot: `${TODAY}#1` }, ...doing },
    { ...anna, owner: ANNA, seq: ++seq, now: new Date(Date.UTC(2026, 10, 22, 9, minute)) }), ...parts,
})
const said = (payload: AnswerPayload, minute = 0, parts: Partial<Kept> = {}) => kept({ payload: payload as never }, minute, parts)
const stateOf = (revisions: Kept[], of = occurrence()) => standings([of], revisions, () => 'done')[0]!

test('what was said here shows at once, before the server settles it', () => {
  assert.equal(stateOf([said({ answer: 'done' })]).state, 'done')
  assert.equal(stateOf([said({ answer: 'not_today' })]).state, 'not_done')
  assert.equal(stateOf([said({ answer: 'not_today', outcome: 'keep', barrier: 'forgot' })]).barrier, 'forgot')
  assert.equal(stateOf([said({ answer: 'not_today', outcome: 'swap' })]).state, 'tried')
  assert.equal(stateOf([said({ answer: 'exempt', barrier: 'unwell_physical' })]).state, 'exempt')
})

test('another day moves it, and names the day', () => {
  const standing = stateOf([said({ answer: 'not_today', outcome: 'another_day', moved_to: '2026-11-24' })])
  assert.deepEqual([standing.state, standing.moved_to], ['moved', '2026-11-24'])
})

test('smaller leaves it open, in the small size', () => {
  const standing = stateOf([said({ answer: 'not_today', outcome: 'smaller' })])
  assert.deepEqual([standing.state, standing.size], ['open', 'small'])
})

test('the last answer wins, an entry beats an answer', () => {
  assert.equal(stateOf([said({ answer: 'done' }, 1), said({ answer: 'not_today' }, 2)]).state, 'not_done')
  const entry = kept({ subject: { kind: 'entry', assignment_id: ASSIGNMENT, slot: `${TODAY}#1` }, payload: { answers: { words: 'x' }, kept: false } }, 0)
  assert.equal(stateOf([entry, said({ answer: 'not_today' }, 5)]).state, 'done')
})

test('a tap about one of several times stays in sight today, beside the next one', () => {
  const week = [1, 2, 3].map((n) => occurrence({ slot: `w1#${n}`, due_on: '2026-11-28' }))
  const tap = (n: number, answer: AnswerPayload['answer']) =>
    kept({ subject: { kind: 'answer', assignment_id: ASSIGNMENT, slot: `w1#${n}` }, payload: { answer } as never }, n)
  const [card] = todayView(all({ occurrences: week, revisions: [tap(1, 'done'), tap(2, 'not_today')] }), TODAY).anyTime
  assert.deepEqual([card!.standing?.slot, card!.said?.slot, card!.said?.state], ['w1#3', 'w1#2', 'not_done'])
  const [tomorrow] = todayView(all({ occurrences: week, revisions: [tap(1, 'done')] }), '2026-11-23').anyTime
  assert.deepEqual([tomorrow!.standing?.slot, tomorrow!.said], ['w1#2', null])
})

test('taking an answer back opens it again', () => {
  const first = said({ answer: 'done' })
  const back = kept({ kind: 'delete', payload: {}, parents: [first.revision.revision_id], entry_id: first.revision.entry_id }, 1)
  assert.equal(stateOf([first, back]).state, 'open')
})

test('once a pull has shown it, the server’s word stands', () => {
  const settled = occurrence({ state: 'tried' })
  assert.equal(stateOf([said({ answer: 'done' }, 0, { seen: true, state: 'sent' })], settled).state, 'tried')
  assert.equal(stateOf([said({ answer: 'done' }, 0, { seen: false, state: 'sent' })], settled).state, 'done')
})

test('a dated task is planned for today, a weekly one can be done any time', () => {
  const weekly = assignment({ assignment_id: 'w', rhythm: { kind: 'weekly' } })
  const view = todayView(all({
    assignments: [assignment(), weekly], occurrences: [occurrence(), occurrence({ assignment_id: 'w', slot: 'w1#1', opens_on: '2026-11-20', due_on: '2026-11-26' })],
  }), TODAY)
  assert.deepEqual([view.planned.length, view.anyTime.length], [1, 1])
})

test('a plan that names this weekday makes it planned', () => {
  const weekly = assignment({ rhythm: { kind: 'per_week', times: 3 }, plan: { weekdays: [6], at: '18:00' } })
  const slots = [1, 2, 3].map((n) => occurrence({ slot: `w1#${n}`, opens_on: '2026-11-20', due_on: '2026-11-26', state: n === 1 ? 'done' : 'open' }))
  const view = todayView(all({ assignments: [weekly], occurrences: slots }), TODAY)
  assert.equal(view.planned.length, 1)
  assert.deepEqual(view.planned[0]!.progress, { done: 1, of: 3, span: 'week' })
  assert.equal(view.planned[0]!.standing!.slot, 'w1#2')
})

test('nothing of the past is shown: no backlog', () => {
  const past = occurrence({ slot: '2026-11-20#1', opens_on: '2026-11-20', due_on: '2026-11-20' })
  const view = todayView(all({ occurrences: [past] }), TODAY)
  assert.equal(view.planned.length, 0)
  assert.equal(view.anyTime[0]!.standing, null)
})

test('what was moved to today is planned today', () => {
  const moved = occurrence({ slot: '2026-11-20#1', opens_on: '2026-11-20', due_on: '2026-11-20', state: 'moved', moved_to: TODAY })
  assert.equal(todayView(all({ occurrences: [moved] }), TODAY).planned.length, 1)
})

test('a task that ended, or has not begun, is not on Today', () => {
  for (const parts of [{ state: 'withdrawn' }, { state: 'ended' }, { from: '2026-11-23' }, { until: '2026-11-21' }] as const) {
    const view = todayView(all({ assignments: [assignment(parts)] }), TODAY)
    assert.equal(view.planned.length + view.anyTime.length, 0)
  }
})

test('the line on Today counts what is not sent and what was not accepted', () => {
  const view = todayView(all({ revisions: [said({ answer: 'done' }), said({ answer: 'done' }, 1, { state: 'sent' }), said({ answer: 'done' }, 2, { state: 'refused' })] }), TODAY)
  assert.deepEqual([view.unsent, view.notAccepted], [1, 1])
})

test('another day is before the next appointment', () => {
  assert.deepEqual(otherDays(TODAY, '2026-11-25T14:00'), ['2026-11-23', '2026-11-24'])
  assert.equal(otherDays(TODAY, null).length, 7)
  assert.deepEqual(otherDays(TODAY, '2026-11-23T14:00'), ['2026-11-23'])
})

test('a week counts done out of what could be done by now', () => {
  const day = (n: number, state: Occurrence['state']) => occurrence({ slot: `2026-11-${n}#1`, opens_on: `2026-11-${n}`, due_on: `2026-11-${n}`, state })
  const [week] = weeks(all({ occurrences: [day(16, 'done'), day(17, 'not_done'), day(18, 'moved'), day(19, 'exempt'), day(20, 'tried'), day(21, 'open'), day(22, 'open')] }), TODAY)
  assert.deepEqual([week!.done, week!.of, week!.tried, week!.moved, week!.exempt], [1, 4, 1, 1, 1])
  assert.equal(weeks(all(), TODAY).length, 4)
})

test('an entry saved on two devices is shown with both its states', () => {
  const subject = { kind: 'entry' as const, assignment_id: ASSIGNMENT }
  const first = kept({ subject, payload: { answers: {}, kept: false } })
  const edits = [1, 2].map((minute) => kept({ subject, payload: { answers: { words: String(minute) }, kept: false }, parents: [first.revision.revision_id], entry_id: first.revision.entry_id }, minute))
  const [group] = entries([first, ...edits])
  assert.equal(group!.length, 2)
  assert.equal(group![0]!.revision.payload.answers!['words' as never], '2')
})

test('sharing later changes who can read an entry, without changing the entry', () => {
  const entry = kept({ subject: { kind: 'entry', assignment_id: ASSIGNMENT }, payload: { answers: {}, kept: true } })
  assert.equal(isKept([entry], entry), true)
  const shared = kept({ subject: { kind: 'sharing' }, payload: { entry_id: entry.revision.entry_id, shared: true } }, 1)
  assert.equal(isKept([entry, shared], entry), false)
})
