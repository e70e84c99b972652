// One rule for what counts, on Today and in What I did: tried is not done, and what does not count is not below the line.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assignment, dated, kept, occurrence, snapshot, TODAY } from './made.ts'
import { ASSIGNMENT } from './phone.ts'
import { placeOf } from '../../pwa/src/actions/counts.ts'
import { dayOfDot, weeks } from '../../pwa/src/actions/historyView.ts'
import { todayView } from '../../pwa/src/actions/todayView.ts'
import type { Occurrence } from '../../pwa/src/sync/wire.ts'

const week = (n: number, state: Occurrence['state']) => occurrence({ slot: `w1#${n}`, opens_on: '2026-11-20', due_on: '2026-11-26', state })
const perWeek = { rhythm: { kind: 'per_week', times: 3 }, from: '2026-11-20' }
const figures = ({ done, tried, of }: { done: number; tried: number; of: number }) => [done, tried, of]

test('tried and partly done are tried, never done', () => {
  const view = todayView(snapshot({ assignments: [assignment(perWeek)], occurrences: [week(1, 'done'), week(2, 'tried'), week(3, 'partial')] }), TODAY)
  assert.deepEqual(figures(view.anyTime[0]!.progress!), [1, 2, 3])
})

test('nothing happened and not well enough are out of the sum', () => {
  const view = todayView(snapshot({ assignments: [assignment(perWeek)], occurrences: [week(1, 'done'), week(2, 'nothing_happened'), week(3, 'exempt')] }), TODAY)
  assert.deepEqual(figures(view.anyTime[0]!.progress!), [1, 0, 1])
})

test('one that is moved within its week is still one of that week', () => {
  const moved = { ...week(1, 'moved'), moved_to: '2026-11-24' }
  const all = snapshot({ assignments: [assignment(perWeek)], occurrences: [moved, week(2, 'tried'), week(3, 'open')] })
  assert.deepEqual(figures(todayView(all, TODAY).anyTime[0]!.progress!), [0, 1, 3])
  assert.deepEqual(figures(weeks(all, TODAY)[0]!), [0, 1, 3])
  const next = snapshot({ assignments: [assignment(perWeek)], occurrences: [{ ...moved, moved_to: '2026-11-27' }, week(2, 'tried'), week(3, 'open')] })
  assert.deepEqual(figures(todayView(next, TODAY).anyTime[0]!.progress!), [0, 1, 2])
})

test('Today and What I did say the same of this week, whatever the states', () => {
  const states: Occurrence['state'][] = ['done', 'tried', 'not_done', 'open', 'exempt', 'nothing_happened', 'moved']
  for (const one of states) for (const other of states) {
    const all = snapshot({ assignments: [assignment(perWeek)], occurrences: [week(1, one), week(2, other), week(3, 'open')] })
    const [card] = todayView(all, TODAY).anyTime
    assert.deepEqual(figures(card!.progress!), figures(weeks(all, TODAY)[0]!), `${one}, ${other}`)
  }
})

test('they agree on each day of a task’s week, and what was done early stays in its week', () => {
  const done = { ...week(1, 'done'), done_at: '2026-11-20T10:00:00Z' }
  const earlier = assignment({ assignment_id: 'other', from: '2026-11-18' })
  for (let n = 20; n <= 26; n++) {
    const all = snapshot({ assignments: [assignment(perWeek), earlier], occurrences: [done, week(2, 'open'), week(3, 'open')] })
    const card = todayView(all, `2026-11-${n}`).anyTime.find((one) => one.assignment.assignment_id !== 'other')
    assert.deepEqual(figures(card!.progress!), figures(weeks(all, `2026-11-${n}`)[0]!), String(n))
  }
})

test('a day written down later stands on its own day, as staff see it; one of a week on the day it was done', () => {
  const late = kept({ subject: { kind: 'entry', assignment_id: ASSIGNMENT, slot: '2026-11-18#1' }, payload: { answers: { words: 'x' }, kept: false }, local: '2026-11-21T08:00' })
  const days = [dated('2026-11-18', 'done', { done_at: '2026-11-21T08:00:00Z' }), dated('2026-11-21', 'done', { done_at: '2026-11-21T08:01:00Z' })]
  const daysOf = (occurrences: Occurrence[]) =>
    weeks(snapshot({ assignments: [assignment({ from: '2026-11-16' })], occurrences, revisions: [late] }), TODAY)[0]!.dots.map(({ standing }) => dayOfDot(standing))
  assert.deepEqual(daysOf(days), ['2026-11-18', '2026-11-21'])
  assert.deepEqual(daysOf([{ ...week(1, 'done'), done_at: '2026-11-21T08:00:00Z' }]), ['2026-11-21'])
})

test('a week counts done out of what could be done by now', () => {
  const [now, before] = weeks(snapshot({
    assignments: [assignment({ from: '2026-11-09' })],
    occurrences: [
      dated('2026-11-16', 'done'), dated('2026-11-17', 'not_done'), dated('2026-11-18', 'moved', { moved_to: '2026-11-23' }),
      dated('2026-11-19', 'exempt'), dated('2026-11-20', 'tried'), dated('2026-11-21', 'open'), dated('2026-11-22', 'open'),
      dated('2026-11-23', 'open'), dated('2026-11-15', 'done'),
    ],
  }), TODAY)
  assert.deepEqual([now!.done, now!.tried, now!.of, now!.ahead, now!.moved, now!.exempt], [1, 1, 5, 1, 1, 1])
  assert.deepEqual(figures(before!), [1, 0, 1])
})

test('moved to a day that has passed, and no more said, is due like the rest', () => {
  const moved = dated('2026-11-18', 'moved', { moved_to: '2026-11-20' })
  assert.equal(placeOf(moved, '2026-11-19', false), 'moved')
  assert.equal(placeOf(moved, '2026-11-20', false), 'ahead')
  assert.equal(placeOf(moved, '2026-11-21', false), 'not')
})

test('silence says nothing of a task for when something happens', () => {
  const event = assignment({ rhythm: { kind: 'event' }, from: '2026-11-20' })
  const [now] = weeks(snapshot({ assignments: [event], occurrences: [dated('2026-11-22', 'open'), dated('2026-11-21', 'done')] }), TODAY)
  assert.deepEqual(figures(now!), [1, 0, 1])
})

test('What I did begins with the week of the first agreed task, and shows four weeks at most', () => {
  const from = (day: string) => weeks(snapshot({ assignments: [assignment({ from: day })] }), TODAY).map((one) => one.from)
  assert.deepEqual(from('2026-11-22'), ['2026-11-22'])
  assert.deepEqual(from('2026-11-16'), ['2026-11-16'])
  assert.deepEqual(from('2026-11-15'), ['2026-11-22', '2026-11-15'])
  assert.deepEqual(from('2026-11-24'), ['2026-11-22'])
  assert.equal(from('2026-01-01').length, 4)
  assert.equal(weeks(snapshot({ assignments: [], occurrences: [] }), TODAY).length, 1)
})
