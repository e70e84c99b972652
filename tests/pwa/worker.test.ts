// The worker when the browser gave up the address of this phone: a new one, or word that there is none.
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'

type Handler = (event: { waitUntil(work: Promise<unknown>): void }) => void

const handlers: { [name: string]: Handler } = {}
const calls: { path: string; method: string; body: unknown }[] = []
let subscribe: () => Promise<unknown>

Object.assign(globalThis, {
  self: globalThis,
  addEventListener: (name: string, handler: Handler) => void (handlers[name] = handler),
  registration: { pushManager: { subscribe: () => subscribe() } },
  Notification: { permission: 'granted' },
  fetch: async (path: string, init: RequestInit = {}) => {
    calls.push({ path, method: init.method ?? 'GET', body: init.body ? JSON.parse(String(init.body)) : null })
    return { json: async () => ({ public_key: 'B-key' }) }
  },
})
await import('../../pwa/src/sw.ts')

async function changed(): Promise<void> {
  const work: Promise<unknown>[] = []
  handlers['pushsubscriptionchange']!({ waitUntil: (one) => void work.push(one) })
  await Promise.all(work)
}

beforeEach(() => {
  calls.length = 0
  Object.assign(globalThis, { Notification: { permission: 'granted' } })
})

test('a new address is taken and told', async () => {
  const address = { endpoint: 'https://push.test/2', keys: { p256dh: 'p', auth: 'a' } }
  subscribe = async () => ({ toJSON: () => address })
  await changed()
  assert.deepEqual(calls.slice(1), [{ path: '/api/v1/push-subscription', method: 'PUT', body: address }])
})

test('without permission the service is told that nothing comes any more', async () => {
  subscribe = async () => Promise.reject(new Error('no'))
  Object.assign(globalThis, { Notification: { permission: 'denied' } })
  await changed()
  assert.deepEqual(calls.slice(1), [{ path: '/api/v1/push-subscription/lost', method: 'POST', body: { why: 'permission-lost' } }])
})

test('trouble that is none of the permission tells nothing wrong', async () => {
  subscribe = async () => Promise.reject(new Error('no network'))
  await changed()
  assert.deepEqual(calls.slice(1), [])
})
