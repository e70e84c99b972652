// The key under which this phone's records are sealed: opened by itself on a phone without a PIN, else once the PIN was
// typed. It is in memory alone; how it lies on the phone, wrapped, is in wrapping.ts.
import { database, keepNothing, whenWiped, type Database } from './database.ts'
import { keepsNothing } from './online.ts'

export type Iv = Uint8Array<ArrayBuffer>
export type Box = { iv: Iv; box: ArrayBuffer }
/** Opens without a PIN: wrapped by a key that this browser holds and never gives out. */
export type Local = Box & { kek: CryptoKey }
/** Wrapped by the key that the service holds: `own` is that key, sealed under the data key, so that it can be handed over again. */
export type Spare = Box & { own: Box; device_id: string | null; owed: boolean }
/** `pin`: wrapped by the PIN. `device`: by the key that the service holds for this device. Either alone is enough. */
export type Wraps = { pin?: Box & { salt: Iv; rounds: number; wrong: number }; device?: Spare }

/** `pin`: it opens with the PIN. `sign-in`: with a new code, by the key that the service holds. */
export type Lock = 'pin' | 'sign-in'
export class Locked extends Error {
  readonly lock: Lock
  constructor(lock: Lock) {
    super(lock)
    this.lock = lock
  }
}

const GCM = 'AES-GCM'
const forgetters: (() => void)[] = []
let held: CryptoKey | null = null
let opening: Promise<CryptoKey | null> | null = null
whenWiped(() => forgetKey())

/** The key. Null where there is none yet and none is to be made, and where a browser cannot seal (plain http). */
export async function dataKey(make = false): Promise<CryptoKey | null> {
  if (held || !globalThis.crypto?.subtle) return held
  const at = opening ??= ownKey().finally(() => { if (opening === at) opening = null })
  return await at ?? (make ? firstKey() : null)
}

/** Where a browser keeps no key (Lockdown Mode) nothing is kept at all; but what lies there already is not hidden. */
async function firstKey(): Promise<CryptoKey | null> {
  const { newKey, NoKeyKept } = await import('./wrapping.ts')
  try {
    return holdKey(await newKey())
  } catch (error) {
    if (!(error instanceof NoKeyKept)) throw error
    if (await (await database()).get('meta', 'device')) return null
    keepNothing()
    return holdKey(await newKey())
  }
}

/** Whether what is here cannot be opened now, and by what it could be. */
export function lockedBy(): Promise<Lock | null> {
  return dataKey().then(() => null, (error: unknown) => {
    if (error instanceof Locked) return error.lock
    throw error
  })
}

/** Of what lies on this phone: nothing, or unsealed because this browser cannot seal, or opened by a PIN, or by itself. */
export type KeptHow = 'nothing' | 'unsealed' | 'pin' | 'open'

/** `paired`: there is something to seal; before that a phone has no key. */
export async function keptHow(paired: boolean): Promise<KeptHow> {
  if (keepsNothing()) return 'nothing'
  if (!globalThis.crypto?.subtle) return 'unsealed'
  const db: Database = await database()
  const wraps = await db.get('keys', 'wraps') as Wraps | undefined
  if (wraps?.pin) return 'pin'
  return paired && !held && !await db.get('keys', 'local').catch(() => null) ? 'unsealed' : 'open'
}

/** The key is known: from now on records open. */
export function holdKey(key: CryptoKey): CryptoKey {
  held = key
  return key
}

/** Forget the key and what was opened with it: the phone is locked, or was cleared. */
export function forgetKey(): void {
  held = opening = null
  forgetters.forEach((forget) => forget())
}

/** Be told when everything opened has to be forgotten. */
export function whenForgotten(forget: () => void): void {
  forgetters.push(forget)
}

async function ownKey(): Promise<CryptoKey | null> {
  const db: Database = await database()
  const [local, wraps] = await Promise.all([db.get('keys', 'local').catch(() => null), db.get('keys', 'wraps')])
  return keyOf(local as Local | null, wraps as Wraps | undefined)
}

/** The key, by what a phone holds. Null: it never had one. Throws `Locked` where it does not open by itself. */
export async function keyOf(local: Local | null | undefined, wraps: Wraps | undefined): Promise<CryptoKey | null> {
  if (!local && !wraps) return null
  if (wraps?.pin) throw new Locked('pin')
  const key = local && await unwrapped(local, local.kek, 'local').catch(() => null)
  if (!key) throw new Locked('sign-in')
  return holdKey(key)
}

/** The data key out of one of its wraps. Rejects when it is the wrong one. */
export function unwrapped({ iv, box }: Box, kek: CryptoKey, what: string): Promise<CryptoKey> {
  return crypto.subtle.unwrapKey('raw', box, kek, { name: GCM, iv, additionalData: named(what) }, GCM, true, ['encrypt', 'decrypt'])
}

/** What a wrap is bound to, so that it opens as nothing else. */
export function named(what: string): Iv {
  return new TextEncoder().encode(`key/${what}`)
}
