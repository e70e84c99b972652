// The app's own releases: registers the worker, and takes a new release only when nothing is being written.

let writing = 0
let waitingWorker: ServiceWorker | null = null
const CHECK_EVERY = 30 * 60_000
const AGAIN = 15_000

/** A worksheet is open: no new release until the returned function is called. */
export function whileWriting(): () => void {
  writing += 1
  return () => {
    writing -= 1
    takeOver()
  }
}

/** Start the worker. Without one (plain http, old browser) the app works while there is a network. */
export async function startWorker(): Promise<void> {
  if (!('serviceWorker' in navigator)) return
  let controlled = navigator.serviceWorker.controller !== null
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (controlled && !busy()) location.reload()
    controlled = true
  })
  navigator.serviceWorker.addEventListener('message', (event: MessageEvent<{ open?: string }>) => {
    if (event.data?.open) location.hash = new URL(event.data.open, location.origin).hash
  })
  addEventListener('hashchange', () => setTimeout(takeOver, 500))
  const script = address('/sw.js') as string
  let held: ServiceWorkerRegistration | null = null
  const register = async () => {
    const registration = await navigator.serviceWorker.register(script, { updateViaCache: 'none' })
    if (registration === held) return
    held = registration
    offer(registration.waiting)
    registration.addEventListener('updatefound', () => {
      const fresh = registration.installing
      fresh?.addEventListener('statechange', () => fresh.state === 'installed' && controlled && offer(fresh))
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

function offer(worker: ServiceWorker | null): void {
  waitingWorker = worker
  takeOver()
}

/** Something is being written, in a worksheet or in any other form. */
function busy(): boolean {
  return writing > 0 || document.querySelector('main textarea, main form') !== null
}

function takeOver(): void {
  if (!busy()) waitingWorker?.postMessage('take-over')
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
