// What Today and What I did show, from what is on the phone.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assignment, kept, occurrence, snapshot, TODAY } from './made.ts'
import { ASSIGNMENT } from './phone.ts'
import { entries, isKept } from '../../pwa/src/actions/historyView.ts'
import { hasPlan, otherDays, todayView } from '../../pwa/src/actions/todayView.ts'
import { saidBy, stateInWords } from '../../pwa/src/screens/parts/states.ts'
import type { Kept } from '../../pwa/src/sync/kept.ts'
import { standings } from '../../pwa/src/sync/standing.ts'
import type { AnswerPayload } from '../../pwa/src/sync/wire.ts'

const all = snapshot
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

test('Today says what the chosen way really does', () => {
  const says = (payload: AnswerPayload) => stateInWords(stateOf([said(payload)]))
  assert.equal(says({ answer: 'not_today', barrier: 'forgot' }), 'Not this time')
  assert.match(says({ answer: 'not_today', outcome: 'keep' }), /on the list for your next appointment/)
  assert.match(says({ answer: 'not_today', outcome: 'another_day', moved_to: '2026-11-24' }), /Moved to Tuesday 24 November/)
  assert.match(says({ answer: 'not_today', outcome: 'swap' }), /something else instead/)
  assert.equal(says({ answer: 'tried' }), 'Tried')
})

test('what staff wrote down is not taken for the client’s own', () => {
  const of = (parts: Partial<Kept>) => saidBy(stateOf([said({ answer: 'not_today' }, 0, parts)]))
  assert.deepEqual([of({}), of({ mine: false, state: 'sent' }), of({ mine: false, staff: true, state: 'sent', seen: true })], ['client', 'client', 'staff'])
  assert.equal(saidBy({ by: null }), null)
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
  const { done, tried, of, span } = view.planned[0]!.progress!
  assert.deepEqual([done, tried, of, span], [1, 0, 3, 'week'])
  assert.equal(view.planned[0]!.standing!.slot, 'w1#2')
})

test('a plan is there to be changed only once something is in it', () => {
  const empty = { when: '', where: '', with_whom: '', how_long: '', reminder: '', obstacle: '', then: '', confidence: 8, at: null, weekdays: [] }
  assert.deepEqual([{}, empty, { ...empty, weekdays: null }].map(hasPlan), [false, false, false])
  assert.deepEqual([{ ...empty, at: '18:00' }, { ...empty, weekdays: [0] }, { where: 'the park' }].map(hasPlan), [true, true, true])
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

test('Today says that the service cannot be reached, but not where only a newer app can send', () => {
  const sync = { ...all().sync, failures: 2 }
  const says = (parts: object) => todayView(all({ sync, revisions: [said({ answer: 'done' })], ...parts }), TODAY).notReached
  assert.deepEqual([says({}), says({ sync: { ...sync, app_too_old: true } }), says({ revisions: [] })], [true, false, false])
})

test('Today says that all is sent only where nothing waits and nothing was refused', () => {
  const sync = { ...all().sync, cursor: 'c1' }
  const says = (...revisions: Kept[]) => todayView(all({ sync, revisions }), TODAY).allSent
  assert.deepEqual([says(), says(said({ answer: 'done' })), says(said({ answer: 'done' }, 1, { state: 'refused' })), says(said({ answer: 'done' }, 2, { state: 'sent' }))], [true, false, false, true])
  assert.equal(todayView(all(), TODAY).allSent, false, 'nothing was heard of the service yet')
})

test('another day is before the next appointment', () => {
  assert.deepEqual(otherDays(TODAY, '2026-11-25T14:00'), ['2026-11-23', '2026-11-24'])
  assert.equal(otherDays(TODAY, null).length, 7)
  assert.deepEqual(otherDays(TODAY, '2026-11-23T14:00'), ['2026-11-23'])
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

test('Today names each entry that two devices changed, until the person has chosen; a removal on both is no question', () => {
  const subject = { kind: 'entry' as const, assignment_id: ASSIGNMENT }
  const first = kept({ subject, payload: { answers: {}, kept: false } })
  const { revision_id, entry_id } = first.revision
  const next = (parents: string[], minute: number, kind: 'save' | 'delete' = 'save') => kept({ subject, payload: { answers: {}, kept: false }, kind, parents, entry_id }, minute)
  const twice = (...revisions: Kept[]) => todayView(all({ revisions: [first, ...revisions] }), TODAY).twice
  const [one, other] = [next([revision_id], 1), next([revision_id], 2)]
  assert.deepEqual(twice(one), [])
  assert.deepEqual(twice(one, other), [entry_id])
  assert.deepEqual(twice(one, next([revision_id], 2, 'delete')), [entry_id])
  assert.deepEqual(twice(next([revision_id], 1, 'delete'), next([revision_id], 2, 'delete')), [])
  assert.deepEqual(twice(one, other, next([one, other].map(({ revision }) => revision.revision_id), 3)), [])
})
