// The worker: keeps the app's files for when there is no network, and shows reminders. It knows no worksheet and
// no database of theirs; own words come sealed from Cache Storage. The build fills in the version and the list of files.
const worker = self as unknown as ServiceWorkerGlobalScope

const VERSION = '__VERSION__'
const FILES: string[] = ['__FILES__']
const CACHE = `meantime-files-${VERSION}`
const OWN_WORDS = 'meantime-own'

worker.addEventListener('install', (event) => {
  // All or nothing: a release that cannot be fetched whole never takes over.
  const fresh = FILES.map((file) => new Request(file, { cache: 'reload' }))
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(fresh)))
})

worker.addEventListener('activate', (event) => event.waitUntil(takeOver()))

worker.addEventListener('message', (event) => {
  // Sent by a page on which nothing is being written; otherwise the next start takes the new release.
  if (event.data === 'take-over') void worker.skipWaiting()
  if (event.data === 'claim') event.waitUntil(worker.clients.claim())
})

worker.addEventListener('fetch', (event) => {
  const address = new URL(event.request.url)
  if (event.request.method !== 'GET' || address.origin !== worker.location.origin) return
  if (event.request.mode === 'navigate') {
    if (address.pathname === '/') event.respondWith(page(event.request))
  } else if (FILES.includes(address.pathname) || address.pathname.startsWith('/assets/')) {
    event.respondWith(file(event.request))
  }
})

worker.addEventListener('push', (event) => event.waitUntil(show(event.data)))

worker.addEventListener('notificationclick', (event) => {
  event.notification.close()
  const { code, proof } = (event.notification.data ?? {}) as Kept
  if (event.action === 'later') return event.waitUntil(later(code, proof))
  event.waitUntil(Promise.all([openAt(code ? `/#r=${encodeURIComponent(code)}` : '/'), tell('opened', code, proof)]))
})

// Not every browser says so, and none dependably: the app looks after it on each opening too.
worker.addEventListener('pushsubscriptionchange', (event) => (event as ExtendableEvent).waitUntil(subscribeAgain()))

async function takeOver(): Promise<void> {
  const releases = (await caches.keys()).filter((name) => name.startsWith('meantime-files-') && name !== CACHE)
  // The release before this one stays: another tab may still run it.
  await Promise.all(releases.slice(0, -1).map((name) => caches.delete(name)))
  await worker.clients.claim()
}

async function page(request: Request): Promise<Response> {
  const kept = await (await caches.open(CACHE)).match('/')
  return kept ?? fetch(request)
}

async function file(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request)
}

type Told = { title?: string; body?: string; tag?: string; data?: { proof?: string; later?: string } | null }
type Kept = { code?: string; proof?: string }

async function show(data: PushMessageData | null): Promise<void> {
  const told = read(data)
  const tag = told.tag ?? 'meantime'
  await worker.registration.showNotification(told.title ?? 'Meantime', {
    body: (await ownWords()) ?? told.body ?? '', tag, icon: '/icon-192.png', badge: '/icon-192.png',
    data: { code: told.tag, proof: told.data?.proof } satisfies Kept,
    ...(told.data?.later && { actions: [{ action: 'later', title: told.data.later }] }),
  } as NotificationOptions)
  await tell('shown', told.tag, told.data?.proof)
}

/** The browser gave up the address: take a new one, or say that there is none. */
async function subscribeAgain(): Promise<void> {
  const headers = { 'Content-Type': 'application/json', 'X-Sync-Protocol': '1' }
  const to = (method: string, path: string, body: unknown) => fetch(path, { method, credentials: 'same-origin', headers, body: JSON.stringify(body) })
  try {
    const { public_key } = (await (await fetch('/api/v1/push-key', { credentials: 'same-origin' })).json()) as { public_key: string }
    const { endpoint, keys } = (await worker.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: public_key })).toJSON()
    await to('PUT', '/api/v1/push-subscription', { endpoint, keys })
  } catch {
    if (Notification.permission !== 'granted') await to('POST', '/api/v1/push-subscription/lost', { why: 'permission-lost' }).catch(() => undefined)
  }
}

/** Says what became of a reminder: no cookie, no words, one try. Without a network it is lost, and nobody waits. */
async function tell(what: 'shown' | 'opened' | 'later', code?: string, proof?: string): Promise<boolean> {
  if (!code || !proof) return false
  const headers = { 'Content-Type': 'application/json', 'X-Sync-Protocol': '1' }
  const body = JSON.stringify({ code, proof, what })
  const signal = AbortSignal.timeout(10_000)
  const told = { method: 'POST', credentials: 'omit', keepalive: true, signal, headers, body } as const
  const reply = await fetch('/api/v1/reminders/told', told).catch(() => undefined)
  return reply?.status === 204
}

/** Once more in an hour. What could not be told is asked for on Today, where it waits for a network. */
async function later(code?: string, proof?: string): Promise<void> {
  if (!(await tell('later', code, proof))) await openAt('/')
}

function read(data: PushMessageData | null): Told {
  try {
    return (data?.json() as { notification?: Told } | undefined)?.notification ?? {}
  } catch {
    return {}
  }
}

/** The person's own words, when they chose to see them; they never left this phone (store/ownWords.ts seals them). */
async function ownWords(): Promise<string | null> {
  try {
    const kept = await (await caches.open(OWN_WORDS)).match('/own-words')
    const { v, body, iv, box } = (await kept!.json()) as { v: number; body: Own; iv: number[]; box: number[] }
    // In the clear: left by an older app, until this one is opened.
    const { level, words } = v === 0 ? body : await unsealed(new Uint8Array(iv), new Uint8Array(box))
    return level === 2 && words ? words : null
  } catch {
    return null
  }
}

type Own = { level: number; words: string }

async function unsealed(iv: Uint8Array<ArrayBuffer>, box: Uint8Array<ArrayBuffer>): Promise<Own> {
  const opening = indexedDB.open(OWN_WORDS, 1)
  opening.onupgradeneeded = () => opening.transaction!.abort() // The key is gone; nothing is made in its place.
  const db = await asked(opening)
  try {
    const key = (await asked(db.transaction('keys').objectStore('keys').get('own'))) as CryptoKey
    return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, box))) as Own
  } finally {
    db.close()
  }
}

function asked<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error!)
  })
}

async function openAt(address: string): Promise<void> {
  const [open] = await worker.clients.matchAll({ type: 'window', includeUncontrolled: false })
  if (!open) return void (await worker.clients.openWindow(address))
  open.postMessage({ open: address })
  await open.focus().catch(() => undefined)
}
