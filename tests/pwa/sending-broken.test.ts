// A server that breaks on one thing that was written: everything else still gets there.
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { ANNA, anna, doneToday, freshPhone, Server, type Call } from './phone.ts'
import { cycle } from '../../pwa/src/actions/cycle.ts'
import { meta } from '../../pwa/src/store/meta.ts'
import { revisionsOf, save, waiting } from '../../pwa/src/store/revisions.ts'

let server: Server
const run = () => cycle(() => new Date('2026-11-22T10:00:00.000Z'), () => 0.5)
const states = async () => (await revisionsOf(ANNA)).map((kept) => kept.state).sort()
const calls = (part: string) => server.calls.filter((call) => call.path.includes(part)).length
const holds = ({ path, body }: Call, bad: string[]) => path.endsWith('/push')
  && body.revisions.some((one: { revision_id: string }) => bad.includes(one.revision_id))
const BROKEN = { status: 500, body: { code: 'broken', message: '', fields: {} } }

beforeEach(async () => {
  await freshPhone()
  server = new Server()
})

async function written(count: number, bad: number[]): Promise<string[]> {
  for (let n = 0; n < count; n++) await save(doneToday(`${n}#1`), anna)
  const all = (await waiting(ANNA)).map((kept) => kept.revision.revision_id)
  return bad.map((place) => all[place]!)
}

test('one that breaks the server is set aside, and the others, the pull and the contact go on', async () => {
  const bad = await written(20, [7])
  server.before = (call) => (holds(call, bad) ? BROKEN : undefined)
  assert.equal(await run(), 'later')
  assert.equal(server.pushes().length, 1)
  assert.equal(await run(), 'done')
  assert.equal(server.stored.size, 19)
  assert.deepEqual((await states()).filter((state) => state !== 'sent'), ['pending'])
  assert.equal(calls('/pull'), 1)
  assert.equal(calls('/contact'), 1)
  assert.equal((await meta('sync'))!.failures, 0)
})

test('one that was set aside is tried last, alone, and gets there once the server can take it', async () => {
  const bad = await written(3, [0])
  server.before = (call) => (holds(call, bad) ? BROKEN : undefined)
  await run()
  await run()
  await save(doneToday('later#1'), anna)
  const before = server.pushes().length
  assert.equal(await run(), 'done')
  const sizes = server.pushes().slice(before).map((call) => call.body.revisions.map((one: { revision_id: string }) => bad.includes(one.revision_id)))
  assert.deepEqual(sizes, [[false], [true]])
  server.before = () => undefined
  assert.equal(await run(), 'done')
  assert.deepEqual(await states(), ['sent', 'sent', 'sent', 'sent'])
})

test('several bad ones in front hold up nothing for long', async () => {
  const bad = await written(12, [0, 1, 2, 3, 4])
  server.before = (call) => (holds(call, bad) ? BROKEN : undefined)
  for (let n = 0; n < 4; n++) await run()
  assert.equal(server.stored.size, 7)
})

test('a server that breaks on everything is asked few times, and waited for', async () => {
  await written(100, [])
  server.before = () => BROKEN
  await run()
  const before = server.calls.length
  assert.equal(await run(), 'later')
  assert.ok(server.calls.length - before <= 12, String(server.calls.length - before))
  assert.equal((await meta('sync'))!.failures, 2)
  assert.equal((await waiting(ANNA)).length, 100)
})

test('a server that cannot keep anything just now is asked once each time', async () => {
  await written(8, [])
  server.before = ({ path }) => (path.endsWith('/push') ? { status: 503, body: { code: 'try-again', message: '', fields: {} } } : undefined)
  for (let n = 0; n < 3; n++) assert.equal(await run(), 'later')
  assert.equal(server.pushes().length, 3)
})
