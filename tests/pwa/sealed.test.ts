// What lies on the phone is sealed: no word of anybody is in the clear, and nothing opens where it was not put.
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { ANNA, anna, ASSIGNMENT, device, doneToday, freshPhone } from './phone.ts'
import { assignment, sheetOf } from './made.ts'
import { rescued } from '../../pwa/src/actions/leave.ts'
import { startWriting } from '../../pwa/src/actions/startWriting.ts'
import { database, STORES, wipe } from '../../pwa/src/store/database.ts'
import { forgetKey } from '../../pwa/src/store/keys.ts'
import { FIRST_SETTINGS, meta, setMeta } from '../../pwa/src/store/meta.ts'
import { inOne, lying, put, write } from '../../pwa/src/store/records.ts'
import { revisionsOf, save, waiting } from '../../pwa/src/store/revisions.ts'
import { seal } from '../../pwa/src/store/seal.ts'
import type { Sealed } from '../../pwa/src/store/sealed.ts'
import { sealOld } from '../../pwa/src/store/sealOld.ts'
import { snapshot } from '../../pwa/src/store/snapshot.ts'

beforeEach(freshPhone)

/** Every byte of every store, as text. */
async function dump(): Promise<string> {
  const said = (value: unknown): string => {
    if (value instanceof ArrayBuffer) return Buffer.from(value).toString('latin1')
    if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer as ArrayBuffer).toString('latin1')
    if (Array.isArray(value)) return value.map(said).join()
    return value !== null && typeof value === 'object' ? Object.entries(value).map(([name, part]) => name + said(part)).join() : String(value)
  }
  return (await lying(STORES)).map(({ store, key, record }) => `${store}/${key}:${said(record)}`).join('\n')
}

test('no word that anybody wrote lies in the clear', async () => {
  const writing = await startWriting({ assignment_id: ASSIGNMENT, slot: null })
  writing.answer('situation', 'SECRET-entry')
  await writing.finish(null)
  const half = await startWriting({ assignment_id: ASSIGNMENT, slot: '2026-11-22#1' })
  half.answer('situation', 'SECRET-draft')
  await half.flush()
  await setMeta('device', device({ preferred_name: 'SECRET-name' }))
  await setMeta('settings', { ...FIRST_SETTINGS, reminder: { ...FIRST_SETTINGS.reminder, words: 'SECRET-reminder' } })
  await setMeta('own_checks', { sheet: 's', until: '', first: '', kept: [{ id: '1', day: '', sheet: 's', answers: { a: 'SECRET-check' } }] })
  await write([
    { store: 'assignments', key: ASSIGNMENT, body: assignment({ title: 'SECRET-title', reason: 'SECRET-reason' }) },
    { store: 'worksheets', key: 'own', body: sheetOf([], { summary: 'SECRET-sheet' } as never) },
    { store: 'reviews', key: 'r', body: { line: 'SECRET-line' } },
  ])
  assert.doesNotMatch(await dump(), /SECRET/)
  forgetKey()
  const all = await snapshot()
  assert.deepEqual([all.device?.preferred_name, all.settings.reminder.words, all.assignments[0]?.title], ['SECRET-name', 'SECRET-reminder', 'SECRET-title'])
  assert.equal(all.unreadable, 0)
  assert.equal((all.revisions[0]!.revision.payload.answers as { situation: string }).situation, 'SECRET-entry')
})

test('two records that change places do not open, nor one with a changed byte; they are counted and left alone', async () => {
  const [first, second] = [await save(doneToday('2026-11-20#1'), anna), await save(doneToday('2026-11-21#1'), anna)]
  await save(doneToday(), anna)
  const [a, b] = [first, second].map((kept) => kept.revision.revision_id) as [string, string]
  const db = await database()
  const [one, other] = [await db.get('revisions', a), await db.get('revisions', b)] as [Sealed, Sealed]
  await db.put('revisions', one, b)
  await db.put('revisions', other, a)
  assert.equal((await revisionsOf(ANNA)).length, 1)
  await db.put('revisions', one, a)
  const changed = new Uint8Array((other as { body: ArrayBuffer }).body.slice(0))
  changed[5]! ^= 1
  await db.put('revisions', { ...other, body: changed.buffer } as Sealed, b)
  assert.equal((await revisionsOf(ANNA)).length, 2)
  await revisionsOf(ANNA)
  assert.equal((await snapshot()).unreadable, 1, 'counted once, however often it is met')
  assert.ok(await db.get('revisions', b))
  assert.equal((await revisionsOf(ANNA)).length, 2)
})

test('the same words are never sealed alike', async () => {
  const ivs = new Set<string>()
  for (let times = 0; times < 3000; times++) {
    const sealed = await seal('drafts', 'a', { words: 'same' }) as { iv: Uint8Array }
    ivs.add(sealed.iv.join())
  }
  assert.equal(ivs.size, 3000)
})

test('a write that another tab came before is decided again, over what that tab wrote', async () => {
  await setMeta('opened', ['a'])
  let runs = 0
  await inOne(['meta'], async (reading, change) => {
    const before = (await reading.get<string[]>('meta', 'opened'))!
    runs += 1
    if (runs === 1) await (await database()).put('meta', await seal('meta', 'opened', ['a', 'other tab']), 'opened')
    change({ store: 'meta', key: 'opened', body: [...before, 'mine'] })
  })
  assert.equal(runs, 2)
  assert.deepEqual(await meta('opened'), ['a', 'other tab', 'mine'])
})

test('what was decided over a whole store is decided again when one came in between', async () => {
  await save(doneToday(), anna)
  const seen: number[] = []
  await inOne(['revisions', 'meta'], async (reading, change) => {
    const all = await reading.all('revisions')
    if (seen.push(all.length) === 1) await (await database()).put('revisions', await seal('revisions', 'x', { owner: 'x' }), 'x')
    change({ store: 'meta', key: 'opened', body: [] })
    change({ store: 'revisions', key: 'y', body: {} })
    if (seen.length > 1) assert.equal((await reading.all('revisions')).length, all.length + 1, 'what was just decided is seen')
  })
  assert.deepEqual(seen, [1, 2])
})

/** A phone as the release before sealing left it: version 1, all in the clear. */
async function oldPhone(entries: number): Promise<void> {
  const kept = await Promise.all(Array.from({ length: entries }, (_, day) => save(doneToday(`2026-10-${day}#1`), anna)))
  await wipe()
  const db = await new Promise<IDBDatabase>((resolve) => {
    const request = indexedDB.open('meantime', 1)
    request.onupgradeneeded = () => STORES.forEach((name) => request.result.createObjectStore(name))
    request.onsuccess = () => resolve(request.result)
  })
  const transaction = db.transaction(STORES, 'readwrite')
  for (const one of kept) transaction.objectStore('revisions').put({ v: 0, body: one }, one.revision.revision_id)
  transaction.objectStore('meta').put({ v: 0, body: device({ preferred_name: 'SECRET-name' }) }, 'device')
  transaction.objectStore('meta').put({ v: 0, body: entries }, 'device_seq')
  transaction.objectStore('drafts').put({ v: 0, body: { key: 'd', answers: { a: 'SECRET-draft' } } }, 'd')
  await new Promise((resolve) => { transaction.oncomplete = resolve })
  db.close()
}

test('a phone from before is read as it is, then sealed, and goes on where it was stopped', async () => {
  await oldPhone(120)
  assert.equal((await waiting(ANNA)).length, 120)
  const puts = IDBObjectStore.prototype.put
  let left = 70
  // Killed in the second fifty.
  IDBObjectStore.prototype.put = function dying(this: IDBObjectStore, ...given: Parameters<typeof puts>) {
    if (this.name !== 'keys' && left-- <= 0) throw new DOMException('killed', 'AbortError')
    return puts.apply(this, given)
  } as typeof puts
  await assert.rejects(sealOld())
  IDBObjectStore.prototype.put = puts
  forgetKey()
  const versions = async () => (await lying(STORES)).map(({ record }) => (record as Sealed).v)
  assert.equal((await versions()).filter((v) => v === 1).length, 50)
  assert.equal((await waiting(ANNA)).length, 120, 'half sealed, all there')
  assert.equal(await sealOld(), 72)
  assert.equal(await sealOld(), 0)
  assert.doesNotMatch(await dump(), /SECRET|done/)
  forgetKey()
  assert.equal((await waiting(ANNA)).length, 120)
  assert.equal((await save(doneToday(), anna)).revision.device_seq, 121)
})

test('what is changed while old records are sealed keeps the change', async () => {
  await oldPhone(3)
  const [first] = await lying(['revisions'])
  const kept = (await waiting(ANNA))[0]!
  const stale = { ...first!, record: await seal('revisions', first!.key, kept) }
  await write([{ store: 'revisions', key: first!.key, body: { ...kept, state: 'sent' } }])
  assert.equal(await put(await database(), ['revisions'], [stale], [{ store: 'revisions', key: first!.key, found: [first!] }]), false)
  assert.equal((await waiting(ANNA)).length, 2)
})

test('a key that this browser lost locks the phone and wipes nothing', async () => {
  await save(doneToday(), anna)
  await (await database()).put('keys', {}, 'wraps')
  await (await database()).delete('keys', 'local')
  forgetKey()
  const all = await snapshot()
  assert.deepEqual([all.lock, all.waiting, all.revisions, all.device?.client_id, all.device?.preferred_name], ['sign-in', 1, [], ANNA, undefined])
  await assert.rejects(save(doneToday(), anna), { name: 'Error', message: 'sign-in' })
  assert.equal((await lying(['revisions'])).length, 1)
})

test('a copy from an app that is too old is in words where this phone opens by itself', async () => {
  await save(doneToday(), anna)
  assert.match(await rescued(), /"answer":\s*"done"/)
})

test('a browser that cannot seal keeps working, and says so of each record', async () => {
  const { subtle } = globalThis.crypto
  Object.defineProperty(globalThis.crypto, 'subtle', { value: undefined, configurable: true })
  forgetKey()
  await save(doneToday(), anna)
  Object.defineProperty(globalThis.crypto, 'subtle', { value: subtle, configurable: true })
  assert.deepEqual((await (await database()).getAll('revisions')).map(({ v }) => v), [0])
  assert.equal((await waiting(ANNA)).length, 1)
})
