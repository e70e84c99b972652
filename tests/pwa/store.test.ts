// What is on the phone: saved means on disk, a draft is never lost, nothing half done.
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { ANNA, anna, ASSIGNMENT, DEV, doneToday, freshPhone, device } from './phone.ts'
import { answer, takeBack } from '../../pwa/src/actions/answer.ts'
import { myData, rescued } from '../../pwa/src/actions/leave.ts'
import { changeEntry } from '../../pwa/src/actions/changeEntry.ts'
import { startEditing, startWriting } from '../../pwa/src/actions/startWriting.ts'
import { database, StoreTrouble, wipe } from '../../pwa/src/store/database.ts'
import { draft, keepDraft } from '../../pwa/src/store/drafts.ts'
import { meta, setMeta } from '../../pwa/src/store/meta.ts'
import { NotSaved, readAll, write } from '../../pwa/src/store/records.ts'
import { revisionsOf, save, waiting } from '../../pwa/src/store/revisions.ts'
import { snapshot } from '../../pwa/src/store/snapshot.ts'
import { contentHash } from '../../pwa/src/sync/canonical.ts'
import type { Kept } from '../../pwa/src/sync/kept.ts'

beforeEach(freshPhone)

test('a save takes the next number and clears the draft, in one go', async () => {
  const writing = await startWriting({ assignment_id: ASSIGNMENT, slot: '2026-11-22#1' })
  writing.answer('situation', 'On the bus')
  await writing.flush()
  const kept = await writing.finish(null)
  assert.equal(kept?.state, 'pending')
  assert.equal(kept?.revision.device_seq, 1)
  assert.equal(await draft(writing.draft.key), undefined)
  assert.equal(await meta('device_seq'), 1)
  assert.equal(kept?.content_hash, contentHash(kept!.revision))
})

test('ten saves at once take ten numbers without a gap', async () => {
  await Promise.all(Array.from({ length: 10 }, () => save(doneToday(), anna)))
  const numbers = (await waiting(ANNA)).map((kept) => kept.revision.device_seq)
  assert.deepEqual(numbers, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
})

test('an aborted save keeps the draft, takes no number and says so', async () => {
  const writing = await startWriting({ assignment_id: ASSIGNMENT, slot: null })
  writing.answer('situation', 'On the bus')
  await writing.flush()
  const restore = await breakTransactions('QuotaExceededError')
  assert.equal(await writing.finish(null), null)
  restore()
  assert.equal(writing.trouble?.kind, 'full')
  assert.equal((await draft(writing.draft.key))?.answers.situation, 'On the bus')
  assert.equal(await meta('device_seq'), undefined)
  assert.deepEqual(await revisionsOf(ANNA), [])
  assert.ok(await writing.finish(null), 'works once there is room')
})

test('a write that is aborted is never reported as done', async () => {
  const restore = await breakTransactions('AbortError')
  await assert.rejects(write([{ store: 'meta', key: 'x', body: 1 }]), NotSaved)
  restore()
  assert.equal((await readAll('meta')).length, 1)
})

test('a text over 64 KiB is refused before it is saved, and stays', async () => {
  const writing = await startWriting({ assignment_id: ASSIGNMENT, slot: null })
  writing.answer('situation', 'x'.repeat(70_000))
  assert.equal(await writing.finish(null), null)
  assert.deepEqual(writing.trouble, { kind: 'too-long', fields: ['situation'] })
  assert.deepEqual(await revisionsOf(ANNA), [])
  assert.equal((writing.draft.answers.situation as string).length, 70_000)
})

test('a draft is on disk half a second after the last key stroke', async () => {
  const writing = await startWriting({ assignment_id: ASSIGNMENT, slot: null })
  for (const text of ['O', 'On', 'On the', 'On the bus']) writing.answer('situation', text)
  await new Promise((resolve) => setTimeout(resolve, 500))
  assert.equal((await draft(writing.draft.key))?.answers.situation, 'On the bus')
  assert.equal(writing.kept, true)
})

test('somebody who types without a pause is never more than half a second ahead of the disk', async () => {
  const writing = await startWriting({ assignment_id: ASSIGNMENT, slot: null })
  for (let typed = 1; typed <= 12; typed++) {
    writing.answer('situation', 'x'.repeat(typed))
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  const kept = ((await draft(writing.draft.key))?.answers.situation as string | undefined)?.length ?? 0
  assert.ok(kept >= 7, `only ${kept} of 12 letters are kept`)
})

test('what is typed while a draft is being written is kept too', async () => {
  const writing = await startWriting({ assignment_id: ASSIGNMENT, slot: null })
  writing.answer('situation', 'On')
  const first = writing.flush()
  writing.answer('situation', 'On the bus')
  await first
  await writing.flush()
  assert.equal((await draft(writing.draft.key))?.answers.situation, 'On the bus')
})

test('an older draft never replaces a newer one', async () => {
  const writing = await startWriting({ assignment_id: ASSIGNMENT, slot: null })
  writing.answer('situation', 'new')
  await writing.flush()
  await keepDraft({ ...writing.draft, answers: { situation: 'old' }, updated_at: '2020-01-01T00:00:00.000Z' })
  assert.equal((await draft(writing.draft.key))?.answers.situation, 'new')
})

test('a late key stroke does not bring back the draft of what was saved', async () => {
  const writing = await startWriting({ assignment_id: ASSIGNMENT, slot: null })
  writing.answer('situation', 'On the bus')
  await writing.finish(null)
  writing.answer('situation', 'On the bus!')
  await writing.flush()
  assert.equal(await draft(writing.draft.key), undefined)
})

test('an edit follows what it edits and keeps when it happened', async () => {
  const writing = await startWriting({ assignment_id: ASSIGNMENT, slot: '2026-11-20#1', local: '2026-11-20T18:00' })
  writing.answer('situation', 'first')
  const first = (await writing.finish(null))!
  const editing = await startEditing(first)
  editing.answer('situation', 'second')
  const second = (await editing.finish(null))!
  assert.deepEqual(second.revision.parents, [first.revision.revision_id])
  assert.equal(second.revision.entry_id, first.revision.entry_id)
  assert.equal(second.revision.happened_at.local, '2026-11-20T18:00')
})

test('who helped is not forgotten when an entry is changed, removed or brought back', async () => {
  const writing = await startWriting({ assignment_id: ASSIGNMENT, slot: null })
  writing.answer('words', 'walked')
  const first = (await writing.finish(null))!
  const helped = { ...first, revision: { ...first.revision, helped_by: 'interpreter' as const } }
  const editing = await startEditing(helped)
  editing.answer('words', 'walked far')
  assert.equal((await editing.finish(null))!.revision.helped_by, 'interpreter')
  assert.equal((await changeEntry(helped, 'delete')).revision.helped_by, 'interpreter')
})

test('a changed answer follows the first, and can be taken back', async () => {
  const about = { assignment_id: ASSIGNMENT, slot: '2026-11-22#1' }
  const first = await answer(about, { answer: 'not_today' })
  const second = await answer(about, { answer: 'not_today', outcome: 'keep' })
  assert.deepEqual(second.revision.parents, [first.revision.revision_id])
  await takeBack(about)
  const all = await revisionsOf(ANNA)
  assert.equal(all.length, 3)
  assert.equal(all.filter((kept) => kept.revision.kind === 'delete').length, 1)
})

test('removing an entry writes a tombstone, bringing it back repeats its words', async () => {
  const writing = await startWriting({ assignment_id: ASSIGNMENT, slot: null })
  writing.answer('words', 'walked')
  const first = (await writing.finish(null))!
  const gone = await changeEntry(first, 'delete')
  assert.deepEqual(gone.revision.payload, {})
  const again = await changeEntry(gone, 'restore')
  assert.deepEqual(again.revision.payload, first.revision.payload)
})

test('another person on this phone neither sees nor sends what waits', async () => {
  await save(doneToday(), anna)
  await setMeta('device', device({ client_id: DEV }))
  assert.deepEqual(await waiting(DEV), [])
  assert.deepEqual((await snapshot()).revisions, [])
  assert.equal((await waiting(ANNA)).length, 1)
})

test('a copy of one’s data holds what was written, and none of the app’s own words', async () => {
  await save(doneToday(), anna)
  await setMeta('words', { language: 'cy', sha256: 'w', catalogues: { app: { 'app.help': 'Help nawr' } }, worksheets: {} })
  const copy = await myData()
  assert.ok(copy.includes(ASSIGNMENT))
  assert.ok(!copy.includes('Help nawr'))
  assert.deepEqual(['words', 'worksheets', 'translated'].filter((name) => name in JSON.parse(copy)), [])
})

test('f32: a record that cannot be read is counted and left alone, the others load', async () => {
  await save(doneToday(), anna)
  const db = await database()
  await db.put('revisions', { v: 9, body: 'x' } as never, 'broken')
  const all = await snapshot()
  assert.equal(all.revisions.length, 1)
  assert.ok(all.unreadable > 0)
  assert.ok(await db.get('revisions', 'broken'))
})

test('every record is sealed', async () => {
  await save(doneToday(), anna)
  const db = await database()
  for (const record of await db.getAll('revisions')) assert.deepEqual([record.v, Object.keys(record).sort()], [1, ['body', 'front', 'iv', 'v']])
})

test('f36: a newer database is left as it is, and named', async () => {
  await wipe()
  const newer = await new Promise<IDBDatabase>((resolve) => {
    const request = indexedDB.open('meantime', 99)
    request.onupgradeneeded = () => request.result.createObjectStore('revisions').put({ v: 0, body: 'kept' }, 'a')
    request.onsuccess = () => resolve(request.result)
  })
  newer.close()
  await assert.rejects(snapshot(), (error: StoreTrouble) => error.kind === 'newer')
  const again = await new Promise<IDBDatabase>((resolve) => {
    const request = indexedDB.open('meantime')
    request.onsuccess = () => resolve(request.result)
  })
  assert.equal(again.version, 99)
  again.close()
  const copy = JSON.parse(await rescued())
  assert.deepEqual([copy.version, copy.stores], [99, { revisions: [{ key: 'a', record: { v: 0, body: 'kept' } }] }])
})

test('keeping for now is part of what is saved', async () => {
  const writing = await startWriting({ assignment_id: ASSIGNMENT, slot: null })
  writing.answer('words', 'mine')
  writing.change({ kept: true })
  const kept = (await writing.finish(null)) as Kept
  assert.equal(kept.revision.payload.kept, true)
})

/** Makes what is written next abort as on a full or dying phone: the requests succeed, the transaction does not. */
async function breakTransactions(name: string): Promise<() => void> {
  const put = IDBObjectStore.prototype.put
  IDBObjectStore.prototype.put = function broken(this: IDBObjectStore, ...given: Parameters<typeof put>) {
    const request = put.apply(this, given)
    const { transaction } = this
    Object.defineProperty(transaction, 'error', { get: () => new DOMException('no room', name) })
    request.addEventListener('success', () => { try { transaction.abort() } catch { /* another request did it */ } })
    return request
  } as typeof put
  return () => { IDBObjectStore.prototype.put = put }
}
