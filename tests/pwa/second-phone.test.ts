// A second phone of the same person, or the first one after a reinstall: what was set before holds there too.
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { ANNA, anna, device, freshPhone, Server } from './phone.ts'
import { cycle } from '../../pwa/src/actions/cycle.ts'
import { onOpening } from '../../pwa/src/actions/onOpening.ts'
import { noteOpened, tellOpened } from '../../pwa/src/actions/opened.ts'
import { about } from '../../pwa/src/actions/remindMe.ts'
import { chooseResearch, set } from '../../pwa/src/actions/say.ts'
import { changeMeta, FIRST_SETTINGS, meta, setMeta } from '../../pwa/src/store/meta.ts'
import { revisionsOf } from '../../pwa/src/store/revisions.ts'
import { heads } from '../../pwa/src/sync/kept.ts'
import { made } from '../../pwa/src/sync/revision.ts'

const NOW = new Date('2026-11-22T10:00:00.000Z')
const RULE = { name: 'reminder', on: true, at: '19:30', weekdays: [0, 2], level: 0, quiet: { from: '22:00', until: '07:00' } }
let server: Server
let seq = 0

beforeEach(async () => {
  await freshPhone()
  server = new Server()
})

const run = () => cycle(() => NOW, () => 0.5)

/** As the pull tells of something said on the other phone, so many minutes after ten. */
function elsewhere(kind: 'setting' | 'research', payload: object, minute: number, saved_at?: string) {
  const { revision, content_hash } = made({ subject: { kind }, payload: { ...payload }, medium: 'said' },
    { ...anna, seq: ++seq, now: new Date(NOW.getTime() + minute * 60_000) })
  const body = { revision, content_hash, received_at: NOW.toISOString(), mine: false, staff: false, ...(saved_at && { saved_at }) }
  return { seq, kind: 'revision', id: revision.revision_id, body }
}

test('a new phone takes over the reminder, the text size, one question at a time and the choice about research', async () => {
  server.changes = [
    elsewhere('setting', { ...RULE, at: '08:00' }, 1), elsewhere('setting', RULE, 2), elsewhere('setting', { name: 'text_size', value: 'large' }, 1),
    elsewhere('setting', { name: 'one_question', value: true }, 1), elsewhere('research', { choice: 'yes' }, 1),
  ]
  await run()
  const { name: _, ...rule } = RULE
  const settings = (await meta('settings'))!
  assert.deepEqual(settings.reminder, { ...rule, words: '' })
  assert.deepEqual([settings.text_size, settings.one_question, settings.research], ['large', true, 'yes'])
  assert.equal(settings.welcome, FIRST_SETTINGS.welcome)
})

test('what was said last holds, wherever it was said, and own words stay on their phone', async () => {
  await changeMeta('settings', { reminder: { ...FIRST_SETTINGS.reminder, words: 'Tea' } }, FIRST_SETTINGS)
  await set({ text_size: 'largest' })
  server.changes = [elsewhere('setting', { name: 'text_size', value: 'large' }, -60_000_000), elsewhere('setting', RULE, 60_000_000)]
  await run()
  const settings = (await meta('settings'))!
  assert.equal(settings.text_size, 'largest')
  assert.deepEqual([settings.reminder.at, settings.reminder.words], ['19:30', 'Tea'])
})

/** As the pull tells of what was said here, by the service's clock. */
async function own(saved_at = NOW.toISOString()) {
  const all = (await revisionsOf(ANNA)).filter(({ mine }) => mine)
  return all.map(({ revision, content_hash }) =>
    ({ seq: ++seq, kind: 'revision', id: revision.revision_id, body: { revision, content_hash, received_at: NOW.toISOString(), saved_at, mine: true, staff: false } }))
}

test('which word is the last is told by the service’s clock, and by its number among equals, never by a phone’s', async () => {
  const size = (value: string) => ({ name: 'text_size', value })
  server.changes = [
    elsewhere('setting', size('large'), 60_000_000, '2026-11-22T08:00:00.000000Z'), elsewhere('setting', size('largest'), -60_000_000, '2026-11-22T09:00:00.000000Z'),
    elsewhere('research', { choice: 'yes' }, 5, '2026-11-22T09:00:00.000000Z'), elsewhere('research', { choice: 'no' }, -5, '2026-11-22T09:00:00.000000Z'),
  ]
  await run()
  const settings = (await meta('settings'))!
  assert.deepEqual([settings.text_size, settings.research], ['largest', 'no'])
})

test('what is said here holds at once, and no longer than until the service says that another was later', async () => {
  await set({ text_size: 'largest' })
  server.changes = [elsewhere('setting', { name: 'text_size', value: 'large' }, 60_000_000, '2026-11-22T09:00:00.000000Z')]
  await run()
  assert.equal((await meta('settings'))!.text_size, 'largest')
  server.changes = [...server.changes, ...await own('2026-11-22T08:00:00.000000Z')]
  await run()
  assert.equal((await meta('settings'))!.text_size, 'large')
})

const MOVE = { name: 'reminder', at: '13:30', parts: ['at'] }

test('a time agreed with a practitioner moves the time alone: off, less and quiet stay as they were said here', async () => {
  const on = { ...FIRST_SETTINGS.reminder, on: true, at: '09:00' }
  const noon = { from: '13:00', until: '14:00' }
  const held = [{ ...on, on: false }, { ...on, quiet: noon }, { ...on, level: 0 as const, weekdays: [5] }]
  const moved = []
  for (const reminder of held) {
    await freshPhone()
    server = new Server()
    await set({ reminder })
    server.changes = [...await own(), elsewhere('setting', MOVE, 60_000_000)]
    await run()
    moved.push((await meta('settings'))!.reminder)
  }
  assert.deepEqual(moved, [held[0], held[1], { ...held[2], at: '13:30' }])
})

test('of a rule said elsewhere and a time agreed after it, both hold; of a time agreed before it, nothing', async () => {
  server.changes = [elsewhere('setting', MOVE, 2), elsewhere('setting', RULE, 1)]
  await run()
  assert.deepEqual((await meta('settings'))!.reminder, { ...FIRST_SETTINGS.reminder, on: true, at: '13:30', weekdays: [0, 2], level: 0, quiet: RULE.quiet })
  server.changes = [...server.changes, elsewhere('setting', { ...RULE, at: '20:00' }, 3)]
  await run()
  assert.equal((await meta('settings'))!.reminder.at, '20:00')
})

test('a setting that cannot be read, or about one task, changes nothing here', async () => {
  await changeMeta('settings', { one_question: true }, FIRST_SETTINGS)
  server.changes = [
    elsewhere('setting', { name: 'text_size', value: 'gigantic' }, 1), elsewhere('setting', { name: 'one_question', value: 'yes' }, 1),
    elsewhere('setting', { name: 'colour', value: 'red' }, 1), elsewhere('research', { choice: 'perhaps' }, 1),
  ]
  await run()
  assert.deepEqual(await meta('settings'), { ...FIRST_SETTINGS, one_question: true })
})

test('changing a setting that came from another phone follows it, so that there is one last word', async () => {
  server.changes = [elsewhere('setting', { name: 'text_size', value: 'large' }, -1)]
  await run()
  await set({ text_size: 'usual' })
  const last = heads(await revisionsOf(ANNA)).filter(({ revision }) => revision.payload.name === 'text_size')
  assert.deepEqual(last.map(({ revision }) => revision.payload.value), ['usual'])
})

test('on opening, the choice about research is what the server holds, unless a newer one waits here', async () => {
  server.before = ({ path }) => (path.endsWith('/device') ? { body: { device_id: 'd-1', me: { preferred_name: 'Anna', research: 'yes' } } } : undefined)
  await onOpening()
  assert.equal((await meta('settings'))!.research, 'yes')
  await chooseResearch('no')
  await onOpening()
  assert.equal((await meta('settings'))!.research, 'no')
})

test('a reminder that was tapped without a network is told about at the next cycle, once', async () => {
  server.before = () => 'no-network'
  assert.equal(await about('c-1'), null)
  await tellOpened()
  assert.deepEqual(await meta('opened'), ['c-1'])
  server.before = ({ path }) => (path.endsWith('/opened') ? { status: 200, body: {} } : undefined)
  server.calls.length = 0
  await run()
  await run()
  const told = server.calls.filter(({ path }) => path.endsWith('/opened'))
  assert.deepEqual(told.map(({ body }) => body), [{ code: 'c-1' }])
  assert.deepEqual(await meta('opened'), [])
})

test('a code nobody knows any more is told once; a captive portal’s answer tells nothing', async () => {
  await noteOpened('c-2')
  server.before = () => ({ html: '<title>Free Wi-Fi</title>' })
  await tellOpened()
  assert.deepEqual(await meta('opened'), ['c-2'])
  server.before = () => ({ status: 404, body: { code: 'not-found', message: '', fields: {} } })
  await tellOpened()
  assert.deepEqual(await meta('opened'), [])
})

test('a phone that is signed out asks for nothing on opening', async () => {
  await setMeta('device', device({ locked: true }))
  await onOpening()
  assert.equal(server.calls.length, 0)
})

test('a phone that cannot take reminders any more tells the service on opening, and one that never wanted them does not', async () => {
  Object.assign(globalThis, { matchMedia: () => ({ matches: false }) })
  await onOpening()
  assert.deepEqual(server.calls.filter(({ path }) => path.endsWith('/lost')), [])
  await changeMeta('settings', { notifications: true, reminder: { ...FIRST_SETTINGS.reminder, on: true } }, FIRST_SETTINGS)
  await onOpening()
  const told = server.calls.filter(({ path }) => path.endsWith('/lost'))
  assert.deepEqual(told.map(({ body }) => body), [{ why: 'cannot' }])
})
