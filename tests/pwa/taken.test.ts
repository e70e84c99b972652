// An id that is taken by something else at the service, and whose device a revision is of.
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { ANNA, anna, doneToday, freshPhone, Server } from './phone.ts'
import { cycle } from '../../pwa/src/actions/cycle.ts'
import { meta } from '../../pwa/src/store/meta.ts'
import { revisionsOf, save } from '../../pwa/src/store/revisions.ts'
import { contentHash } from '../../pwa/src/sync/canonical.ts'
import { made } from '../../pwa/src/sync/revision.ts'

let server: Server
const run = (opening = false) => cycle(() => new Date('2026-11-22T10:00:00.000Z'), () => 0.5, opening)
const idReused = (ids: string[]) => ({ path, body }: { path: string; body: any }) => (path.endsWith('/push') ? {
  body: { batch_id: body.batch_id, epoch: 'e1', results: body.revisions.map((one: { revision_id: string }) => ({
    revision_id: one.revision_id, content_hash: contentHash(one), ...(ids.includes('*') || ids.includes(one.revision_id) ? { status: 'quarantined', code: 'id-reused' } : { status: 'stored' }),
  })) },
} : undefined)

beforeEach(async () => {
  await freshPhone()
  server = new Server()
})

test('f10: what was put aside because its id was taken is saved again under its own, and sent', async () => {
  const { revision } = await save(doneToday(), anna)
  server.after = idReused([revision.revision_id])
  await run()
  const [again, ...more] = await revisionsOf(ANNA)
  assert.equal(more.length, 0)
  assert.notEqual(again!.revision.revision_id, revision.revision_id)
  assert.deepEqual({ ...again!.revision, revision_id: '', device_seq: 0 }, { ...revision, revision_id: '', device_seq: 0 })
  assert.deepEqual([again!.state, again!.revision.device_seq, await meta('device_seq')], ['sent', 2, 2])
  assert.equal(again!.content_hash, contentHash(again!.revision))
  assert.equal(server.pushes().length, 2)
})

test('f10: only once, whatever the service says of it', async () => {
  await save(doneToday(), anna)
  server.after = idReused(['*'])
  await run()
  await run(true)
  assert.equal(server.pushes().length, 2)
  assert.deepEqual((await revisionsOf(ANNA)).map((kept) => kept.state), ['quarantined'])
})

test('f10: another kind of trouble leaves it under its id', async () => {
  const { revision } = await save(doneToday(), anna)
  server.after = ({ path, body }) => (path.endsWith('/push') ? { body: { batch_id: body.batch_id, epoch: 'e1', results: [
    { revision_id: revision.revision_id, content_hash: contentHash(revision), status: 'quarantined', code: 'unreadable' }] } } : undefined)
  await run()
  assert.deepEqual((await revisionsOf(ANNA)).map((kept) => kept.revision.revision_id), [revision.revision_id])
})

test('what is given back after a restore says on which phone it was made', async () => {
  const other = made(doneToday('2026-11-20#1'), { ...anna, seq: 1 })
  const older = made(doneToday('2026-11-19#1'), { ...anna, seq: 2 })
  const own = await save(doneToday(), anna)
  const pulled = ({ revision, content_hash }: typeof other, device?: string) => ({
    seq: 1, kind: 'revision', id: revision.revision_id, body: { revision, content_hash, received_at: '', mine: false, staff: false, ...(device && { device }) },
  })
  server.changes = [pulled(other, 'd-9'), pulled(older)]
  await run()
  const ids = [other, older, own].map((one) => one.revision.revision_id)
  server.before = ({ path }) => (path.endsWith('/contact') ? { body: { same: false, count: 0, missing_here: [], missing_there: ids } } : undefined)
  await run(true)
  server.before = () => undefined
  server.changes = []
  await run()
  const pushed = server.pushes().at(-1)!.body
  assert.equal(pushed.revisions.length, 3)
  assert.deepEqual(pushed.made_on, { [ids[0]!]: 'd-9', [ids[1]!]: null })
  assert.equal('keeps_nothing' in pushed, false)
})
