// Without Web Locks (a plain http address): one tab sends, and another takes over within 5 seconds from one that was killed.
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { storageOf } from './phone.ts'
import { asOnlySender } from '../../pwa/src/actions/oneSender.ts'

const kept = new Map<string, string>()
globalThis.localStorage = storageOf(kept)
const real = globalThis.navigator
const NEVER = new Promise<void>(() => undefined)
let now = 1_000_000
const clock = () => new Date(now)

beforeEach(() => {
  kept.clear()
  Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true })
})
process.on('exit', () => Object.defineProperty(globalThis, 'navigator', { value: real, configurable: true }))

test('a tab that works for long keeps the others out', async (context) => {
  context.mock.timers.enable({ apis: ['setInterval'] })
  void asOnlySender(() => NEVER, clock)
  for (let second = 0; second < 60; second += 1) {
    now += 1000
    context.mock.timers.tick(1000)
    assert.equal(await asOnlySender(async () => undefined, clock), false)
  }
})

test('f21: of a tab that was killed nothing beats any more, and another sends within 5 seconds', async (context) => {
  context.mock.timers.enable({ apis: ['setInterval'] })
  void asOnlySender(() => NEVER, clock)
  now += 4000 // no tick: the tab is gone
  assert.equal(await asOnlySender(async () => undefined, clock), false)
  now += 1001
  assert.equal(await asOnlySender(async () => undefined, clock), true)
})

test('a killed tab keeps nobody out for years when the clock was put back meanwhile', async (context) => {
  context.mock.timers.enable({ apis: ['setInterval'] })
  void asOnlySender(() => NEVER, clock)
  now -= 10 * 365 * 86_400_000
  assert.equal(await asOnlySender(async () => undefined, clock), true)
})

test('one that has finished, or failed, leaves the way free at once, and beats no more', async (context) => {
  context.mock.timers.enable({ apis: ['setInterval'] })
  assert.equal(await asOnlySender(async () => undefined, clock), true)
  await assert.rejects(asOnlySender(() => Promise.reject(new Error('no network')), clock))
  context.mock.timers.tick(10_000)
  assert.equal(kept.size, 0)
  assert.equal(await asOnlySender(async () => undefined, clock), true)
})
