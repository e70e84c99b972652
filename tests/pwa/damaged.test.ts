// What was damaged at the service: a phone that holds it gives it back, one that never had it counts it and asks no more.
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { ANNA, anna, doneToday, freshPhone, Server } from './phone.ts'
import { cycle } from '../../pwa/src/actions/cycle.ts'
import { meta } from '../../pwa/src/store/meta.ts'
import { revisionsOf, save } from '../../pwa/src/store/revisions.ts'
import { digest } from '../../pwa/src/sync/digest.ts'

let server: Server
const run = (opening = false) => cycle(() => new Date('2026-11-22T10:00:00.000Z'), () => 0.5, opening)
const damaged = (id: string, content_hash: string) => ({ seq: 9, kind: 'damaged', id, body: { content_hash } })

beforeEach(async () => {
  await freshPhone()
  server = new Server()
})

test('what this phone holds as it was is sent once more', async () => {
  const { revision, content_hash } = await save(doneToday(), anna)
  await run()
  server.changes = [damaged(revision.revision_id, content_hash)]
  await run()
  assert.equal((await revisionsOf(ANNA))[0]!.state, 'pending')
  server.changes = []
  await run()
  assert.equal(server.pushes().length, 2)
  assert.deepEqual(server.pushes()[1]!.body.revisions, [revision])
  assert.equal((await revisionsOf(ANNA))[0]!.state, 'sent')
})

test('what differs from what the service kept is not sent', async () => {
  const { revision } = await save(doneToday(), anna)
  await run()
  server.changes = [damaged(revision.revision_id, 'f'.repeat(64))]
  await run()
  assert.equal((await revisionsOf(ANNA))[0]!.state, 'sent')
})

test('where the service cannot read the hash either, what this phone holds is sent once more', async () => {
  const { revision } = await save(doneToday(), anna)
  await run()
  server.changes = [damaged(revision.revision_id, '')]
  await run()
  server.changes = []
  await run()
  assert.deepEqual(server.pushes().map(({ body }) => body.revisions), [[revision], [revision]])
})

test('what this phone never had is counted, and not asked for again and again', async () => {
  const lost = '0193512a-7c00-7a11-8b22-0000000000ff'
  server.changes = [damaged(lost, 'f'.repeat(64))]
  assert.equal(await run(true), 'done')
  assert.deepEqual((await meta('sync'))!.damaged, [lost])
  const told = server.calls.findLast(({ path }) => path.endsWith('/contact'))!.body
  assert.deepEqual(told.digest, digest([lost]))
  server.changes = [{ seq: 10, kind: 'revision', id: lost, body: { revision: { revision_id: lost, parents: [], subject: { kind: 'agenda' } }, content_hash: 'f'.repeat(64), received_at: '', mine: false, staff: false } }]
  await run()
  assert.deepEqual((await meta('sync'))!.damaged, [])
})
