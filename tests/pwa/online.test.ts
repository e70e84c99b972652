// A phone that keeps nothing: all of it is in memory, who it is comes from the service, and nothing is called saved.
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { unwrap } from '../../pwa/node_modules/idb/build/index.js'
import FakeEvent from '../../pwa/node_modules/fake-indexeddb/build/esm/lib/FakeEvent.js'
import { ANNA, anna, ASSIGNMENT, DEV, doneToday, freshPhone, Server, storageOf } from './phone.ts'
import { myData } from '../../pwa/src/actions/leave.ts'
import { choosePin } from '../../pwa/src/actions/lock.ts'
import { changeOnlineOnly, learnWhoIAm } from '../../pwa/src/actions/online.ts'
import { onlyHere } from '../../pwa/src/actions/onlyHere.ts'
import { cycle } from '../../pwa/src/actions/cycle.ts'
import { moveIn } from '../../pwa/src/actions/pair.ts'
import { startWriting } from '../../pwa/src/actions/startWriting.ts'
import { database, STORES, wipe, type StoreTrouble } from '../../pwa/src/store/database.ts'
import { changeMeta, meta, setMeta, FIRST_SETTINGS } from '../../pwa/src/store/meta.ts'
import { chooseOnlineOnly, keepsNothing, onlineOnly } from '../../pwa/src/store/online.ts'
import { forgetKey } from '../../pwa/src/store/keys.ts'
import { lying } from '../../pwa/src/store/records.ts'
import { save, waiting } from '../../pwa/src/store/revisions.ts'
import { settle } from '../../pwa/src/store/settling.ts'
import { snapshot, type Snapshot } from '../../pwa/src/store/snapshot.ts'

const kept = new Map<string, string>()
globalThis.localStorage = storageOf(kept)
globalThis.matchMedia = (() => ({ matches: false })) as unknown as typeof matchMedia
let server: Server
const me = { device_id: 'd-1', client_id: ANNA, epoch: 'e1', device_seq: 41, service: {}, me: { preferred_name: 'Anna' } }

beforeEach(async () => {
  kept.clear()
  chooseOnlineOnly(null)
  await freshPhone()
  server = new Server()
  server.before = ({ path }) => (path.endsWith('/v1/device') ? { body: me } : path.endsWith('/device/key') ? { status: 204 } : undefined)
})

/** The browser's own databases, whatever the app uses now. */
async function onDisk(): Promise<number> {
  const names = (await indexedDB.databases()).map(({ name }) => name!)
  const counts = await Promise.all(names.map((name) => new Promise<number>((resolve) => {
    const request = indexedDB.open(name)
    request.onsuccess = () => {
      const db = request.result
      const stores = [...db.objectStoreNames]
      if (stores.length === 0) return db.close(), resolve(0)
      const reading = db.transaction(stores)
      let found = 0
      for (const store of stores) reading.objectStore(store).count().onsuccess = (event) => { found += (event.target as IDBRequest<number>).result }
      reading.oncomplete = () => (db.close(), resolve(found))
    }
  })))
  return counts.reduce((a, b) => a + b, 0)
}

test('a screen that reads while the choice is made does not make the database again', async (context) => {
  context.after(() => Reflect.deleteProperty(globalThis, 'caches'))
  Object.defineProperty(globalThis, 'caches', { value: { delete: () => new Promise((done) => setTimeout(done, 20)) }, configurable: true })
  await save(doneToday(), anna)
  const [kept] = await waiting(ANNA)
  await settle(new Map([[kept!.revision.revision_id, { state: 'sent', message: null }]]), new Date())
  let choosing = true
  const reading = (async () => { while (choosing) { await snapshot(); await new Promise(setImmediate) } })()
  assert.equal(await changeOnlineOnly(true), 'done')
  choosing = false
  await reading
  assert.deepEqual([onlineOnly(), (await indexedDB.databases()).map(({ name }) => name)], ['chosen', []])
})

test('a phone that keeps nothing writes nothing to it, and knows who it is from the service', async () => {
  assert.equal(await changeOnlineOnly(true), 'done')
  assert.deepEqual([onlineOnly(), (await snapshot()).device], ['chosen', null])
  assert.equal(await learnWhoIAm(), 'here')
  const all = await snapshot()
  assert.deepEqual([all.device?.client_id, all.settings.welcome, all.settings.notifications], [ANNA, 'finished', false])
  const writing = await startWriting({ assignment_id: ASSIGNMENT, slot: null })
  writing.answer('situation', 'On the bus')
  const made = await writing.finish(null)
  assert.equal(made?.revision.device_seq, 42, 'numbers go on where the last page left them')
  assert.equal(await cycle(() => new Date(), () => 0), 'done')
  assert.equal(server.stored.size, 1)
  assert.equal(await onDisk(), 0)
  await wipe() // the page is closed
  assert.deepEqual(await lying(STORES), [])
})

test('two tabs that keep nothing count on together: no number is given twice, and none is left out', async () => {
  assert.equal(await changeOnlineOnly(true), 'done')
  await learnWhoIAm()
  const first = await save(doneToday(), anna)
  assert.equal(first.revision.device_seq, 42)
  // Another tab: a memory of its own, in which the service's last word is all it knows.
  await setMeta('device_seq', 41)
  assert.equal((await save(doneToday(), anna)).revision.device_seq, 43)
  // A newer word of the service, of a page that is gone, counts too.
  await setMeta('device_seq', 50)
  assert.equal((await save(doneToday(), anna)).revision.device_seq, 51)
  // Another device of the same browser begins with its own.
  await changeMeta('device', { device_id: 'd-2' })
  await setMeta('device_seq', 0)
  assert.equal((await save(doneToday(), anna)).revision.device_seq, 1)
  await Promise.all([save(doneToday(), anna), save(doneToday(), anna)])
  assert.deepEqual((await waiting(ANNA)).map(({ revision }) => revision.device_seq), [1, 2, 3, 42, 43, 51])
})

test('without signal it says so; signed out it asks for a code', async () => {
  await changeOnlineOnly(true)
  server.before = () => 'no-network'
  assert.equal(await learnWhoIAm(), 'offline')
  server.before = () => ({ html: 'Free Wi-Fi' })
  assert.equal(await learnWhoIAm(), 'offline')
  server.before = () => ({ status: 401, body: { code: 'not-signed-in' } })
  assert.equal(await learnWhoIAm(), 'nobody')
})

test('what is not sent is sent first, before nothing is kept any more', async () => {
  await save(doneToday(), anna)
  assert.equal(await changeOnlineOnly(true), 'waits')
  assert.deepEqual([onlineOnly(), (await waiting(ANNA)).length], [null, 1])
  await cycle(() => new Date(), () => 0)
  assert.equal(await changeOnlineOnly(true), 'done')
})

test('a save that meets the choice is kept or refused, never called saved and lost', async () => {
  for (let wait = 0; wait < 40; wait += 1) {
    chooseOnlineOnly(null)
    await freshPhone()
    const choosing = changeOnlineOnly(true)
    for (let turn = 0; turn < wait; turn += 1) await new Promise(setImmediate)
    const said = await save(doneToday(), anna).then(() => 'saved', () => 'refused')
    await choosing
    assert.equal((await waiting(ANNA)).length, said === 'saved' ? 1 : 0, `after ${wait} turns it was ${said}`)
  }
})

test('the choice waits while another tab writes, and what waited for the choice is refused: its words stay on the screen', async () => {
  const { promise, resolve: written } = Promise.withResolvers<void>()
  void navigator.locks.request('meantime-writing', { mode: 'shared' }, () => promise) // another tab is writing
  const choosing = changeOnlineOnly(true)
  const saving = save(doneToday(), anna).then(() => 'saved', () => 'refused')
  await new Promise((done) => setTimeout(done, 20))
  assert.equal(onlineOnly(), null, 'nothing is decided yet')
  written()
  assert.deepEqual([await choosing, await saving], ['done', 'refused'])
})

test('what another person wrote here and did not send is counted before it is lost, and no word of it is shown', async () => {
  await save(doneToday(), anna)
  const refused = await save(doneToday(), anna)
  await settle(new Map([[refused.revision.revision_id, { state: 'refused', code: 'not-yours', message: null }]]), new Date())
  const sent = await save(doneToday(), anna)
  await settle(new Map([[sent.revision.revision_id, { state: 'sent', code: null, message: null }]]), new Date())
  const writing = await startWriting({ assignment_id: ASSIGNMENT, slot: null })
  writing.answer('situation', 'Half a page')
  await writing.flush()
  await setMeta('own_checks', { sheet: 's', until: '2027-01-01', first: '2026-11-01', kept: [{ id: '1', day: '2026-11-01', sheet: 's', answers: {} }] })
  assert.equal((await snapshot()).others, 0, 'all of it is Anna’s own')
  await moveIn({ ...me, device_id: 'd-2', client_id: DEV } as never, new Date())
  assert.deepEqual([(await snapshot()).others, onlyHere(await snapshot())], [4, 0], 'not sent, refused, half written, a monthly check')
  assert.equal(await changeOnlineOnly(true), 'would-lose')
  assert.equal((await waiting(ANNA)).length, 1)
  assert.doesNotMatch(await myData(), /Half a page|others/)
  assert.equal(await changeOnlineOnly(true, true), 'done')
})

test('behind the lock too, what another person did not send is counted before the phone is cleared', async () => {
  await save(doneToday(), anna)
  await moveIn({ ...me, device_id: 'd-2', client_id: DEV } as never, new Date())
  assert.equal(await choosePin('270418'), null)
  forgetKey()
  assert.deepEqual([(await snapshot()).lock, (await snapshot()).waiting, (await snapshot()).others], ['pin', 0, 1])
})

test('what is only here, and was never to be sent, is told before nothing is kept any more', async () => {
  const made = await save(doneToday(), anna)
  await settle(new Map([[made.revision.revision_id, { state: 'refused', code: 'not-yours', message: null }]]), new Date())
  const writing = await startWriting({ assignment_id: ASSIGNMENT, slot: null })
  writing.answer('situation', 'Half a page')
  await writing.flush()
  await setMeta('own_checks', { sheet: 's', until: '2027-01-01', first: '2026-11-01', kept: [{ id: '1', day: '2026-11-01', sheet: 's', answers: {} }] })
  assert.equal(onlyHere(await snapshot()), 3, 'refused, half written, a monthly check')
  assert.equal(await changeOnlineOnly(true), 'would-lose')
  assert.deepEqual([onlineOnly(), onlyHere(await snapshot())], [null, 3], 'all of it is still here')
  assert.equal(await changeOnlineOnly(true, true), 'done')
})

test('keeping things again learns who this is once, and keeps it', async () => {
  await changeOnlineOnly(true)
  await learnWhoIAm()
  assert.equal(await changeOnlineOnly(false), 'done')
  assert.equal(onlineOnly(), 'left')
  assert.equal(await learnWhoIAm(), 'here')
  assert.deepEqual([onlineOnly(), (await meta('device'))?.client_id], [null, ANNA])
  assert.ok(await onDisk() > 0)
})

test('f27: a browser without a database, or one that keeps no key, goes on in memory', async () => {
  await wipe()
  const own = globalThis.indexedDB
  Object.defineProperty(globalThis, 'indexedDB', { value: undefined, configurable: true, writable: true })
  await setMeta('opened', ['a'])
  assert.deepEqual([onlineOnly(), await meta('opened')], ['forced', ['a']])
  globalThis.indexedDB = own
  chooseOnlineOnly(null)
  await wipe()
  const restore = lockdown()
  await setMeta('opened', ['b'])
  restore()
  assert.deepEqual([onlineOnly(), await meta('opened')], ['forced', ['b']])
  chooseOnlineOnly(null)
  await wipe()
})

/** The browser refuses to open the database so many times. */
async function refusedToOpen(times: number): Promise<() => void> {
  (unwrap(await database() as never) as IDBDatabase).dispatchEvent(new FakeEvent('close') as never) // the app was restarted
  forgetKey()
  const open = indexedDB.open.bind(indexedDB)
  let left = times
  indexedDB.open = ((...given: Parameters<typeof open>) => {
    if (left-- > 0) throw new DOMException('not now', 'InvalidStateError')
    return open(...given)
  }) as typeof open
  return () => { indexedDB.open = open }
}

test('f31: a database that was there, and does not open for a while, is never taken for none: no PIN is skirted, nothing goes out of sight', async () => {
  await save(doneToday(), anna)
  assert.equal(await choosePin('270418'), null)
  for (const times of [1, 1000]) {
    const restore = await refusedToOpen(times)
    const all = await snapshot().catch((error: StoreTrouble) => error.kind)
    restore()
    assert.deepEqual(times === 1 ? (all as Snapshot).lock : all, times === 1 ? 'pin' : 'broken')
    assert.equal(onlineOnly(), null)
  }
  assert.deepEqual([(await snapshot()).lock, (await snapshot()).waiting], ['pin', 1])
})

test('f27: a browser that never opened a database, and refuses to, goes on in memory', async () => {
  await wipe()
  const own = indexedDB.open
  indexedDB.open = () => { throw new DOMException('private', 'InvalidStateError') }
  await setMeta('opened', ['c'])
  indexedDB.open = own
  assert.deepEqual([onlineOnly(), await meta('opened')], ['forced', ['c']])
  chooseOnlineOnly(null)
  await wipe()
})

test('a phone from before, in a browser that keeps no key, loses sight of nothing', async () => {
  await wipe()
  const db = await database()
  await db.put('meta', { v: 0, body: { client_id: ANNA } }, 'device')
  const restore = lockdown()
  await save(doneToday(), anna)
  assert.equal(await choosePin('270418'), 'no-key', 'a PIN would promise too much')
  restore()
  assert.equal(keepsNothing(), false)
  assert.deepEqual([(await waiting(ANNA)).length, (await db.getAll('revisions')).map(({ v }) => v)], [1, [0]])
})

/** Safari in Lockdown Mode: a key that cannot be read out cannot be kept. */
function lockdown(): () => void {
  const put = IDBObjectStore.prototype.put
  IDBObjectStore.prototype.put = function refusing(this: IDBObjectStore, ...given: Parameters<typeof put>) {
    if (this.name === 'keys' && (given[0] as { kek?: unknown }).kek) throw new DOMException('no', 'DataCloneError')
    return put.apply(this, given)
  } as typeof put
  return () => { IDBObjectStore.prototype.put = put }
}

test('leaving nothing behind: what was written goes from view once the service has it, and not before', async () => {
  await setMeta('settings', { ...FIRST_SETTINGS, leave_nothing: true })
  const made = await save({ subject: { kind: 'entry', assignment_id: ASSIGNMENT }, payload: { answers: { words: 'x' }, kept: false } }, anna)
  const id = made.revision.revision_id
  assert.equal((await snapshot()).revisions.length, 1, 'not sent yet')
  await settle(new Map([[id, { state: 'sent', code: null, message: null }]]), new Date())
  assert.equal((await snapshot()).revisions.length, 1, 'sent, and Today does not know yet what became of it')
  server.changes = [{ seq: 1, kind: 'revision', id, body: { revision: made.revision, content_hash: made.content_hash, received_at: '2026-11-22T10:00:01.000Z', mine: true, staff: false } }]
  await cycle(() => new Date(), () => 0)
  assert.equal((await snapshot()).revisions.length, 0)
  await changeMeta('settings', { leave_nothing: false })
  assert.equal((await snapshot()).revisions.length, 1, 'it is sealed here, for a service that is restored')
})

