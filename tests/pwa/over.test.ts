// After a course: what the phone says, the copy, and a monthly check that nobody else ever gets.
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { assignment, field, kept, sheetOf, snapshot } from './made.ts'
import { freshPhone, Server } from './phone.ts'
import { calendar, checkDays, hasChecks, keepCheck, keepChecks, monthsAfter, saidOf, stopChecks } from '../../pwa/src/actions/afterwards.ts'
import { isClosed } from '../../pwa/src/actions/closed.ts'
import { cycle } from '../../pwa/src/actions/cycle.ts'
import { myData } from '../../pwa/src/actions/leave.ts'
import { questionTooLong } from '../../pwa/src/actions/ownWriting.ts'
import { halfWritten } from '../../pwa/src/screens/parts/halfWritten.ts'
import { checksCopy, plainCopy } from '../../pwa/src/screens/parts/plainCopy.ts'
import { setting } from '../../pwa/src/actions/say.ts'
import { isSetUp } from '../../pwa/src/actions/setUp.ts'
import { meta } from '../../pwa/src/store/meta.ts'
import { snapshot as stored } from '../../pwa/src/store/snapshot.ts'
import type { Worksheet } from '../../pwa/src/worksheet/definition.ts'

const NOW = new Date('2026-11-22T10:00:00.000Z')
const OVER = { episode_id: 'e-1', ended_on: '2026-11-22', read_until: '2027-02-20', signposts: 'Your GP.', worksheets: { check: null, feedback: null, plan: 'a/plan' } }
const CHECK = { id: 'staying-well/monthly-check', version: 1 } as Worksheet
let server: Server

beforeEach(async () => {
  await freshPhone()
  server = new Server()
})

const run = () => cycle(() => NOW, () => 0.5)
const pulls = (course_over: unknown) => {
  server.before = ({ path }) => path.includes('/pull')
    ? { body: { epoch: 'e1', cursor: 'c1', more: false, server_time: '', next_appointment: null, course_over, changes: [] } } : undefined
}

test('the phone keeps that the course has ended, and forgets it when another begins', async () => {
  pulls(OVER)
  await run()
  assert.deepEqual((await stored()).courseOver, OVER)
  pulls(null)
  await run()
  assert.equal((await stored()).courseOver, null)
})

test('a server that does not speak of courses yet changes nothing', async () => {
  await run()
  assert.equal((await stored()).courseOver, null)
})

test('a monthly check never leaves the phone, and is in the copy', async () => {
  await keepChecks(CHECK.id, 3, '2026-11-22')
  await keepCheck(CHECK, '2026-12-22', { kept_up: 'some', coming_up: 'Night shifts' })
  await run()
  assert.deepEqual(server.pushes(), [])
  assert.equal(JSON.stringify(server.calls).includes('Night shifts'), false)
  assert.equal((await stored()).revisions.length, 0)
  assert.match(await myData(), /Night shifts/)
})

test('a check is kept as long as was chosen, and what was written goes only when it is stopped', async () => {
  await keepChecks(CHECK.id, 3, '2026-11-22')
  await keepCheck(CHECK, '2026-12-22', { kept_up: 'most' })
  await keepChecks(CHECK.id, 6, '2026-12-22')
  const checks = (await meta('own_checks'))!
  assert.deepEqual([checks.first, checks.until, checks.kept.length], ['2027-01-22', '2027-06-22', 1])
  assert.equal(hasChecks(checks, '2027-06-22'), true)
  assert.equal(hasChecks(checks, '2027-06-23'), false)
  await stopChecks()
  assert.equal(hasChecks((await meta('own_checks'))!, '2026-12-23'), false)
  assert.deepEqual((await meta('own_checks'))!.kept, [])
})

test('every month has the day of a check', () => {
  assert.deepEqual(['2026-11-30', '2026-12-31', '2027-01-28'].map((day) => monthsAfter(day, 1)), ['2026-12-28', '2027-01-28', '2027-02-28'])
  for (const [months, day] of [[3, '2026-11-22'], [6, '2026-12-31'], [12, '2027-02-28']] as const) {
    assert.equal(checkDays({ first: monthsAfter(day, 1), until: monthsAfter(day, months) }).length, months)
  }
})

test('the calendar names nothing, and rings as often as was chosen', () => {
  const text = calendar({ first: '2026-12-22', until: '2027-02-22' }, NOW)
  assert.match(text, /^BEGIN:VCALENDAR\r\n/)
  assert.match(text, /DTSTART:20261222T180000\r\n/)
  assert.match(text, /RRULE:FREQ=MONTHLY;COUNT=3\r\n/)
  assert.deepEqual(text.match(/(SUMMARY|DESCRIPTION):.*/g), ['SUMMARY:Meantime', 'DESCRIPTION:Meantime'])
  assert.ok(text.split('\r\n').every((line) => line.length <= 75))
})

test('what was said of a course is known again, and of another course is not', async () => {
  await setting('feedback', { episode_id: 'e-0', answers: { helped: 'Before' } })
  const before = await stored()
  assert.equal(saidOf({ ...before, courseOver: OVER }), null)
  await setting('feedback', { episode_id: 'e-1', answers: { helped: 'Talking' } })
  assert.deepEqual(saidOf({ ...(await stored()), courseOver: OVER }), { helped: 'Talking' })
  await run()
  assert.equal(server.stored.size, 2)
})

test('the copy holds what was agreed and what was written, in plain words', () => {
  const entry = kept({ subject: { kind: 'entry', assignment_id: assignment().assignment_id }, payload: { answers: { words: 'Round the park' }, kept: false } })
  const removed = { ...kept({ subject: { kind: 'entry', assignment_id: assignment().assignment_id }, payload: {} }), }
  removed.revision = { ...removed.revision, kind: 'delete' }
  const text = plainCopy(snapshot({ courseOver: OVER, ownChecks: null, revisions: [entry, removed] }), '2026-11-22')
  for (const said of ['Walking', 'You sleep better.', 'Round the park', 'Your GP.', 'Sunday 22 November 2026']) assert.ok(text.includes(said), said)
})

test('the copy holds all that was written, outside worksheets too, and what was not finished', () => {
  const about = assignment().assignment_id
  const revisions = [
    kept({ payload: { answer: 'not_today', outcome: 'keep', barrier: 'no_time', words: 'The bus was late' } }),
    kept({ subject: { kind: 'agenda' }, payload: { text: 'Why do I wake at four?' } }),
    kept({ subject: { kind: 'setting' }, payload: { name: 'about_me', value: { helps: 'Short words', interpreter: 'yes' } } }),
    kept({ subject: { kind: 'setting' }, payload: { name: 'takeaway', value: { appointment_id: 'x', text: 'One step is a step' } } }),
    kept({ subject: { kind: 'setting' }, payload: { name: 'feedback', episode_id: 'e-0', answers: { helped: 'The first course' } } }, 1),
    kept({ subject: { kind: 'setting' }, payload: { name: 'feedback', episode_id: 'e-1', answers: { helped: 'Being heard' } } }, 2),
  ]
  const drafts = [
    { key: `${about}/any`, assignment_id: about, slot: null, answers: { words: 'Half a walk' }, updated_at: '2026-11-21T10:00:00.000Z' },
    { key: 'own/about_me', assignment_id: 'own/about_me', slot: null, answers: { avoid: 'Loud rooms' }, updated_at: '2026-11-20T10:00:00.000Z' },
    { key: `${about}/x`, assignment_id: about, slot: 'x', answers: {}, updated_at: '2026-11-19T10:00:00.000Z' },
  ] as never
  const all = snapshot({ courseOver: OVER, ownChecks: null, translated: new Map(), revisions, drafts })
  const text = plainCopy(all, '2026-11-22')
  const said = ['The bus was late', 'There was no time', 'Why do I wake at four?', 'Short words', 'An interpreter comes', 'One step is a step', 'The first course', 'Being heard']
  for (const one of [...said, 'Half a walk', 'Loud rooms', 'Walking (Not finished)']) assert.ok(text.includes(one), one)
  assert.deepEqual(halfWritten(all).map(({ way }) => way), [['write', about, 'any'], ['settings', 'about']])
})

test('what was taken back is not in the copy', () => {
  const asked = kept({ subject: { kind: 'agenda' }, payload: { text: 'No longer mine' } })
  const gone = kept({ subject: { kind: 'agenda' }, payload: {}, kind: 'delete', parents: [asked.revision.revision_id], entry_id: asked.revision.entry_id })
  const text = plainCopy(snapshot({ courseOver: OVER, ownChecks: null, revisions: [asked, gone] }), '2026-11-22')
  assert.equal(text.includes('No longer mine'), false)
})

test('checks can be copied by themselves, and there is nothing to copy where there are none', () => {
  const ownChecks = { sheet: 'gone', first: '2026-12-22', until: '2027-02-22', kept: [{ id: 'c', day: '2026-12-22', sheet: 'gone.v1', answers: { coming_up: 'Nights' } }] }
  const text = checksCopy(snapshot({ ownChecks }))
  assert.match(text, /Tuesday 22 December 2026\ncoming_up: Nights/)
  assert.equal(text.includes('Walking'), false)
  assert.equal(checksCopy(snapshot({ ownChecks: null })).trim(), '')
})

test('a phone set up after the course has ended is not asked about a reminder, and is told all the rest', () => {
  const { settings } = snapshot()
  const at = (welcome: typeof settings.welcome) => ({ ...settings, welcome })
  assert.equal(isSetUp({ settings: at('reminder'), courseOver: OVER }), true)
  assert.equal(isSetUp({ settings: at('reminder'), courseOver: null }), false)
  for (const courseOver of [OVER, null]) {
    assert.equal(isSetUp({ settings: at('what'), courseOver }), false)
    assert.equal(isSetUp({ settings: at('shared'), courseOver }), false)
    assert.equal(isSetUp({ settings: at('finished'), courseOver }), true)
  }
})

test('an answer that can never be sent is named by its question, and every other one fits', () => {
  const sheet = sheetOf([field({ id: 'helped', type: 'text', label: 'What helped?' }), field({ id: 'other', type: 'text', label: 'Anything else?' })])
  assert.equal(questionTooLong(sheet, { helped: 'Walking', other: 'ŵ'.repeat(40_000) }), 'Anything else?')
  assert.equal(questionTooLong(sheet, { helped: 'Walking', other: 'ŵ'.repeat(32_000) }), null)
})

test('a course can be read on its last day, and is closed on the day after', () => {
  assert.deepEqual([OVER.read_until, '2027-02-21'].map((day) => isClosed(OVER, day)), [false, true])
  assert.deepEqual([isClosed(null, '2027-02-21'), isClosed(undefined, '2027-02-21')], [false, false])
})
