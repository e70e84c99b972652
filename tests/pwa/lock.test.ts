// The lock: a PIN opens, ten wrong ones do not wipe, a new code opens what a forgotten PIN locked, and nothing strands.
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { ANNA, anna, DEV, doneToday, freshPhone, Server } from './phone.ts'
import { cycle } from '../../pwa/src/actions/cycle.ts'
import { isIdle, lockWhenIdle } from '../../pwa/src/actions/idle.ts'
import { choosePin, keepWithService, lockNow, signInAgain, signInOn, takePinOff, unlock } from '../../pwa/src/actions/lock.ts'
import { pairPhone } from '../../pwa/src/actions/pair.ts'
import { database, STORES } from '../../pwa/src/store/database.ts'
import { forgetKey, lockedBy, type Spare } from '../../pwa/src/store/keys.ts'
import { changeMeta, FIRST_SETTINGS, meta, setMeta } from '../../pwa/src/store/meta.ts'
import { inOne, lying, NotSaved, read } from '../../pwa/src/store/records.ts'
import { revisionsOf, save, waiting } from '../../pwa/src/store/revisions.ts'
import { snapshot } from '../../pwa/src/store/snapshot.ts'
import { hasPin, heldFor, nowOwed, setPin } from '../../pwa/src/store/wrapping.ts'

const PIN = '270418'
let server: Server
/** The keys the service holds, by device. */
let held: Map<string, string>
let paired: { device_id: string; client_id: string }
globalThis.matchMedia = (() => ({ matches: false })) as unknown as typeof matchMedia

beforeEach(async () => {
  await freshPhone()
  server = new Server()
  held = new Map()
  paired = { device_id: 'd-1', client_id: ANNA }
  server.before = ({ path, body }) => {
    const signedIn = { ...paired, epoch: 'e1', service: {}, me: { preferred_name: 'Anna' } }
    if (path.endsWith('/device/key')) return void held.set(paired.device_id, body.key), { status: 204 }
    if (path.endsWith('/key/release')) return held.has(body.device_id) ? { body: { key: held.get(body.device_id) } } : { status: 404, body: { code: 'not-yours' } }
    if (path.endsWith('/pair')) return { status: 201, body: signedIn }
    return path.endsWith('/v1/device') ? { body: signedIn } : undefined
  }
})

/** A phone with a PIN and one entry that waits, just started. */
async function lockedPhone(): Promise<void> {
  await save(doneToday(), anna)
  assert.equal(await choosePin(PIN), null)
  forgetKey()
}

/** The PIN is forgotten, and a new code opens it all: nothing here is lost. */
async function forgottenPin(): Promise<void> {
  forgetKey()
  paired = { device_id: 'd-2', client_id: ANNA }
  assert.deepEqual(await signInAgain('ABCD-EFGH-JKMN'), { open: true })
  assert.equal((await snapshot()).unreadable, 0)
}

test('a PIN locks what is here, and opens it without a network', async () => {
  await lockedPhone()
  const all = await snapshot()
  assert.deepEqual([all.lock, all.waiting, all.revisions, all.device?.preferred_name], ['pin', 1, [], undefined])
  assert.equal((await (await database()).get('keys', 'local')), undefined, 'nothing but the PIN opens it')
  server.before = () => 'no-network'
  assert.deepEqual(await unlock('000001'), { open: false, left: 9 })
  assert.deepEqual(await unlock(PIN), { open: true })
  assert.equal((await waiting(ANNA)).length, 1)
  assert.equal((await snapshot()).lock, null)
  lockNow()
  assert.equal(await lockedBy(), 'pin')
  await unlock('000001')
  assert.deepEqual(await unlock('000002'), { open: false, left: 8 }, 'a right one begins the count afresh')
})

test('a session that ended never locks out a PIN', async () => {
  await lockedPhone()
  await unlock(PIN)
  server.before = () => ({ status: 401, body: { code: 'not-signed-in' } })
  assert.equal(await cycle(() => new Date(), () => 0), 'stopped')
  assert.equal((await meta('device'))?.locked, true)
  forgetKey()
  assert.deepEqual(await unlock(PIN), { open: true })
  assert.deepEqual((await waiting(ANNA)).map(({ state }) => state), ['needs_sign_in'])
})

test('ten wrong PINs take the PIN away and not a byte of what is sealed; a new code opens it all again', async () => {
  await lockedPhone()
  const before = (await lying(STORES)).length
  for (let left = 9; left >= 0; left--) assert.deepEqual(await unlock('999999'), { open: false, left })
  assert.deepEqual(await unlock(PIN), { open: false, left: 0 }, 'the right one comes too late')
  assert.equal((await snapshot()).lock, 'sign-in')
  assert.equal((await lying(STORES)).length, before)
  paired = { device_id: 'd-2', client_id: ANNA }
  assert.deepEqual(await signInAgain('ABCD-EFGH-JKMN'), { open: true })
  const [kept] = await waiting(ANNA)
  assert.deepEqual([kept?.revision.payload, (await meta('device'))?.device_id, await hasPin()], [{ answer: 'done' }, 'd-2', false])
  assert.equal(server.calls.find(({ path }) => path.endsWith('/pair'))?.body.device_id, 'd-1')
  assert.equal(await heldFor(), 'd-2', 'the service holds a key for the new device')
  forgetKey()
  assert.equal((await snapshot()).lock, null, 'it opens by itself again')
})

test('more than ten PINs tried at once are ten, and the right one among the others opens nothing', async () => {
  await lockedPhone()
  const wrong = Array.from({ length: 24 }, (_, n) => String(500000 + n))
  const tried = await Promise.all([...wrong, PIN].map(unlock))
  assert.deepEqual(tried.filter(({ open }) => open), [])
  assert.deepEqual(await unlock(PIN), { open: false, left: 0 })
  assert.equal((await snapshot()).lock, 'sign-in')
})

test('a forgotten PIN costs a new code, and a signal that breaks off after it costs another try', async () => {
  await lockedPhone()
  paired = { device_id: 'd-2', client_id: ANNA }
  const usual = server.before
  server.before = (call) => (call.path.endsWith('/release') ? 'no-network' : usual(call))
  assert.deepEqual(await signInAgain('ABCD-EFGH-JKMN'), { open: false, why: 'no-key-yet' })
  assert.equal((await snapshot()).lock, 'pin')
  server.before = usual
  assert.deepEqual(await signInOn(), { open: true })
  assert.equal((await waiting(ANNA)).length, 1)
})

test('a code of somebody else opens nothing and changes nothing', async () => {
  await lockedPhone()
  const before = await lying(STORES)
  server.before = () => ({ status: 409, body: { code: 'invite-someone-else' } })
  assert.deepEqual(await signInAgain('ABCD-EFGH-JKMN'), { open: false, why: 'invite-someone-else' })
  assert.deepEqual((await lying(STORES)).length, before.length)
  assert.deepEqual(await unlock(PIN), { open: true })
})

for (const how of ['came and its answer did not', 'never came']) {
  test(`after a restore the key that ${how} is handed over again, and a forgotten PIN costs nothing`, async () => {
    await lockedPhone()
    await unlock(PIN)
    held.clear()
    const usual = server.before
    server.before = (call) => {
      if (call.path.endsWith('/push') && call.body.epoch !== 'e2') return { status: 409, body: { code: 'epoch-changed', epoch: 'e2' } }
      if (!call.path.endsWith('/device/key')) return usual(call)
      if (how !== 'never came') held.set(paired.device_id, call.body.key)
      return 'no-network'
    }
    assert.equal(await cycle(() => new Date(), () => 0), 'again')
    server.before = usual
    assert.equal(await keepWithService(), true)
    const waited = await save(doneToday('2026-11-20#1'), anna)
    await forgottenPin()
    assert.ok((await waiting(ANNA)).some(({ revision }) => revision.revision_id === waited.revision.revision_id))
  })
}

for (const how of ['owed again after a restore', 'that opens a phone with a forgotten PIN']) {
  test(`a spare key of an older app, ${how}, is followed by one that can be handed over again`, async () => {
    await lockedPhone()
    await unlock(PIN)
    const db = await database()
    const { device: { own: _, owed: __, ...older }, ...wraps } = (await db.get('keys', 'wraps')) as { device: Spare }
    await db.put('keys', { ...wraps, device: older }, 'wraps')
    if (how.startsWith('owed')) {
      held.clear()
      await nowOwed()
      assert.equal(await keepWithService(), true)
    }
    await forgottenPin()
    assert.deepEqual([await heldFor(), held.has('d-2')], ['d-2', true])
  })
}

test('two tabs that hand the key over at once hand over the same', async () => {
  await save(doneToday(), anna)
  const given: string[] = []
  const usual = server.before
  server.before = (call) => {
    if (call.path.endsWith('/device/key')) given.push(call.body.key)
    return usual(call)
  }
  assert.deepEqual(await Promise.all([keepWithService(), keepWithService()]), [true, true])
  assert.deepEqual(new Set(given), new Set([held.get('d-1')]))
  await choosePin(PIN)
  await forgottenPin()
})

test('a key that the service lost strands nobody who knows the PIN', async () => {
  await lockedPhone()
  held.clear()
  paired = { device_id: 'd-2', client_id: ANNA }
  assert.deepEqual(await signInAgain('ABCD-EFGH-JKMN'), { open: false, why: 'no-key-yet' })
  assert.deepEqual(await unlock(PIN), { open: true })
})

test('f30: a browser that lost its key opens with a new code; without any key what is there stays, and new words are sealed anew', async () => {
  await save(doneToday(), anna)
  assert.equal(await keepWithService(), true)
  await (await database()).delete('keys', 'local')
  forgetKey()
  assert.deepEqual(await signInAgain('ABCD-EFGH-JKMN'), { open: true })
  assert.equal((await waiting(ANNA)).length, 1)
  await (await database()).delete('keys', 'local')
  held.clear()
  forgetKey()
  assert.deepEqual(await signInAgain('ABCD-EFGH-JKMN'), { open: true })
  assert.equal((await lying(['revisions'])).length, 1)
  assert.ok((await snapshot()).unreadable > 0)
  await save(doneToday('2026-11-21#1'), anna)
  assert.equal((await revisionsOf(ANNA)).length, 1)
})

test('the first PIN waits until the service holds a spare key, and a weak one is refused', async () => {
  for (const easy of ['1111', '1234', '987654', '000000']) assert.equal(await choosePin(easy), 'easy')
  for (const short of ['123', '12a4', '']) assert.equal(await choosePin(short), 'short')
  const usual = server.before
  server.before = () => 'no-network'
  assert.equal(await choosePin(PIN), 'no-signal')
  assert.equal(await hasPin(), false)
  server.before = usual
  assert.equal(await choosePin(PIN), null)
  server.before = () => 'no-network'
  assert.equal(await choosePin('5790'), null, 'another PIN needs no signal')
  forgetKey()
  assert.deepEqual(await unlock('5790'), { open: true })
})

test('the PIN is turned off by who knows it', async () => {
  await lockedPhone()
  await unlock(PIN)
  assert.equal(await takePinOff('999999'), false)
  assert.equal(await takePinOff(PIN), true)
  forgetKey()
  assert.equal(await lockedBy(), null)
  assert.equal((await waiting(ANNA)).length, 1)
})

test('nothing is written while it is locked, and what is read in front of a lock is never written back', async () => {
  await setMeta('settings', { ...FIRST_SETTINGS, one_question: true })
  await lockedPhone()
  await assert.rejects(save(doneToday('2026-11-21#1'), anna), { message: 'pin' })
  await assert.rejects(changeMeta('settings', { last_opened_on: '2026-11-22' }, FIRST_SETTINGS), { message: 'pin' })
  await assert.rejects(inOne(['meta'], async (reading) => reading.get('meta', 'device')), (error) => !(error instanceof NotSaved))
  await assert.rejects(inOne(['revisions'], async (reading) => reading.all('revisions')), { message: 'pin' })
  await unlock(PIN)
  assert.deepEqual([(await meta('settings'))?.one_question, (await meta('device'))?.preferred_name], [true, 'Anna'])
})

test('a locked phone sends nothing, and one that the service ended is cleared all the same', async () => {
  await lockedPhone()
  assert.equal(await cycle(() => new Date(), () => 0), 'stopped')
  assert.equal(server.pushes().length, 0)
  server.before = () => ({ status: 401, body: { code: 'device-revoked', device_id: 'd-other' } })
  await cycle(() => new Date(), () => 0)
  assert.equal((await lying(['revisions'])).length, 1, 'another device is not this one')
  server.before = () => ({ status: 401, body: { code: 'device-revoked', device_id: 'd-1' } })
  globalThis.localStorage ??= { clear() {} } as Storage
  globalThis.sessionStorage ??= { clear() {} } as Storage
  await cycle(() => new Date(), () => 0)
  assert.deepEqual([await lying(STORES), (await snapshot()).device], [[], null])
})

test('an end that was said of the phone before clears nothing once a code was taken', async () => {
  await lockedPhone()
  const usual = server.before
  const ended = { status: 401, body: { code: 'device-revoked', device_id: 'd-1' } }
  server.before = (call) => (call.path.endsWith('/v1/device') ? ended : usual(call))
  const fetched = globalThis.fetch
  globalThis.fetch = (async (address: string, init: RequestInit) => {
    const answer = await fetched(address, init)
    if (String(address).endsWith('/v1/device')) await forgottenPin()
    return answer
  }) as typeof fetch
  await cycle(() => new Date(), () => 0)
  assert.deepEqual([(await lying(['revisions'])).length, (await meta('device'))?.device_id], [1, 'd-2'])
})

test('a picture that is taken while the phone is being locked counts as locked', async () => {
  await lockedPhone()
  await unlock(PIN)
  const taken = snapshot()
  forgetKey()
  assert.equal((await taken).lock, 'pin')
})

test('the next person on an open phone is asked for no PIN of the last', async () => {
  await lockedPhone()
  await unlock(PIN)
  paired = { device_id: 'd-9', client_id: DEV }
  assert.equal(await pairPhone('ABCD-EFGH-JKMN'), null)
  forgetKey()
  const all = await snapshot()
  assert.deepEqual([all.lock, all.device?.client_id, all.revisions], [null, DEV, []])
})

test('a PIN that was set half way, killed in between, leaves one way in', async () => {
  await save(doneToday(), anna)
  await keepWithService()
  const remove = IDBObjectStore.prototype.delete
  IDBObjectStore.prototype.delete = function dying(this: IDBObjectStore, ...given: Parameters<typeof remove>) {
    if (this.name === 'keys') throw new DOMException('killed', 'AbortError')
    return remove.apply(this, given)
  } as typeof remove
  await assert.rejects(setPin(PIN))
  IDBObjectStore.prototype.delete = remove
  forgetKey()
  const lock = await lockedBy()
  assert.ok(lock === null || (await unlock(PIN)).open)
  assert.equal((await waiting(ANNA)).length, 1)
})

test('it locks by itself after so many minutes without a touch', async (t) => {
  assert.equal(isIdle(0, 5 * 60_000 - 1, 5), false)
  assert.equal(isIdle(0, 5 * 60_000, 5), true)
  await lockedPhone()
  await unlock(PIN)
  await changeMeta('settings', { lock_after: 1 }, FIRST_SETTINGS)
  t.mock.timers.enable({ apis: ['setInterval'] })
  Object.defineProperty(globalThis, 'BroadcastChannel', { value: undefined }) // an open one keeps this process from ending
  const page = new EventTarget()
  globalThis.addEventListener = page.addEventListener.bind(page) as typeof addEventListener
  globalThis.document = page as Document
  let now = 0
  lockWhenIdle(() => now)
  await new Promise((resolve) => setTimeout(resolve, 50))
  now = 59_000
  page.dispatchEvent(new Event('pointerdown'))
  now = 100_000
  t.mock.timers.tick(10_000)
  assert.equal(await lockedBy(), null, 'touched 41 seconds ago')
  now = 120_000
  page.dispatchEvent(new Event('visibilitychange')) // taken out of the pocket: no timer ran there
  assert.equal(await lockedBy(), 'pin')
  delete (globalThis as { document?: unknown }).document
})

