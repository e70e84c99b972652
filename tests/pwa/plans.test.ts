// Agreed together: asked about once, what was said yes to, who changed what, and when it counts as done.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TODAY, assignment, field, kept, sheetOf, snapshot } from './made.ts'
import { ASSIGNMENT, freshPhone } from './phone.ts'
import { asksAbout, isConfirmed, waitingForYes } from '../../pwa/src/actions/asks.ts'
import { changesOf, differing } from '../../pwa/src/actions/plans.ts'
import { plannedAt } from '../../pwa/src/screens/parts/plannedAt.ts'
import { thatCome } from '../../pwa/src/actions/nextList.ts'
import { reaches, standing, timesApart, wantedHere } from '../../pwa/src/actions/reminderTime.ts'
import { movedTo } from '../../pwa/src/actions/movedTo.ts'
import { changePlan } from '../../pwa/src/actions/say.ts'
import { planOf } from '../../pwa/src/actions/todayView.ts'
import { FIRST_SETTINGS } from '../../pwa/src/store/meta.ts'
import { howOften } from '../../pwa/src/screens/parts/howOften.ts'
import { needed } from '../../pwa/src/worksheet/needed.ts'

const about = { subject: { kind: 'plan', assignment_id: ASSIGNMENT } } as const
const yes = (version: number) => kept({ ...about, payload: { confirmed: true, version } }, 5)
const changed = (plan: { [part: string]: string | null }, parts = {}) => kept({ ...about, payload: { plan } }, 2, parts)

test('a plan is asked about until its owner said yes to that version', () => {
  const one = assignment({ version: 2 })
  assert.equal(asksAbout(snapshot(), one), true)
  assert.equal(asksAbout(snapshot({ revisions: [yes(1)] }), one), true, 'another version was on the screen')
  const said = snapshot({ revisions: [yes(2)] })
  assert.deepEqual([asksAbout(said, one), isConfirmed(said, one)], [false, true])
})

test('nobody is asked about a plan of their own, or one that has ended', () => {
  assert.equal(asksAbout(snapshot({ revisions: [changed({ when: 'before bed' })] }), assignment()), false)
  assert.equal(asksAbout(snapshot(), assignment({ made_by: 'client' })), false)
  assert.equal(asksAbout(snapshot(), assignment({ state: 'ended' })), false)
})

test('Today asks about what was agreed last, before it begins too, and never after its last day', () => {
  const older = assignment({ assignment_id: 'older', agreed_on: '2026-11-01' })
  const newer = assignment({ assignment_id: 'newer', agreed_on: '2026-11-20', from: '2026-11-25' })
  const over = assignment({ assignment_id: 'over', agreed_on: '2026-11-21', until: '2026-11-21' })
  const last = assignment({ assignment_id: 'last', agreed_on: '2026-10-01', until: TODAY })
  const all = snapshot({ assignments: [older, over, newer, last] })
  assert.deepEqual(waitingForYes(all, TODAY).map((one) => one.assignment_id), ['newer', 'older', 'last'])
})

test('a yes hides no change that has not come back yet', () => {
  const all = snapshot({ revisions: [changed({ when: 'before bed' }), yes(1)] })
  assert.equal(planOf(all, assignment({ plan: { when: 'after lunch' } })).when, 'before bed')
})

test('what was changed here shows at once as a difference, before what the service knows', () => {
  const theirs = { at: '2026-11-20T10:00:00.000Z', by: 'practitioner', who: 'Ben', parts: [{ part: 'where', was: '', now: 'park' }] } as const
  const one = assignment({ plan: { when: 'after lunch', where: 'park', at: null }, changes: [{ ...theirs, parts: [...theirs.parts] }] })
  const [mine, before] = changesOf(snapshot({ revisions: [changed({ when: ' after lunch ', at: '18:30', where: 'park' })] }), one)
  assert.deepEqual([mine!.by, mine!.parts], ['client', [{ part: 'at', was: null, now: '18:30' }]])
  assert.equal(before!.who, 'Ben')
  const back = snapshot({ revisions: [changed({ at: '18:30' }, { seen: true })] })
  assert.equal(changesOf(back, one).length, 1, 'once it is back the service tells it')
})

test('only what was changed here stands over what the service knows, each change in its turn', () => {
  const one = kept({ ...about, payload: { plan: { when: 'before bed', where: 'park' }, parts: ['where'], seen: 1 } }, 2)
  const two = kept({ ...about, payload: { plan: { when: 'before bed', where: 'park', then: 'ring Jo' }, parts: ['then'], seen: 1 } }, 3)
  const all = snapshot({ revisions: [two, one] })
  const theirs = assignment({ plan: { when: 'after lunch' }, version: 2 })
  assert.deepEqual(planOf(all, theirs), { when: 'after lunch', where: 'park', then: 'ring Jo' })
  assert.deepEqual(changesOf(all, theirs)[0]!.parts.map(({ part }) => part), ['where', 'then'])
})

test('a plan at another time than the reminder is said, and its time is offered only outside quiet hours', () => {
  const rule = { ...FIRST_SETTINGS.reminder, on: true, at: '09:00' }
  assert.deepEqual(timesApart(rule, { at: '13:30' }), { at: '09:00', planned: '13:30', quiet: false })
  assert.equal(timesApart({ ...rule, quiet: { from: '13:00', until: '14:00' } }, { at: '13:30' })!.quiet, true)
  const nothing = [timesApart(rule, { at: '09:00' }), timesApart(rule, { at: null }), timesApart({ ...rule, on: false }, { at: '13:30' })]
  assert.deepEqual(nothing, [null, null, null])
})

test('reminders reach a phone that allows them, unless its last try came to nothing; no network says nothing of that', () => {
  const held = [null, 'on', 'no-network', 'cannot', 'not-known-here'].map((became) => reaches('on', { ...FIRST_SETTINGS, reach: became }))
  assert.deepEqual(held, [false, true, true, false, false])
  assert.equal(reaches('blocked', { ...FIRST_SETTINGS, reach: 'on' }), false)
  assert.equal(reaches('on', { ...FIRST_SETTINGS, reach: 'on', notifications: false }), false)
})

test('what a browser once allowed is no reminder on a phone where none is wanted', () => {
  const silent = { ...FIRST_SETTINGS, reach: 'on', notifications: false, reminder: { ...FIRST_SETTINGS.reminder, on: true } }
  assert.equal(wantedHere(silent), false)
  assert.equal(wantedHere({ ...silent, notifications: true }), true)
  assert.equal(standing('on', silent), 'not-set-up')
  assert.equal(standing('on', { ...silent, notifications: true }), 'on')
  assert.equal(standing('on', { ...silent, notifications: true, reach: null }), 'not-set-up')
  assert.equal(standing('blocked', { ...silent, notifications: true }), 'blocked')
})

test('a reminder that a practitioner moved to the time of a plan is told, while it stands there', () => {
  const said = { subject: { kind: 'setting' as const }, payload: { name: 'reminder', at: '13:30', parts: ['at'] } }
  const told = { ...kept(said, 2), staff: true }
  const settings = { ...FIRST_SETTINGS, reminder: { ...FIRST_SETTINGS.reminder, on: true, at: '13:30' } }
  assert.equal(movedTo(snapshot({ revisions: [told], settings }), { at: '13:30' }), '13:30')
  const later = { ...settings, reminder: { ...settings.reminder, at: '18:00' } }
  const untold = [
    movedTo(snapshot({ revisions: [kept(said, 2)], settings }), { at: '13:30' }), movedTo(snapshot({ revisions: [told], settings }), { at: null }),
    movedTo(snapshot({ revisions: [told], settings: later }), { at: '13:30' }), movedTo(snapshot({ revisions: [told], settings: later }), { at: '18:00' }),
  ]
  assert.deepEqual(untold, [null, null, null, null])
})

test('a plan in one line names the day before the time', () => {
  assert.equal(plannedAt({ at: '13:30', when: 'Tuesday after lunch', where: 'kitchen' }).replace(/[\u2068\u2069]/g, ''), 'Tuesday after lunch · At 13:30 · kitchen')
})

test('a changed plan says which parts, and what was on the screen', async () => {
  await freshPhone()
  const { revision } = await changePlan(ASSIGNMENT, { when: 'before bed' }, ['when'], 3)
  assert.deepEqual(revision.payload, { plan: { when: 'before bed' }, parts: ['when'], seen: 3 })
})

test('a plan that was left as it is differs in nothing', () => {
  assert.deepEqual(differing({ when: 'after lunch', at: null }, { when: 'after lunch ', where: '' }), [])
  assert.deepEqual(differing({ when: 'after lunch' }, { when: '' }), ['when'])
})

test('how often is said in words', () => {
  const said = [{ kind: 'per_week', times: 3 }, { kind: 'daily', times: 1 }, { kind: 'weekdays', weekdays: [0, 3] }, { kind: 'later' }].map(howOften)
  assert.deepEqual(said, ['3 times a week', 'Every day', 'On these days: Monday, Thursday', ''])
})

test('when it counts as done comes from the rule that counts it', () => {
  const sheet = sheetOf([field({ id: 'a', type: 'text', label: 'A?', required: true, stage: 'later' }), field({ id: 'b', type: 'text', label: 'B?' }), field({ id: 'c', type: 'list', label: 'C?' })])
  const labels = (rule: object) => needed(sheet, rule as never).map((one) => [one.n, ...one.labels].join(' '))
  assert.deepEqual(labels({ answered: 'a' }), ['1 A?'])
  assert.deepEqual(labels({ all: [{ answered: 'a' }, { is: { field: 'a', value: 'x' } }, { count: { list: 'c', at_least: 1 } }] }), ['1 A?', '1 C?'])
  assert.deepEqual(labels({ any: [{ answered: 'a' }, { answered: 'b' }] }), ['1 A? B?'])
  assert.deepEqual(labels({ at_least: { n: 2, of: [{ answered: 'a' }, { answered: 'b' }, { answered: 'c' }] } }), ['2 A? B? C?'])
  assert.deepEqual(labels({ any: [{ is: { field: 'b', value: 1 } }, { is: { field: 'b', value: 2 } }] }), ['1 B?'])
  assert.deepEqual(labels({ stage: 'later' }), ['1 A?'])
  assert.deepEqual(labels({ all: [{ answered: 'a' }, { not: { answered: 'b' } }] }), [], 'no half of a rule')
})

test('a phone that shows no reminders lists only those that come another way', () => {
  const one = (channel: 'push' | 'email') => ({ date: '2026-11-23', at: '13:30', channel, kind: 'own' as const })
  assert.deepEqual(thatCome([one('push'), one('email')], false), [one('email')])
  assert.equal(thatCome([one('push'), one('email')], true).length, 2)
})
