// The door out of local storage; the one in is seal.ts. Every record is sealed with AES-256-GCM under this phone's data
// key, bound to the place where it lies, so that one that was moved does not open. What the app needs before it is
// unlocked lies in front of the sealed part, in the clear: no word of anybody is in it (docs/on-the-phone.md).
import { dataKey, Locked, whenForgotten, type Iv } from './keys.ts'

/** v0 is in the clear: what no person wrote, what an older app wrote, and all of it where a browser cannot seal. */
export type Sealed = Sealed0 | Sealed1
type Sealed0 = { v: 0; body: unknown }
type Sealed1 = { v: 1; iv: Iv; body: ArrayBuffer; front?: object }

export const text = new TextEncoder()
const damaged = new Set<string>()
/** What was opened before, by place: a picture of the store is drawn after each write, and little of it is new. */
const known = new Map<string, { iv: Iv; body: unknown }>()
whenForgotten(() => {
  known.clear()
  damaged.clear()
})

/**
 * What a record holds. Undefined when there is none, or when it cannot be read: then it is counted, and left alone.
 * Throws `Locked` while the phone is locked.
 */
export async function open<T>(store: string, key: string, record: unknown): Promise<T | undefined> {
  if (record === undefined) return undefined
  const place = `${store}/${key}`
  const sealed = record as Partial<Sealed1> | Sealed0 | null
  if (sealed?.v === 0 && 'body' in sealed) return sealed.body as T
  try {
    if (sealed?.v !== 1) throw new TypeError('of another version')
    const data = await dataKey()
    const before = known.get(place)
    if (before && isSame(before.iv, sealed.iv!)) return before.body as T
    const opened = await crypto.subtle.decrypt(bound(sealed.iv!, place), data!, sealed.body!)
    const body = JSON.parse(new TextDecoder().decode(opened)) as T
    known.set(place, { iv: sealed.iv!, body })
    damaged.delete(place)
    return body
  } catch (error) {
    if (error instanceof Locked) throw error
    damaged.add(place)
    return undefined
  }
}

/** The same, to be looked at and not built upon: of a locked record there is what lies in front of it, in `meta` alone. */
export async function openFront<T>(store: string, key: string, record: unknown): Promise<T | undefined> {
  return open<T>(store, key, record).catch((error: unknown) => {
    if (error instanceof Locked) return store === 'meta' ? (record as { front?: T }).front : undefined
    throw error
  })
}

export function isSame(one: Iv, other: Iv): boolean {
  return one.every((byte, at) => byte === other[at])
}

export function bound(iv: Iv, place: string): AesGcmParams {
  return { name: 'AES-GCM', iv, additionalData: text.encode(place) }
}

/** How many records could not be read since the app was opened. */
export function unreadable(): number {
  return damaged.size
}
