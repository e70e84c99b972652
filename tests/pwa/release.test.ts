// The worker is registered until it is here, once, and its next release is heard of however late the first one came.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startWorker } from '../../pwa/src/actions/release.ts'

const AGAIN = 15_000
const NOTHING = async () => false
const CHECK_EVERY = 30 * 60_000

class Registration extends EventTarget {
  active: object | null = null
  installing: EventTarget & { state: string } | null = null
  waiting = null
  heard = 0
  updates = 0
  override addEventListener(...told: Parameters<EventTarget['addEventListener']>) {
    this.heard += 1
    super.addEventListener(...told)
  }
  async update() { this.updates += 1 }
}

/** A browser whose answers to `register` are these, the last one again and again. */
function browser(answers: (Registration | Error)[]): { asked: number } {
  const seen = { asked: 0 }
  const register = async () => {
    const answer = answers[Math.min(seen.asked++, answers.length - 1)]!
    if (answer instanceof Error) throw answer
    return answer
  }
  const ready = new Promise(() => undefined) // nothing took over yet
  const serviceWorker = Object.assign(new EventTarget(), { controller: null, register, ready })
  Object.defineProperty(globalThis, 'navigator', { value: { serviceWorker }, configurable: true })
  Object.assign(globalThis, { addEventListener: () => undefined, document: { querySelector: () => null } })
  return seen
}

const settled = async () => { for (let n = 0; n < 10; n++) await Promise.resolve() }

test('f37: what cannot be looked at for a moment may hold anything, and is looked at again before the new page comes', async (context) => {
  context.mock.timers.enable({ apis: ['setInterval', 'setTimeout'] })
  let [loaded, looked] = [0, 0]
  browser([new Registration()])
  Object.assign(navigator.serviceWorker, { controller: {} })
  Object.assign(globalThis, { location: { reload: () => { loaded += 1 } } })
  await startWorker(async () => {
    if (looked++ === 0) throw new Error('the store does not open')
    return false
  })
  navigator.serviceWorker.dispatchEvent(new Event('controllerchange'))
  await settled()
  assert.deepEqual([looked, loaded], [1, 0])
  context.mock.timers.tick(2000)
  await settled()
  assert.deepEqual([looked, loaded], [2, 1])
})

test('f37: a first registration that fails is tried again, and what follows it is not lost', async (context) => {
  context.mock.timers.enable({ apis: ['setInterval'] })
  const here = new Registration()
  const seen = browser([new TypeError('no network'), here])
  await startWorker(NOTHING).catch(() => undefined)
  context.mock.timers.tick(AGAIN)
  await settled()
  assert.deepEqual([seen.asked, here.heard], [2, 1])
  context.mock.timers.tick(CHECK_EVERY)
  await settled()
  assert.equal(here.updates, 1)
})

test('one that was thrown away with its broken install is followed no more, the next one is', async (context) => {
  context.mock.timers.enable({ apis: ['setInterval'] })
  const [broken, here] = [new Registration(), new Registration()]
  browser([broken, here])
  await startWorker(NOTHING)
  context.mock.timers.tick(AGAIN)
  await settled()
  context.mock.timers.tick(CHECK_EVERY)
  await settled()
  assert.deepEqual([here.heard, here.updates, broken.updates], [1, 1, 0])
})

test('one that takes its time is listened to once, and nothing is tried again once it is here', async (context) => {
  context.mock.timers.enable({ apis: ['setInterval'] })
  const here = new Registration()
  const seen = browser([here])
  await startWorker(NOTHING)
  context.mock.timers.tick(AGAIN)
  await settled()
  assert.deepEqual([seen.asked, here.heard], [2, 1])
  here.active = {}
  for (let n = 0; n < 5; n++) context.mock.timers.tick(AGAIN)
  await settled()
  assert.deepEqual([seen.asked, here.heard], [2, 1])
})
