// An id that is taken by something else at the service, and whose device a revision is of.
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { ANNA, anna, ASSIGNMENT, doneToday, freshPhone, Server, storageOf } from './phone.ts'
import { cycle } from '../../pwa/src/actions/cycle.ts'
import { entries } from '../../pwa/src/actions/historyView.ts'
import { pullChanges } from '../../pwa/src/actions/pullChanges.ts'
import { meta, NO_SYNC } from '../../pwa/src/store/meta.ts'
import { chooseOnlineOnly, gave, lastNumber } from '../../pwa/src/store/online.ts'
import { revisionsOf, save } from '../../pwa/src/store/revisions.ts'
import { settle } from '../../pwa/src/store/settling.ts'
import { contentHash } from '../../pwa/src/sync/canonical.ts'
import { heads, type Kept } from '../../pwa/src/sync/kept.ts'
import { made } from '../../pwa/src/sync/revision.ts'
import type { Revision } from '../../pwa/src/sync/wire.ts'

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
  const { revision_id } = revision
  assert.deepEqual({ ...again!.revision, revision_id, device_seq: 1 }, { ...revision, parents: [revision_id] })
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

/** An entry and what it was changed to, as a phone without signal keeps them. */
async function changedTwice(): Promise<{ first: Kept; second: Kept }> {
  const subject = { kind: 'entry' as const, assignment_id: ASSIGNMENT }
  const first = await save({ subject, payload: { answers: { words: 'first' }, kept: false } }, anna)
  const { entry_id, revision_id } = first.revision
  return { first, second: await save({ subject, entry_id, parents: [revision_id], payload: { answers: { words: 'second' }, kept: false } }, anna) }
}

/** What the service holds of one entry: each revision that was stored, and those that nothing follows. */
function there(): { all: Revision[]; shown: string[] } {
  const all = server.pushes().flatMap(({ body }) => body.revisions as Revision[]).filter(({ revision_id }) => revision_id !== taken)
  const followed = new Set(all.flatMap(({ parents }) => parents))
  return { all, shown: all.filter(({ revision_id }) => !followed.has(revision_id)).map(({ payload }) => String((payload.answers as { words: string }).words)) }
}
let taken = ''

test('f10: what was changed before the first was sent follows it under its new id, here and at the service, and is no second state', async () => {
  const { first } = await changedTwice()
  taken = first.revision.revision_id
  server.after = idReused([taken])
  await run()
  const here = await revisionsOf(ANNA)
  assert.deepEqual(entries(here).map((states) => states.length), [1])
  assert.deepEqual(entries(here)[0]![0]!.revision.payload.answers, { words: 'second' })
  assert.deepEqual(there().shown, ['second'])
  assert.deepEqual(there().all.map(({ device_seq }) => device_seq), [2, 3, 4], 'each under a number of its own')
  assert.ok(here.every((kept) => kept.state === 'sent' && kept.content_hash === contentHash(kept.revision)))
})

test('f10: a change that was saved while the first was on its way names what took its place', async () => {
  const subject = { kind: 'entry' as const, assignment_id: ASSIGNMENT }
  const first = await save({ subject, payload: { answers: { words: 'first' }, kept: false } }, anna)
  taken = first.revision.revision_id
  const { entry_id } = first.revision
  const second = await save({ subject, entry_id, parents: [taken], payload: { answers: { words: 'second' }, kept: false } }, anna)
  await settle(new Map([[taken, { state: 'quarantined', code: 'id-reused', message: null }]]), anna.now)
  const all = await revisionsOf(ANNA)
  const [again] = all.filter(({ minted }) => minted)
  const [after] = all.filter(({ revision }) => revision.revision_id === second.revision.revision_id)
  assert.deepEqual(again!.revision.parents, [taken], 'what has its id may be an earlier form of it')
  assert.deepEqual([after!.revision.parents, after!.revision.device_seq], [[again!.revision.revision_id], second.revision.device_seq])
  assert.equal(after!.content_hash, contentHash(after!.revision))
  await run()
  assert.deepEqual(there().shown, ['second'])
})

test('f10: of three that were written without signal only the last is shown, whichever of them was taken', async () => {
  for (const which of [0, 1, 2]) {
    await freshPhone()
    server = new Server()
    const { first, second } = await changedTwice()
    const { subject, entry_id, revision_id } = second.revision
    const third = await save({ subject, entry_id, parents: [revision_id], payload: { answers: { words: 'third' }, kept: false } }, anna)
    taken = [first, second, third][which]!.revision.revision_id
    server.after = idReused([taken])
    await run()
    assert.deepEqual([which, there().shown, entries(await revisionsOf(ANNA)).map((states) => states.length)], [which, ['third'], [1]])
  }
})

test('f10: what is changed on a page that was open all along follows it too', async () => {
  const subject = { kind: 'entry' as const, assignment_id: ASSIGNMENT }
  const first = await save({ subject, payload: { answers: { words: 'first' }, kept: false } }, anna)
  taken = first.revision.revision_id
  server.after = idReused([taken])
  await run()
  await save({ subject, entry_id: first.revision.entry_id, parents: [taken], payload: { answers: { words: 'second' }, kept: false } }, anna)
  await run()
  assert.deepEqual(there().shown, ['second'])
  assert.deepEqual(entries(await revisionsOf(ANNA)).map((states) => states.length), [1])
})

/** An entry and a change of it that the service has, whose first was given back since, and then found its id taken. */
async function tipSaidOnceMore(): Promise<{ second: Kept; again: Kept }> {
  const { first, second } = await changedTwice()
  await settle(new Map([[second.revision.revision_id, { state: 'sent', code: null, message: null }]]), anna.now)
  await settle(new Map([[first.revision.revision_id, { state: 'quarantined', code: 'id-reused', message: null }]]), anna.now)
  const again = (await revisionsOf(ANNA)).find(({ was }) => was === second.revision.revision_id)
  return { second, again: again! }
}

test('f10: a page that was open while what it shows was said once more goes on from that', async () => {
  const { second, again } = await tipSaidOnceMore()
  const { subject, entry_id, revision_id } = second.revision
  const third = await save({ subject, entry_id, parents: [revision_id], payload: { answers: { words: 'third' }, kept: false } }, anna)
  assert.deepEqual(third.revision.parents, [again.revision.revision_id])
  assert.deepEqual(entries(await revisionsOf(ANNA)).map((states) => states.map(({ revision }) => revision.payload.answers)), [[{ words: 'third' }]])
})

test('f10: what the service did not accept stands beside nothing either', async () => {
  const { first, second } = await changedTwice()
  const { subject, entry_id, revision_id } = second.revision
  const third = await save({ subject, entry_id, parents: [revision_id], payload: { answers: { words: 'third' }, kept: false } }, anna)
  const became = (kept: Kept, state: 'sent' | 'refused' | 'quarantined', code: string | null) => [kept.revision.revision_id, { state, code, message: null }] as const
  await settle(new Map([became(second, 'sent', null), became(third, 'refused', 'too-large'), became(first, 'quarantined', 'id-reused')]), anna.now)
  const shown = entries(await revisionsOf(ANNA))
  assert.deepEqual(shown.map((states) => states.map(({ revision, state }) => [revision.payload.answers, state])), [[[{ words: 'third' }, 'refused']]])
  server.after = () => undefined
  await run()
  assert.deepEqual(there().shown, ['second'], 'the service shows what it has of it')
})

test('f10: a pull that tells of another thing under its id is no proof that what waits was sent', async () => {
  const { revision, content_hash } = await save(doneToday(), anna)
  const other = { ...revision, entry_id: revision.revision_id, payload: { answer: 'tried' } }
  server.changes = [{ seq: 1, kind: 'revision', id: revision.revision_id, body: { revision: other, content_hash, received_at: '', mine: false, staff: false } }]
  await pullChanges((await meta('device'))!, NO_SYNC, () => anna.now)
  const [kept] = await revisionsOf(ANNA)
  assert.deepEqual([kept!.state, kept!.revision.payload], ['pending', { answer: 'done' }])
})

test('what shares an id with another thing is a state of its own thing only', () => {
  const one = made({ ...doneToday(), entry_id: 'e-1' }, { ...anna, seq: 1 })
  const two = made({ ...doneToday(), entry_id: 'e-2', parents: [one.revision.revision_id] }, { ...anna, seq: 2 })
  assert.deepEqual(heads([one, two]), [one, two])
})

test('f10: tabs that keep nothing count the number it is saved again under, and give it to nothing else', async (context) => {
  globalThis.localStorage = storageOf()
  context.after(() => chooseOnlineOnly(null))
  const { first } = await changedTwice()
  chooseOnlineOnly(true)
  gave('d-1', 7) // another tab
  await freshPhone()
  const { revision } = await save({ ...doneToday() }, anna)
  gave('d-1', 11)
  server.after = idReused([revision.revision_id])
  await run()
  assert.deepEqual([first.revision.device_seq, revision.device_seq, lastNumber('d-1')], [1, 8, 12])
  assert.deepEqual((await revisionsOf(ANNA)).map((kept) => kept.revision.device_seq), [12])
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
