// How the data key lies on this phone, wrapped: by a key this browser never gives out, or by a PIN; and besides by one
// that the service holds. What is wrapped for one way in does not open by another.
import { database } from './database.ts'
import { dataKey, holdKey, named, unwrapped, type Box, type Iv, type Local, type Spare, type Wraps } from './keys.ts'

const GCM = 'AES-GCM'
/** PBKDF2 with SHA-256: trust reference B8 asks for so many and more. */
const ROUNDS = 600_000
export const WRONG_PINS = 10

/** This browser cannot keep a key that it never gives out (Lockdown Mode). */
export class NoKeyKept extends Error {}

/** A data key for a phone that has none, which opens by itself. Another tab's that came first is taken. */
export async function newKey(): Promise<CryptoKey> {
  const fresh = await crypto.subtle.generateKey({ name: GCM, length: 256 }, true, ['encrypt', 'decrypt'])
  const local = await localWrap(fresh)
  const db = await database()
  const transaction = db.transaction('keys', 'readwrite', { durability: 'strict' })
  const [first, wraps] = await Promise.all([transaction.store.get('local'), transaction.store.get('wraps')])
  if (first || wraps) {
    await transaction.done
    return (await dataKey())!
  }
  await kept(() => transaction.store.put(local, 'local'))
  await transaction.done
  return fresh
}

/** Whether a PIN is asked for. */
export async function hasPin(): Promise<boolean> {
  return (await wraps()).pin !== undefined
}

/** From now on the PIN opens this phone, and nothing else does without a network. */
export async function setPin(pin: string): Promise<void> {
  const [salt, key] = [random(16), (await dataKey())!]
  const wrap = { ...await wrapped(key, await ofPin(pin, salt, ROUNDS), 'pin'), salt, rounds: ROUNDS, wrong: 0 }
  await change((now) => ({ ...now, pin: wrap }), null)
}

/** No PIN any more: it opens by itself again. Only for a phone that is open. */
export async function dropPin(): Promise<void> {
  const local = await localWrap((await dataKey())!)
  await change(({ pin: _, ...now }) => now, local)
}

export type Tried = { open: true } | { open: false; left: number }

/** Try a PIN. Each try is counted before it is made; after ten wrong ones the PIN opens nothing any more, and a new code does. */
export async function openWithPin(pin: string): Promise<Tried> {
  const before = await change((now) => (now.pin ? { ...now, pin: { ...now.pin, wrong: now.pin.wrong + 1 } } : now))
  if (!before.pin) return { open: false, left: 0 }
  // More than ten were begun at once, in several tabs, or the tenth was killed: no other is made.
  if (before.pin.wrong > WRONG_PINS) return gone()
  try {
    const key = await unwrapped(before.pin, await ofPin(pin, before.pin.salt, before.pin.rounds), 'pin')
    await change((now) => (now.pin ? { ...now, pin: { ...now.pin, wrong: 0 } } : now))
    holdKey(key)
    return { open: true }
  } catch {
    const left = Math.max(0, WRONG_PINS - before.pin.wrong)
    return left === 0 ? gone() : { open: false, left }
  }
}

/** The words stay, sealed: only this way in is gone. */
async function gone(): Promise<Tried> {
  await change(({ pin: _, ...now }) => now)
  return { open: false, left: 0 }
}

/** Whether a PIN is the right one, on a phone that is open. */
export async function isPin(pin: string): Promise<boolean> {
  const { pin: wrap } = await wraps()
  return !!wrap && unwrapped(wrap, await ofPin(pin, wrap.salt, wrap.rounds), 'pin').then(() => true, () => false)
}

/** The device under whose key this phone's is wrapped at the service, if any. */
export async function heldFor(): Promise<string | null> {
  return (await wraps()).device?.device_id ?? null
}

/** Whether the service holds it for this device, for all this phone knows. */
export async function isHeld(device_id: string): Promise<boolean> {
  const { device } = await wraps()
  return device?.device_id === device_id && !device.owed
}

/**
 * The key for the service to hold. It is made once, and kept before it is handed over: whichever tab hands it over, however
 * often, and whatever became of the answer, what the service holds opens what lies here.
 */
export async function forService(): Promise<string> {
  const key = (await dataKey())!
  const fresh = await spare(key)
  // An older app did not keep the key that it handed over: another takes its place.
  const { device } = await change((now) => (now.device?.own ? now : { ...now, device: fresh }))
  const { iv, box } = device!.own
  const raw = await crypto.subtle.decrypt({ name: GCM, iv, additionalData: named('own') }, key, box)
  return btoa(String.fromCharCode(...new Uint8Array(raw)))
}

/** The service said that it holds the key for this device. */
export async function nowHeld(device_id: string): Promise<void> {
  await change((now) => (now.device ? { ...now, device: { ...now.device, device_id, owed: false } } : now))
}

/** The service was restored, and may have lost the key: it is owed until the service has said that it holds it. */
export async function nowOwed(): Promise<void> {
  await change((now) => (now.device ? { ...now, device: { ...now.device, owed: true } } : now))
}

/** Open with the key that the service held. A PIN that was forgotten is gone; false where it is not the right key. */
export async function openWithService(key: string): Promise<boolean> {
  const { device } = await wraps()
  if (!device) return false
  try {
    holdKey(await unwrapped(device, await kekOf(Uint8Array.from(atob(key), (char) => char.charCodeAt(0))), 'device'))
  } catch {
    return false
  }
  await dropPin()
  return true
}

/** Nothing opens what is here any more: it stays as it is, and what comes now is sealed under another key. */
export async function startAfresh(): Promise<void> {
  const fresh = await crypto.subtle.generateKey({ name: GCM, length: 256 }, true, ['encrypt', 'decrypt'])
  await change(() => ({}), await localWrap(fresh))
  holdKey(fresh)
}

async function wraps(): Promise<Wraps> {
  return ((await (await database()).get('keys', 'wraps')) as Wraps | undefined) ?? {}
}

/** Change the wraps, and the key that opens by itself (null: away with it), in one strict transaction. Returns the wraps as they are now. */
async function change(become: (now: Wraps) => Wraps, local?: Local | null): Promise<Wraps> {
  const transaction = (await database()).transaction('keys', 'readwrite', { durability: 'strict' })
  const before = (await transaction.store.get('wraps')) as Wraps | undefined
  const now = become(before ?? {})
  // A phone that was never sealed has no wraps, and an empty record of them would read as one that lost its key.
  if (before || now.pin || now.device) void transaction.store.put(now, 'wraps').catch(() => {})
  if (local === null) void transaction.store.delete('local').catch(() => {})
  if (local) await kept(() => transaction.store.put(local, 'local'))
  await transaction.done
  return now
}

/** Safari in Lockdown Mode refuses to keep such a key, and says so only here. */
async function kept(put: () => Promise<unknown>): Promise<void> {
  try {
    await put()
  } catch (error) {
    throw (error as DOMException).name === 'DataCloneError' ? new NoKeyKept('no key kept', { cause: error }) : error
  }
}

async function spare(key: CryptoKey): Promise<Spare> {
  const [raw, iv] = [random(32), random(12)]
  const own = { iv, box: await crypto.subtle.encrypt({ name: GCM, iv, additionalData: named('own') }, key, raw) }
  return { ...await wrapped(key, await kekOf(raw), 'device'), own, device_id: null, owed: true }
}

async function localWrap(key: CryptoKey): Promise<Local> {
  const kek = await crypto.subtle.generateKey({ name: GCM, length: 256 }, false, ['wrapKey', 'unwrapKey'])
  return { ...await wrapped(key, kek, 'local'), kek }
}

async function wrapped(key: CryptoKey, kek: CryptoKey, what: string): Promise<Box> {
  const iv = random(12)
  const box = await crypto.subtle.wrapKey('raw', key, kek, { name: GCM, iv, additionalData: named(what) })
  return { iv, box }
}

async function ofPin(pin: string, salt: Iv, iterations: number): Promise<CryptoKey> {
  const typed = await crypto.subtle.importKey('raw', new TextEncoder().encode(pin), 'PBKDF2', false, ['deriveKey'])
  return crypto.subtle.deriveKey({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations }, typed, { name: GCM, length: 256 }, false, ['wrapKey', 'unwrapKey'])
}

function kekOf(raw: Iv): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', raw, GCM, false, ['wrapKey', 'unwrapKey'])
}

function random(bytes: number): Iv {
  return crypto.getRandomValues(new Uint8Array(bytes))
}
