// The browser signs in as a device that the app does not know of: the answer to a pairing was cut off after its head.
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { ANNA, anna, DEV, doneToday, freshPhone, Server } from './phone.ts'
import { cycle } from '../../pwa/src/actions/cycle.ts'
import { meta } from '../../pwa/src/store/meta.ts'
import { revisionsOf, save } from '../../pwa/src/store/revisions.ts'

let server: Server
const run = () => cycle(() => new Date('2026-11-22T10:00:00.000Z'), () => 0.5)
const states = async () => (await revisionsOf(ANNA)).map((kept) => kept.state)

/** The server knows this browser as the device d-2 of `client_id`. */
function signedInAs(client_id: string) {
  server.before = ({ path, body }) => {
    if (path.endsWith('/device')) return { body: { device_id: 'd-2', client_id, epoch: 'e1', service: {}, me: { preferred_name: '' } } }
    const says = path.endsWith('/push') ? body.device_id : new URL(path, 'http://localhost').searchParams.get('device')
    return says !== 'd-2' && /push|pull/.test(path) ? { status: 409, body: { code: 'epoch-changed', epoch: 'e1', message: '', fields: {} } } : undefined
  }
}

beforeEach(async () => {
  await freshPhone()
  server = new Server()
})

test('another device of the same person: the app takes its name, and what waited is sent', async () => {
  await save(doneToday(), anna)
  signedInAs(ANNA)
  assert.equal(await run(), 'again')
  assert.equal((await meta('device'))!.device_id, 'd-2')
  assert.equal(await run(), 'done')
  assert.deepEqual(await states(), ['sent'])
})

test('another person’s device: nothing is sent or fetched, all is kept, and a new code is asked for', async () => {
  await save(doneToday(), anna)
  signedInAs(DEV)
  assert.equal(await run(), 'stopped')
  assert.equal((await meta('device'))!.locked, true)
  assert.deepEqual(await states(), ['needs_sign_in'])
  assert.equal(server.stored.size, 0)
})

test('with nothing to send, another person’s changes are not fetched either', async () => {
  signedInAs(DEV)
  assert.equal(await run(), 'stopped')
  assert.equal((await meta('device'))!.locked, true)
})

test('whose device it is cannot be heard now: tried again later, not at once', async () => {
  await save(doneToday(), anna)
  signedInAs(ANNA)
  const known = server.before
  server.before = (call) => (call.path.endsWith('/device') ? 'no-network' : known(call))
  assert.equal(await run(), 'later')
  assert.ok((await meta('sync'))!.next_try_at > 0)
})

test('the end of a cycle says of which device it speaks: a code taken since the pull changes that, and no count is told of another', async () => {
  const others: unknown[] = []
  server.before = ({ path, body }) => {
    if (path.endsWith('/v1/device')) return { body: { device_id: 'd-2', client_id: ANNA, epoch: 'e1', service: {}, me: { preferred_name: '' } } }
    if (!path.endsWith('/contact')) return undefined
    if (body.device_id === 'd-2') return undefined
    others.push(body.device_id)
    return { status: 409, body: { code: 'epoch-changed', epoch: 'e1', message: '', fields: {} } }
  }
  await save(doneToday(), anna)
  assert.equal(await run(), 'again')
  assert.deepEqual([others, (await meta('device'))!.device_id, (await meta('sync'))?.counts], [['d-1'], 'd-2', undefined])
  assert.equal(await cycle(() => new Date('2026-11-22T10:00:00.000Z'), () => 0.5, true), 'done')
})
