// A new release takes over at a quiet moment, in which nobody sends, and is not held up by what this tab asks for later.
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'

type Release = typeof import('../../pwa/src/actions/release.ts')
type Turn = (lock: object | null) => Promise<unknown>

const QUIET = 1000
const settled = async () => { for (let n = 0; n < 40; n++) await Promise.resolve() }

class Worker extends EventTarget {
  state = 'installed'
  told: unknown[] = []
  postMessage(message: unknown) { this.told.push(message) }
  is(state: string) {
    this.state = state
    this.dispatchEvent(new Event('statechange'))
  }
}

/** A tab whose new release is here and waits. Each has a copy of the module, as each tab has. */
class Tab {
  readonly fresh = new Worker()
  readonly container = Object.assign(new EventTarget(), { controller: {}, ready: new Promise<never>(() => undefined) })
  form = false
  reloads = 0
  sending = 0
  onlyHere = false
  release!: Release
  static count = 0

  static async open(context: TestContext): Promise<Tab> {
    context.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] })
    const tab = new Tab()
    const registration = Object.assign(new EventTarget(), { active: {}, installing: null, waiting: tab.fresh })
    const serviceWorker = Object.assign(tab.container, { register: async () => registration })
    Object.defineProperty(globalThis, 'navigator', { value: { serviceWorker, locks: { request: tab.#lock } }, configurable: true })
    Object.assign(globalThis, {
      addEventListener: () => undefined, document: { querySelector: () => tab.form ? {} : null },
      location: { reload: () => void (tab.reloads += 1) },
    })
    tab.release = await import(`../../pwa/src/actions/release.ts?tab=${Tab.count++}`) as Release
    await tab.release.startWorker(async () => tab.onlyHere)
    await settled()
    return tab
  }

  readonly #lock = async (_: string, __: object, turn: Turn): Promise<unknown> => {
    if (this.sending > 0) return turn(null)
    this.sending += 1
    try {
      return await turn({})
    } finally {
      this.sending -= 1
    }
  }

  /** The new worker took over: every page hears of it. */
  async taken(): Promise<void> {
    this.fresh.is('activating')
    this.container.dispatchEvent(new Event('controllerchange'))
    await settled()
  }
}

async function pass(context: TestContext, ms: number): Promise<void> {
  for (let gone = 0; gone < ms; gone += 100) {
    context.mock.timers.tick(100)
    await settled()
  }
}

test('it is asked a moment after the screen changed, not while that screen fetches what it needs', async (context) => {
  const tab = await Tab.open(context)
  await pass(context, QUIET - 100)
  assert.deepEqual(tab.fresh.told, [])
  await pass(context, 200)
  assert.deepEqual(tab.fresh.told, ['take-over'])
})

test('somebody who looks at one screen after another does not put it off', async (context) => {
  const tab = await Tab.open(context)
  for (let n = 0; n < 6; n++) {
    tab.release.whileWriting()()
    await pass(context, 200)
  }
  assert.deepEqual(tab.fresh.told, ['take-over'])
})

test('nothing is asked while something is written, or a form is open', async (context) => {
  const tab = await Tab.open(context)
  const allow = tab.release.whileWriting()
  await pass(context, 5000)
  tab.form = true
  allow()
  await pass(context, 5000)
  assert.deepEqual(tab.fresh.told, [])
})

test('it waits for a tab that sends, and is asked after it', async (context) => {
  const tab = await Tab.open(context)
  tab.sending = 1
  await pass(context, 5000)
  assert.deepEqual(tab.fresh.told, [])
  tab.sending = 0
  await pass(context, QUIET + 100)
  assert.deepEqual(tab.fresh.told, ['take-over'])
})

test('no tab sends from the moment it was asked until the older one is gone', async (context) => {
  const tab = await Tab.open(context)
  await pass(context, QUIET + 500)
  assert.equal(tab.sending, 1)
  tab.fresh.is('activating')
  await settled()
  assert.equal(tab.sending, 0)
})

test('one that does not come keeps nobody from sending for longer than three seconds, and not a second time', async (context) => {
  const tab = await Tab.open(context)
  await pass(context, QUIET + 3200)
  assert.equal(tab.sending, 0)
  tab.release.whileWriting()()
  await pass(context, QUIET + 100)
  assert.deepEqual([tab.fresh.told, tab.sending], [['take-over', 'take-over'], 0])
})

test('until it comes this tab asks for little, so that the older one comes to rest', async (context) => {
  const tab = await Tab.open(context)
  assert.equal(tab.release.isAwaited(), false)
  await pass(context, QUIET + 5000)
  assert.equal(tab.release.isAwaited(), true)
  await tab.taken()
  assert.equal(tab.release.isAwaited(), false)
})

test('the page is loaded again at once when nothing is written', async (context) => {
  const tab = await Tab.open(context)
  await tab.taken()
  assert.equal(tab.reloads, 1)
})

test('a page that was written in when another tab let the release in is loaded again after that, once', async (context) => {
  const tab = await Tab.open(context)
  const allow = tab.release.whileWriting()
  await tab.taken()
  await pass(context, 10_000)
  assert.equal(tab.reloads, 0)
  allow()
  await pass(context, 10_000)
  assert.equal(tab.reloads, 1)
})

test('a form that is half filled in, as the PIN may be, is not taken away', async (context) => {
  const tab = await Tab.open(context)
  tab.form = true
  await tab.taken()
  await pass(context, 10_000)
  assert.equal(tab.reloads, 0)
  tab.form = false
  await pass(context, 2000)
  assert.equal(tab.reloads, 1)
})

test('what only this page holds is sent before the page is loaded again', async (context) => {
  const tab = await Tab.open(context)
  tab.onlyHere = true
  await tab.taken()
  await pass(context, 10_000)
  assert.equal(tab.reloads, 0)
  tab.onlyHere = false
  await pass(context, 2000)
  assert.equal(tab.reloads, 1)
})

test('writing that begins while it is asked what only this page holds is not cut short', async (context) => {
  const tab = await Tab.open(context)
  const taken = tab.taken()
  tab.release.whileWriting()
  await taken
  await pass(context, 10_000)
  assert.equal(tab.reloads, 0)
})
