// Answers that come late, damaged or not at all: what they were about has changed meanwhile, or is not known yet.
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { ANNA, anna, ASSIGNMENT, DEV, doneToday, freshPhone, Server, type Call } from './phone.ts'
import { cycle } from '../../pwa/src/actions/cycle.ts'
import { moveIn } from '../../pwa/src/actions/pair.ts'
import { wipe } from '../../pwa/src/store/database.ts'
import { changeMeta, FIRST_SETTINGS, meta, NO_SYNC, setMeta } from '../../pwa/src/store/meta.ts'
import { readAll } from '../../pwa/src/store/records.ts'
import { revisionsOf, save } from '../../pwa/src/store/revisions.ts'
import { contentHash } from '../../pwa/src/sync/canonical.ts'
import { made } from '../../pwa/src/sync/revision.ts'

let server: Server
globalThis.matchMedia = (() => ({ matches: false })) as unknown as typeof matchMedia
const NOW = new Date('2026-11-22T10:00:00.000Z')
const run = (opening = false, now = NOW) => cycle(() => now, () => 0.5, opening)
const { revision } = made(doneToday(), { ...anna, seq: 1 })
const change = (content_hash: string) => ({
  seq: 9, kind: 'revision', id: revision.revision_id, body: { revision, content_hash, received_at: '', mine: false, staff: false, device: 'd-9' },
})
const DEVS = {
  device_id: 'd-2', client_id: DEV, epoch: 'e1', service: { name: '' }, me: { preferred_name: 'Dev' },
} as unknown as Parameters<typeof moveIn>[0]

const devSignsIn = () => moveIn(DEVS, NOW)

/** Something is done on this phone while the call to `path` is under way. */
function during(path: string, what: () => Promise<void>) {
  const fetched = globalThis.fetch
  let once = true
  globalThis.fetch = (async (address: string, init: RequestInit) => {
    const answer = await fetched(address, init)
    if (once && String(address).includes(path)) {
      once = false
      await what()
    }
    return answer
  }) as typeof fetch
}

beforeEach(async () => {
  await freshPhone()
  server = new Server()
})

test('what was asked for one person and comes after another has signed in is not kept, nor is how far it reached', async () => {
  server.changes = [change(contentHash(revision)), { seq: 9, kind: 'assignment', id: ASSIGNMENT, body: { assignment_id: ASSIGNMENT, worksheet: null } }]
  during('/pull', devSignsIn)
  assert.equal(await run(), 'again')
  assert.deepEqual(await readAll('assignments'), [])
  assert.deepEqual(await revisionsOf(ANNA), [])
  assert.equal((await meta('sync'))!.cursor, '')
  assert.equal((await meta('sync'))!.failures, 0)
})

test('what comes after the phone was cleared leaves it empty', async () => {
  server.changes = [{ seq: 9, kind: 'assignment', id: ASSIGNMENT, body: { assignment_id: ASSIGNMENT, worksheet: null } }]
  during('/pull', wipe)
  await run()
  assert.deepEqual([await readAll('assignments'), await meta('sync'), await meta('service')], [[], undefined, undefined])
})

test('a refusal that was meant for the person before does not lock the phone for the next', async () => {
  server.before = ({ path }) => (path.includes('/pull') ? { status: 401, body: { code: 'signed-out' } } : undefined)
  during('/pull', devSignsIn)
  assert.equal(await run(), 'again')
  assert.deepEqual([(await meta('device'))!.client_id, (await meta('device'))!.locked], [DEV, false])
})

test('what a pull brought with a hash that is not its own can be given back after a restore, and counts as sent', async () => {
  server.changes = [change('x'.repeat(64))]
  await run()
  server.changes = []
  const lacks = ({ path, body }: Call) => (path.endsWith('/contact')
    ? { body: body.ids ? { same: false, count: 0, missing_here: [], missing_there: [revision.revision_id] } : { same: false, count: 0 } } : undefined)
  server.before = lacks
  assert.equal(await run(true), 'again')
  server.before = () => undefined
  assert.equal(await run(), 'done')
  assert.deepEqual((await revisionsOf(ANNA)).map(({ state }) => state), ['sent'])
  assert.equal(server.stored.size, 1)
})

test('both sides differ, and the answer that says in what does not come: it is asked for again as soon as the network is back', async () => {
  let there = false
  server.before = ({ path, body }) => {
    if (!path.endsWith('/contact') || !body.ids) return path.endsWith('/contact') ? { body: { same: false, count: 1 } } : undefined
    return there ? { body: { same: false, count: 1, missing_here: ['x'], missing_there: [] } } : 'no-network'
  }
  assert.equal(await run(true), 'later')
  there = true
  assert.equal(await run(false, new Date(NOW.getTime() + 5_000)), 'again')
  assert.equal((await meta('sync'))!.cursor, '')
})

test('what the service counted for the person before is not told to the next', async () => {
  server.counts = { made: 41, stored: 40, elsewhere: 7 }
  during('/contact', devSignsIn)
  assert.equal(await run(true), 'again')
  assert.deepEqual(await meta('sync'), NO_SYNC)
})

const differs = ({ path, body }: Call) => {
  const inWhat = body?.ids && { missing_here: ['x'], missing_there: body.ids }
  return path.endsWith('/contact') ? { body: { same: false, count: 0, ...inWhat } } : undefined
}

for (const which of [1, 2]) {
  test(`somebody signs in during contact ${which}: no id goes out as theirs, nothing is unsent again`, async () => {
    await save(doneToday(), anna)
    await run()
    await changeMeta('sync', { last_contact_at: null })
    server.calls.length = 0
    server.before = differs
    during('/contact', which === 1 ? devSignsIn : async () => during('/contact', devSignsIn))
    assert.equal(await run(true), 'again')
    assert.equal(server.calls.filter(({ path }) => path.endsWith('/contact')).length, which)
    assert.deepEqual((await revisionsOf(ANNA)).map(({ state }) => state), ['sent'])
    assert.equal((await meta('sync'))!.last_contact_at, NO_SYNC.last_contact_at)
  })
}

test('what was sent for the person before does not count as sent by the next', async () => {
  await save(doneToday(), anna)
  during('/push', devSignsIn)
  await run()
  assert.equal((await meta('sync'))!.last_sent_at, NO_SYNC.last_sent_at)
  assert.deepEqual((await revisionsOf(ANNA)).map(({ state }) => state), ['sent'])
})

test('own words that a pull brought back never stay for the worker of whoever signs in meanwhile', async () => {
  const setting = made(
    {
      subject: { kind: 'setting' },
      payload: { name: 'reminder', on: true, at: '08:00', weekdays: [1], level: 2, quiet: null },
    },
    { ...anna, seq: 1 },
  ).revision
  const body = { ...change('').body, revision: setting, content_hash: contentHash(setting) }
  const said = { seq: 9, kind: 'revision', id: setting.revision_id, body }
  const kept = new Map<string, unknown>()
  const open = async () => ({ put: async (at: string, what: unknown) => void kept.set(at, what) })
  Object.assign(globalThis, { caches: { open, delete: async () => kept.clear() } })
  const aMoment = () => new Promise((done) => setImmediate(done))
  let left = 0
  for (let moments = 0; moments < 40; moments++) {
    await freshPhone()
    server = new Server()
    server.changes = [said]
    const reminder = { ...FIRST_SETTINGS.reminder, on: true, level: 2 as const, words: 'Tea' }
    await setMeta('settings', { ...FIRST_SETTINGS, reminder })
    let moving: Promise<void> | undefined
    during('/pull', async () => {
      moving = devSignsIn()
      for (let n = 0; n < moments; n++) await aMoment()
    })
    await run()
    await moving
    for (let n = 0; n < 20; n++) await aMoment()
    left += kept.size
  }
  Reflect.deleteProperty(globalThis, 'caches')
  assert.equal(left, 0)
})
