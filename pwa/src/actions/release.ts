// The app's own releases: registers the worker, and takes a new release only when nothing is being written.
import { asOnlySender } from './oneSender.ts'

const CHECK_EVERY = 30 * 60_000
const AGAIN = 15_000
/** What a new screen fetches is here by then. */
const QUIET = 1000
/** So long nobody sends, at most, while the older worker ends. */
const ENDS_WITHIN = 3000

let writing = 0
let held: ServiceWorkerRegistration | null = null
let asked: ServiceWorker | null = null
/** A new worker took over while this page could not be loaded again. */
let owed = false
let soon: ReturnType<typeof setTimeout> | undefined
let onlyHere: () => Promise<boolean>

/** A worksheet is open: no new release until the returned function is called. */
export function whileWriting(): () => void {
  writing += 1
  return () => {
    writing -= 1
    atAQuietMoment()
  }
}

/** A new release was asked to take over and has not: the less is asked for meanwhile, the sooner it does. */
export function isAwaited(): boolean {
  return asked?.state === 'installed'
}

/**
 * Start the worker. Without one (plain http, old browser) the app works while there is a network.
 * `heldHereOnly`: whether this page alone holds something that loading it again would lose.
 */
export async function startWorker(heldHereOnly: () => Promise<boolean>): Promise<void> {
  if (!('serviceWorker' in navigator)) return
  onlyHere = heldHereOnly
  let controlled = navigator.serviceWorker.controller !== null
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    owed = controlled
    controlled = true
    if (owed) void loadAgain()
  })
  navigator.serviceWorker.addEventListener('message', (event: MessageEvent<{ open?: string }>) => {
    if (event.data?.open) location.hash = new URL(event.data.open, location.origin).hash
  })
  addEventListener('hashchange', atAQuietMoment)
  const script = address('/sw.js') as string
  const register = async () => {
    const registration = await navigator.serviceWorker.register(script, { updateViaCache: 'none' })
    if (registration === held) return
    held = registration
    atAQuietMoment()
    registration.addEventListener('updatefound', () => {
      const fresh = registration.installing
      fresh?.addEventListener('statechange', () => fresh.state === 'installed' && controlled && atAQuietMoment())
    })
  }
  // A first install that a poor signal broke off is tried again: nothing else would before the next start.
  const again = setInterval(() => (held?.active ? clearInterval(again) : void register().catch(() => undefined)), AGAIN)
  setInterval(() => void held?.update().catch(() => undefined), CHECK_EVERY)
  void askForIt()
  await register()
}

/** A worker that takes over while a page is still on its way passes it over: that page asks for it. */
async function askForIt(): Promise<void> {
  const { active } = await navigator.serviceWorker.ready
  if (!navigator.serviceWorker.controller) active?.postMessage('claim')
}

/** The server no longer takes what this release sends: fetch the next one now. */
export async function updateNow(): Promise<void> {
  await (await navigator.serviceWorker?.getRegistration())?.update().catch(() => undefined)
}

/** Something is being written, in a worksheet or in any other form. */
function busy(): boolean {
  return writing > 0 || document.querySelector('main textarea, main form') !== null
}

/** Not put off by further changes of the screen: somebody who looks around would never come to it. */
function atAQuietMoment(): void {
  soon ??= setTimeout(() => {
    soon = undefined
    void (owed ? loadAgain() : takeOver())
  }, QUIET)
}

/**
 * Ask the new worker to take over. Chromium ends the older one first, and a request that comes while it ends starts it
 * again; then it stays until none has come for 30 seconds, or for five minutes, however often it is asked. So it is asked
 * while nobody sends.
 */
async function takeOver(): Promise<void> {
  const fresh = held?.waiting
  if (!fresh) return
  if (busy()) return atAQuietMoment()
  if (fresh === asked) return fresh.postMessage('take-over')
  const ran = await asOnlySender(async () => {
    if (busy()) return
    asked = fresh
    fresh.postMessage('take-over')
    await changed(fresh)
  }, () => new Date())
  if (!ran || fresh !== asked) atAQuietMoment()
}

function changed(worker: ServiceWorker): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ENDS_WITHIN)
    worker.addEventListener('statechange', () => {
      clearTimeout(timer)
      resolve()
    }, { once: true })
  })
}

/** The new release is in charge: take its page, now or as soon as nothing is lost by it. */
async function loadAgain(): Promise<void> {
  // A store that does not open just now may hold anything: asked again.
  if (await onlyHere().catch(() => true) || busy()) return atAQuietMoment()
  owed = false
  location.reload()
}

/** The one Trusted Types policy: it lets through the worker's address and nothing else. */
function address(path: '/sw.js'): unknown {
  type Factory = { createPolicy(name: string, rules: object): { createScriptURL(text: string): unknown } }
  const factory = (globalThis as { trustedTypes?: Factory }).trustedTypes
  if (!factory) return path
  const createScriptURL = (text: string) => {
    if (text !== '/sw.js') throw new TypeError('only the worker')
    return text
  }
  return factory.createPolicy('meantime', { createScriptURL }).createScriptURL(path)
}
