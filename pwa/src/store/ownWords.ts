// The person's own words for a reminder, left where the worker finds them: sealed under a key of its own that no script
// can read out, for the worker shows them while the rest is locked. They never leave this phone.
import { openDB } from 'idb'
import { keepsNothing } from './online.ts'
import type { Settings } from './kinds.ts'
import { betweenTabs } from './tabs.ts'

const NAME = 'meantime-own'
const AT = '/own-words'
type Words = { level: number; words: string }

/**
 * Keep them for the worker, or take them away where they are not wanted, or where nothing is kept. `still`: whether the
 * phone is still theirs; asked again at the end, for somebody else may sign in while they are being sealed.
 */
export async function keepOwnWords({ level, words }: Settings['reminder'], still = async () => true): Promise<void> {
  if (!('caches' in globalThis)) return
  const wanted = level === 2 && words && !keepsNothing() && globalThis.crypto?.subtle
  await betweenTabs(NAME, async () => {
    if (!(await still())) return
    if (wanted) await seal({ level, words })
    if (!wanted || !(await still())) await drop()
  })
}

/** What an older app left in the clear. */
export async function sealOldWords(): Promise<void> {
  if (!('caches' in globalThis) || !globalThis.crypto?.subtle) return
  await betweenTabs(NAME, async () => {
    const kept = await (await caches.open(NAME)).match(AT)
    const old = (await kept?.json()) as { v: number; body: Words } | undefined
    if (old?.v === 0) await seal(old.body)
  })
}

/** Nothing of them stays, nor the key. In turn too: what is being sealed would come back. */
export function forgetOwnWords(): Promise<void> {
  return betweenTabs(NAME, drop)
}

async function drop(): Promise<void> {
  if ('caches' in globalThis) await caches.delete(NAME)
  // Not waited for: the worker may hold it for the moment in which it reads.
  if (globalThis.indexedDB) indexedDB.deleteDatabase(NAME)
}

/** One tab at a time: what two seal at once would lie under the key of the other. */
async function seal({ level, words }: Words): Promise<void> {
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const text = new TextEncoder().encode(JSON.stringify({ level, words }))
  const box = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await ownKey(), text)
  await (await caches.open(NAME)).put(AT, new Response(JSON.stringify({ v: 1, iv: [...iv], box: [...new Uint8Array(box)] })))
}

/** A new key each time: the one before opens nothing any more. */
async function ownKey(): Promise<CryptoKey> {
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  const db = await openDB(NAME, 1, { upgrade: (fresh) => void fresh.createObjectStore('keys') })
  await db.put('keys', key, 'own')
  db.close()
  return key
}
