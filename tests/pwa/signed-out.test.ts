// A phone that is signed out sends nothing, and asks one thing: whether the service ended it. Only that word ends it here too.
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { ANNA, anna, DEV, device, doneToday, freshPhone, Server, storageOf } from './phone.ts'
import { cycle } from '../../pwa/src/actions/cycle.ts'
import { choosePin } from '../../pwa/src/actions/lock.ts'
import { moveIn } from '../../pwa/src/actions/pair.ts'
import { syncNow } from '../../pwa/src/actions/synchronise.ts'
import { forgetKey } from '../../pwa/src/store/keys.ts'
import { changeMeta, FIRST_SETTINGS, meta, NO_SYNC, setMeta } from '../../pwa/src/store/meta.ts'
import { revisionsOf, save, waiting } from '../../pwa/src/store/revisions.ts'

const NOW = new Date('2026-11-22T10:00:00.000Z')
const ENDED = { status: 401, body: { code: 'device-revoked', device_id: 'd-1', message: '', fields: {} } }
const paired = (device_id: string, client_id: string) => ({ device_id, client_id, epoch: 'e1', service: {}, me: { preferred_name: 'Anna' } })
let server: Server
globalThis.matchMedia = (() => ({ matches: false })) as unknown as typeof matchMedia

beforeEach(async () => {
  await freshPhone()
  server = new Server()
  await changeMeta('settings', { welcome: 'finished' }, FIRST_SETTINGS)
  await save(doneToday(), anna)
  server.before = () => ({ status: 401, body: { code: 'device-copied', message: '', fields: {} } })
  assert.equal(await run(), 'stopped')
  server.calls.length = 0
})

const run = () => cycle(() => NOW, () => 0.5)
const states = async () => (await revisionsOf(ANNA)).map(({ state }) => state)

test('it asks whose device it is and nothing else, and nothing of it is sent', async () => {
  assert.equal(await run(), 'stopped')
  assert.deepEqual(server.calls.map(({ path }) => path), ['/api/v1/device'])
  assert.deepEqual([await states(), (await meta('device'))!.locked], [['needs_sign_in'], true])
})

test('ended by staff meanwhile, it says how much was not sent, and clears nothing by itself', async () => {
  server.before = () => ENDED
  assert.equal(await run(), 'stopped')
  assert.deepEqual((await meta('device'))!.revoked, { unsent: 1, at: NOW.toISOString() })
  assert.deepEqual(await states(), ['needs_sign_in'])
  server.calls.length = 0
  assert.equal(await run(), 'stopped')
  assert.equal(server.calls.length, 0, 'one that knows it asks no more')
})

for (const [name, answer] of Object.entries({
  'a sign-in that is none': { status: 401, body: { code: 'not-signed-in' } },
  'a sign-in that was used on two phones': { status: 401, body: { code: 'device-copied' } },
  'the end of another device': { status: 401, body: { code: 'device-revoked', device_id: 'd-2' } },
  'an end that names no device': { status: 401, body: { code: 'device-revoked' } },
  'an end that was not said by us': { status: 401, html: '{"code": "device-revoked", "device_id": "d-1"}' },
  'the word of an end that comes as no refusal': { status: 200, body: { code: 'device-revoked', device_id: 'd-1' } },
  'a server that broke': { status: 500, body: { code: 'broken' } },
  'no network': 'no-network' as const,
})) {
  test(`${name} ends nothing here, and all of it is kept`, async () => {
    server.before = () => answer
    assert.equal(await run(), 'stopped')
    const now = (await meta('device'))!
    assert.deepEqual([now.revoked, now.locked, await states()], [null, true, ['needs_sign_in']])
  })
}

test('an end that was said of it before a code was taken ends nothing after that', async () => {
  server.before = () => ENDED
  const fetched = globalThis.fetch
  globalThis.fetch = (async (address: string, init: RequestInit) => {
    const answer = await fetched(address, init)
    await moveIn(paired('d-2', ANNA) as unknown as Parameters<typeof moveIn>[0], NOW)
    return answer
  }) as typeof fetch
  await run()
  const now = (await meta('device'))!
  assert.deepEqual([now.device_id, now.revoked, now.locked], ['d-2', null, false])
})

test('a code was taken and its answer was lost: it finds out, and sends what waited', async () => {
  server.before = ({ path }) => (path.endsWith('/v1/device') ? { body: paired('d-2', ANNA) } : undefined)
  assert.equal(await run(), 'again')
  assert.equal((await waiting(ANNA)).length, 1)
  assert.equal(await run(), 'done')
  const now = (await meta('device'))!
  assert.deepEqual([now.device_id, now.locked, await states()], ['d-2', false, ['sent']])
  assert.equal(server.pushes()[0]!.body.device_id, 'd-2')
})

test('where the service was restored meanwhile, it gives all of it again', async () => {
  server.before = () => undefined
  await setMeta('device', device())
  assert.equal(await run(), 'done')
  assert.deepEqual(await states(), ['sent'])
  await changeMeta('device', { locked: true })
  server.calls.length = 0
  const again = { ...paired('d-1', ANNA), epoch: 'e2' }
  server.before = ({ path }) => (path.endsWith('/v1/device') ? { body: again } : undefined)
  assert.equal(await run(), 'again')
  const now = (await meta('device'))!
  assert.deepEqual([now.epoch, now.locked, await states()], ['e2', false, ['pending']])
})

test('ended while it is locked with a PIN it is cleared at once, signed out or not', async () => {
  server.before = ({ path }) => (path.endsWith('/key') ? { status: 204 } : ENDED)
  assert.equal(await choosePin('270418'), null)
  forgetKey()
  Object.assign(globalThis, { localStorage: storageOf(), sessionStorage: storageOf() })
  assert.equal(await run(), 'stopped')
  assert.equal(await meta('device'), undefined)
  assert.deepEqual(await revisionsOf(ANNA), [])
})

test('signed in as somebody else it stays signed out', async () => {
  server.before = () => ({ body: paired('d-2', DEV) })
  assert.equal(await run(), 'stopped')
  const now = (await meta('device'))!
  assert.deepEqual([now.device_id, now.locked, await states()], ['d-1', true, ['needs_sign_in']])
})

test('one that was paired anew and never signed out asks as it did', async () => {
  await setMeta('device', device())
  server.before = () => undefined
  await run()
  assert.equal(server.calls.some(({ path }) => path.endsWith('/v1/device')), false)
})

for (const [name, lock] of Object.entries({
  'signed out': async () => undefined,
  'locked with a PIN': async () => {
    await setMeta('device', device())
    server.before = ({ path }) => (path.endsWith('/key') ? { status: 204 } : { status: 401, body: { code: 'not-signed-in' } })
    assert.equal(await choosePin('270418'), null)
    forgetKey()
  },
})) {
  test(`${name}, an open page asks once a minute, also where the last thing sent had failed`, { timeout: 15_000 }, async (context) => {
    Object.assign(globalThis, { localStorage: storageOf(), document: { visibilityState: 'visible' } })
    await changeMeta('sync', { failures: 3 }, NO_SYNC)
    await lock()
    const planned: number[] = []
    const usual = globalThis.setTimeout
    const made: ReturnType<typeof setTimeout>[] = []
    context.after(() => { globalThis.setTimeout = usual; made.forEach(clearTimeout) })
    const noted = new Promise<void>((done) => {
      globalThis.setTimeout = ((run: () => void, delay = 0) => {
        // 8 s is how long an answer is waited for; all else here is when the next round is to be.
        if (delay !== 8_000) done(void planned.push(delay))
        made.push(usual(run, delay === 8_000 ? delay : 0x7fffffff))
        return made.at(-1)!
      }) as typeof setTimeout
    })
    await syncNow()
    await noted
    assert.deepEqual(planned, [60_000])
  })
}
