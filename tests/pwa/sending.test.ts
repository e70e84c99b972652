// Whole cycles against a server that misbehaves: nothing is lost, nothing counts as sent that is not there.
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { ANNA, anna, ASSIGNMENT, device, doneToday, freshPhone, Server } from './phone.ts'
import { cycle } from '../../pwa/src/actions/cycle.ts'
import { meta, setMeta, changeMeta } from '../../pwa/src/store/meta.ts'
import { readAll } from '../../pwa/src/store/records.ts'
import { mark, revisionsOf, save, waiting } from '../../pwa/src/store/revisions.ts'
import { contentHash } from '../../pwa/src/sync/canonical.ts'
import { made } from '../../pwa/src/sync/revision.ts'

let server: Server
let now = Date.parse('2026-11-22T10:00:00.000Z')
const clock = () => new Date(now)
const run = (opening = false) => cycle(clock, () => 0.5, opening)
const states = async () => (await revisionsOf(ANNA)).map((kept) => kept.state).sort()

beforeEach(async () => {
  await freshPhone()
  server = new Server()
})

test('what waits is sent, marked, and not deleted', async () => {
  await save(doneToday(), anna)
  assert.equal(await run(), 'done')
  assert.deepEqual(await states(), ['sent'])
  assert.equal(server.stored.size, 1)
  assert.equal(server.pushes().length, 1)
  assert.deepEqual(server.pushes()[0]!.body.device_id, 'd-1')
})

test('an answer lost after the commit is sent again and stored once', async () => {
  await save(doneToday(), anna)
  server.after = (call) => (call.path.endsWith('/push') && server.pushes().length === 1 ? 'no-network' : undefined)
  assert.equal(await run(), 'later')
  assert.deepEqual(await states(), ['pending'])
  assert.equal(await run(), 'done')
  assert.deepEqual(await states(), ['sent'])
  assert.equal(server.stored.size, 1)
})

test('a captive portal’s 200 acknowledges nothing', async () => {
  await save(doneToday(), anna)
  server.before = () => ({ html: '<title>Free Wi-Fi</title>' })
  assert.equal(await run(), 'later')
  assert.deepEqual(await states(), ['pending'])
})

test('an earlier answer from a proxy’s cache acknowledges nothing', async () => {
  await save(doneToday(), anna)
  server.after = ({ path, body }) => (path.endsWith('/push')
    ? { body: { batch_id: 'earlier', epoch: 'e1', results: body.revisions.map((one: object) => ({ revision_id: (one as { revision_id: string }).revision_id, content_hash: contentHash(one), status: 'stored' })) } }
    : undefined)
  assert.equal(await run(), 'later')
  assert.deepEqual(await states(), ['pending'])
})

test('failures wait longer each time, a success forgets them', async () => {
  await save(doneToday(), anna)
  server.before = () => 'no-network'
  const waits: number[] = []
  for (let n = 0; n < 5; n++) {
    await run()
    waits.push((await meta('sync'))!.next_try_at - now)
  }
  assert.deepEqual(waits, [1_000, 2_000, 4_000, 8_000, 16_000])
  server.before = () => undefined
  await run()
  assert.equal((await meta('sync'))!.failures, 0)
})

test('Retry-After is obeyed', async () => {
  await save(doneToday(), anna)
  server.before = ({ path }) => (path.endsWith('/push') ? { status: 429, body: { code: 'too-many-tries' }, headers: { 'Retry-After': '120' } } : undefined)
  await run()
  assert.equal((await meta('sync'))!.next_try_at - now, 120_000)
})

test('not signed in: everything is kept, and nothing more is sent until there is a code', async () => {
  await save(doneToday(), anna)
  server.before = () => ({ status: 401, body: { code: 'not-signed-in', message: '', fields: {} } })
  assert.equal(await run(), 'stopped')
  assert.deepEqual(await states(), ['needs_sign_in'])
  assert.equal((await meta('device'))!.locked, true)
  const pushes = server.pushes().length
  await run()
  assert.equal(server.pushes().length, pushes)
  await changeMeta('device', { locked: false })
  server.before = () => undefined
  assert.equal(await run(), 'done')
  assert.deepEqual(await states(), ['sent'])
})

test('a proxy’s 401 does not lock the phone', async () => {
  await save(doneToday(), anna)
  server.before = () => ({ status: 401, html: 'sign in to the Wi-Fi' })
  assert.equal(await run(), 'later')
  assert.equal((await meta('device'))!.locked, false)
})

test('a device that was ended is told how much was not sent, before anything is cleared', async () => {
  await save(doneToday(), anna)
  server.before = () => ({ status: 401, body: { code: 'device-revoked', device_id: 'd-1', message: '', fields: {} } })
  assert.equal(await run(), 'stopped')
  assert.equal((await meta('device'))!.revoked!.unsent, 1)
  assert.equal((await revisionsOf(ANNA)).length, 1)
})

test('another device’s end is not ours', async () => {
  server.before = () => ({ status: 401, body: { code: 'device-revoked', device_id: 'd-2', message: '', fields: {} } })
  assert.equal(await run(), 'later')
  assert.equal((await meta('device'))!.revoked, null)
})

test('after a restore everything is given again', async () => {
  await save(doneToday('a#1'), anna)
  await save(doneToday('b#1'), anna)
  await run()
  server.stored.clear()
  let told = false
  server.before = ({ path }) => {
    if (told || !path.includes('/pull')) return undefined
    told = true
    return { status: 409, body: { code: 'epoch-changed', epoch: 'e2', message: '', fields: {} } }
  }
  assert.equal(await run(), 'again')
  assert.deepEqual(await states(), ['pending', 'pending'])
  assert.equal((await meta('device'))!.epoch, 'e2')
  assert.equal((await meta('sync'))!.cursor, '')
  await run()
  assert.equal(server.stored.size, 2)
  assert.equal(server.pushes().at(-1)!.body.epoch, 'e2')
})

test('what is too large is halved until it fits, and one that never fits does not block the rest', async () => {
  for (let n = 0; n < 9; n++) await save(doneToday(`${n}#1`), anna)
  const large = (await waiting(ANNA))[4]!.revision.revision_id
  server.before = ({ path, body }) => (path.endsWith('/push') && body.revisions.some((one: { revision_id: string }) => one.revision_id === large)
    ? { status: 413, body: { code: 'too-large', message: '', fields: {} } } : undefined)
  await run()
  await run()
  assert.equal(server.stored.size, 8)
  assert.deepEqual((await states()).filter((state) => state !== 'sent'), ['refused'])
})

test('one result missing from an answer keeps only that one waiting', async () => {
  await save(doneToday('a#1'), anna)
  await save(doneToday('b#1'), anna)
  server.after = ({ path, body }) => {
    if (!path.endsWith('/push')) return undefined
    const [first] = body.revisions
    return { body: { batch_id: body.batch_id, epoch: 'e1', results: [{ revision_id: first.revision_id, content_hash: contentHash(first), status: 'stored' }] } }
  }
  await run()
  assert.deepEqual(await states(), ['pending', 'sent'])
})

test('saved while another is being sent: both get there', async () => {
  await save(doneToday('a#1'), anna)
  let during: Promise<unknown> | null = null
  server.before = ({ path }) => {
    if (path.endsWith('/push') && !during) during = save(doneToday('b#1'), anna)
    return undefined
  }
  await run()
  await during
  await run()
  assert.deepEqual(await states(), ['sent', 'sent'])
})

test('killed in the middle of sending: it waits again', async () => {
  const kept = await save(doneToday(), anna)
  await mark([kept.revision.revision_id], 'sending')
  await run()
  assert.deepEqual(await states(), ['sent'])
})

test('150 go in two batches', async () => {
  for (let n = 0; n < 150; n++) await save(doneToday(`${n}#1`), anna)
  await run()
  assert.deepEqual(server.pushes().map((call) => call.body.revisions.length), [100, 50])
})

test('a page and its cursor are kept together, and the last ETag asks only for news', async () => {
  const occurrence = { assignment_id: ASSIGNMENT, slot: 'w1#1', opens_on: '2026-11-22', due_on: '2026-11-28', state: 'open', barrier: null, size: null, moved_to: null, done_at: null }
  server.changes = [{ seq: 1, kind: 'occurrence', id: `${ASSIGNMENT}/w1#1`, body: occurrence }, { seq: 2, kind: 'something-new', id: 'x', body: {} }]
  await run()
  assert.deepEqual(await readAll('occurrences'), [occurrence])
  assert.equal((await meta('sync'))!.cursor, 'c1')
  assert.equal((await meta('sync'))!.etag, '"1"')
})

test('a pulled revision of ours is seen, one from elsewhere is added, ours is never overwritten', async () => {
  const own = await save(doneToday('a#1'), anna)
  await run()
  const other = made(doneToday('b#1'), { ...anna, seq: 7 })
  const body = (kept: typeof own, mine: boolean) => ({ revision: kept.revision, content_hash: kept.content_hash, received_at: '2026-11-22T10:00:00.000Z', mine, staff: !mine })
  server.changes = [
    { seq: 1, kind: 'revision', id: own.revision.revision_id, body: { ...body(own, true), revision: { ...own.revision, payload: { answer: 'tried' } } } },
    { seq: 2, kind: 'revision', id: other.revision.revision_id, body: body(other, false) },
  ]
  await run()
  const all = await revisionsOf(ANNA)
  assert.equal(all.length, 2)
  const ours = all.find((kept) => kept.mine)!
  assert.equal(ours.seen, true)
  assert.equal(ours.revision.payload.answer, 'done')
  assert.equal(all.find((kept) => !kept.mine)!.staff, true)
})

test('contact tells how much waits; a difference is put right on both sides', async () => {
  const kept = await save(doneToday(), anna)
  await run()
  server.before = ({ path, body }) => {
    if (!path.endsWith('/contact')) return undefined
    return { body: body.ids ? { same: false, count: 0, missing_here: ['x'], missing_there: [kept.revision.revision_id] } : { same: false, count: 0 } }
  }
  assert.equal(await run(true), 'again')
  assert.deepEqual(await states(), ['pending'])
  assert.equal((await meta('sync'))!.cursor, '')
  const contacts = server.calls.filter((call) => call.path.endsWith('/contact'))
  assert.equal(contacts[0]!.body.outbox, 0)
  assert.equal(contacts.at(-1)!.body.ids.length, 1)
})

test('what the service lacks is given back by a phone that only pulled it, but not what staff wrote down; then it is quiet', async () => {
  const [other, staff] = [made(doneToday('b#1'), { ...anna, seq: 7 }), made(doneToday('c#1'), { ...anna, seq: 8 })]
  server.changes = [other, staff].map(({ revision, content_hash }, n) => ({
    seq: n + 1, kind: 'revision', id: revision.revision_id,
    body: { revision, content_hash, received_at: '', saved_at: '2026-11-22T10:00:00.000000Z', mine: false, staff: n === 1 },
  }))
  await run()
  const lacks = () => [other, staff].map(({ revision }) => revision.revision_id).filter((id) => !server.stored.has(id))
  server.before = ({ path, body }) => (path.endsWith('/contact')
    ? { body: body.ids ? { same: false, count: 0, missing_here: [], missing_there: lacks() } : { same: false, count: 0 } } : undefined)
  assert.equal(await run(true), 'again')
  assert.equal(await run(true), 'done')
  assert.deepEqual([...server.stored.keys()], [other.revision.revision_id])
})

test('a quiet cycle makes no contact until a quarter of an hour has passed', async () => {
  await run(true)
  const count = () => server.calls.filter((call) => call.path.endsWith('/contact')).length
  const before = count()
  await run()
  assert.equal(count(), before)
  now += 15 * 60_000
  await run()
  assert.equal(count(), before + 1)
})

test('a phone whose clock is ten years out still sends', async () => {
  await save(doneToday(), { ...anna, now: new Date('2036-11-22T10:00:00Z') })
  await save(doneToday('b#1'), { ...anna, now: new Date('2016-11-22T10:00:00Z') })
  await run()
  assert.deepEqual(await states(), ['sent', 'sent'])
})

test('each push says what this phone’s clock shows, so that a wrong one can be corrected', async () => {
  await save(doneToday(), anna)
  now = Date.parse('2036-11-22T10:00:00.000Z')
  await run()
  now = Date.parse('2026-11-22T10:00:00.000Z')
  assert.equal(server.pushes()[0]!.body.sent_at, '2036-11-22T10:00:00.000Z')
})

test('nobody paired: nothing is asked', async () => {
  await setMeta('device', device({ revoked: { unsent: 0, at: '' } }))
  assert.equal(await run(), 'stopped')
  assert.equal(server.calls.length, 0)
})
