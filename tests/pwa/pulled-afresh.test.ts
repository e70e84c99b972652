// A pull from nothing: what this phone held of the service, and no page of it named, is not shown any more.
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { ANNA, anna, ASSIGNMENT, device, doneToday, freshPhone, Server } from './phone.ts'
import { cycle } from '../../pwa/src/actions/cycle.ts'
import { pullChanges } from '../../pwa/src/actions/pullChanges.ts'
import { keepDraft } from '../../pwa/src/store/drafts.ts'
import { changeMeta, meta, NO_SYNC } from '../../pwa/src/store/meta.ts'
import { readAll } from '../../pwa/src/store/records.ts'
import { revisionsOf, save } from '../../pwa/src/store/revisions.ts'

const LATER = '0193512a-7c00-7a11-8b22-0000000000a9'
const now = () => new Date('2026-11-22T10:00:00.000Z')
const agreed = (id: string) => ({ seq: 1, kind: 'assignment', id, body: { assignment_id: id, title: 'A walk', state: 'open', worksheet: null } })
const due = (id: string) => ({ seq: 2, kind: 'occurrence', id: `${id}/2026-11-22#1`, body: { assignment_id: id, slot: '2026-11-22#1' } })
const OTHERS = [
  { seq: 3, kind: 'review', id: 'r1', body: { review_id: 'r1' } },
  { seq: 4, kind: 'appointment', id: 'm1', body: { appointment_id: 'm1' } },
  { seq: 5, kind: 'delivery', id: 'code1', body: { code: 'code1' } },
  { seq: 6, kind: 'handover', id: 'h1', body: { handover_id: 'h1', to: 'Cara', from: '2026-11-22' } },
]
const ALL = [agreed(ASSIGNMENT), due(ASSIGNMENT), agreed(LATER), due(LATER), ...OTHERS]
const COPY = [agreed(ASSIGNMENT), due(ASSIGNMENT)]
const STORES = ['assignments', 'occurrences', 'reviews', 'appointments', 'deliveries'] as const

let server: Server
const held = async () => [...await Promise.all(STORES.map((store) => readAll(store).then((all) => all.length))), (await meta('handover')) ? 1 : 0]
const pullOn = async () => pullChanges(device(), { ...NO_SYNC, ...(await meta('sync')) }, now)
/** The service was put back from a copy: as `cycle` does, but for the rest of it. */
const restored = () => changeMeta('sync', { cursor: '', etag: null }, NO_SYNC)

beforeEach(async () => {
  await freshPhone()
  server = new Server()
  server.changes = ALL
  await pullChanges(device(), NO_SYNC, now)
  assert.deepEqual(await held(), [2, 2, 1, 1, 1, 1])
})

/** Page by page, one change in each; what `instead` says of a page is answered in its place. */
function paged(changes: unknown[], instead: (page: number) => { status: number; body: unknown } | undefined = () => undefined) {
  server.before = ({ path }) => {
    if (!path.includes('/pull')) return undefined
    const page = Number(/cursor=p?(\d*)/.exec(path)![1] || 0)
    const more = page < changes.length - 1
    return instead(page) ?? { body: { epoch: 'e1', cursor: `p${page + 1}`, more, server_time: '', next_appointment: null, changes: [changes[page]] } }
  }
}

test('f42: work that was agreed after the copy is not asked for any more', async () => {
  server.changes = COPY
  await restored()
  await pullOn()
  assert.deepEqual(await held(), [1, 1, 0, 0, 0, 0])
  assert.deepEqual((await readAll<{ assignment_id: string }>('assignments')).map((one) => one.assignment_id), [ASSIGNMENT])
})

test('f42: what was written about it stays', async () => {
  await save({ ...doneToday(), subject: { kind: 'answer', assignment_id: LATER, slot: '2026-11-22#1' } }, anna)
  server.changes = COPY
  await restored()
  await pullOn()
  assert.deepEqual((await revisionsOf(ANNA)).map(({ revision }) => revision.subject.assignment_id), [LATER])
})

test('f42: work that something half written is about stays until that is finished', async () => {
  await keepDraft({
    key: `${LATER}/2026-11-22#1`, assignment_id: LATER, slot: '2026-11-22#1', answers: { words: 'I went' }, kept: false, short: false, stage: null, local: null,
    helped_by: 'none', entry_id: null, parents: [], step: 0, updated_at: now().toISOString(),
  })
  server.changes = COPY
  await restored()
  await pullOn()
  assert.deepEqual(await held(), [2, 2, 0, 0, 0, 0])
})

test('nothing goes before the last page is here; cut off in between, the next time goes on from there', async () => {
  let cut = true
  paged(COPY, (page) => (cut && page === 1 ? { status: 503, body: {} } : undefined))
  await restored()
  await pullOn()
  assert.deepEqual(await held(), [2, 2, 1, 1, 1, 1])
  assert.equal((await meta('sync'))!.cursor, 'p1')
  cut = false
  await pullOn()
  assert.deepEqual(await held(), [1, 1, 0, 0, 0, 0])
})

test('what another page named is not gone, however many pages there are', async () => {
  paged(ALL)
  await restored()
  await pullOn()
  assert.deepEqual(await held(), [2, 2, 1, 1, 1, 1])
})

test('a pull that goes on from where it was leaves all that it does not name', async () => {
  server.changes = []
  await pullOn()
  assert.deepEqual(await held(), [2, 2, 1, 1, 1, 1])
})

test('a page that was asked for before all was to be pulled afresh is not kept, and drops nothing', async () => {
  let asked = 0
  server.after = ({ path }) => {
    if (path.includes('/pull') && asked++ === 0) void restored()
    return undefined
  }
  const fetched = globalThis.fetch
  globalThis.fetch = (async (...of: Parameters<typeof fetch>) => {
    const reply = await fetched(...of)
    await new Promise((resolve) => setTimeout(resolve, 30)) // what was set meanwhile is there before the answer is
    return reply
  }) as typeof fetch
  await pullOn()
  assert.deepEqual(server.calls.filter(({ path }) => path.includes('/pull')).map(({ path }) => /cursor=(\w*)/.exec(path)![1]), ['', 'c1', ''])
  assert.deepEqual(await held(), [2, 2, 1, 1, 1, 1])
})

test('f42: a whole cycle after a restore: what waited is sent, and what the copy lacks goes from view', async () => {
  await save(doneToday(), anna)
  server.changes = COPY
  server.before = ({ path, body }) => (path.endsWith('/push') && body.epoch === 'e1' ? { status: 409, body: { code: 'epoch-changed', message: '', fields: {}, epoch: 'e2' } } : undefined)
  assert.equal(await cycle(now, () => 0.5), 'again')
  await cycle(now, () => 0.5)
  assert.deepEqual(await held(), [1, 1, 0, 0, 0, 0])
  assert.deepEqual((await revisionsOf(ANNA)).map((kept) => kept.state), ['sent'])
})
