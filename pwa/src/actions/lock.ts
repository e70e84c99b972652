// Locks this phone, opens it with a PIN, or after a new code with the key that the service held.
import { askToPair, moveIn, type PairRefusal } from './pair.ts'
import { json, ours } from '../api/request.ts'
import { aboutMe, holdKey as askToHold, releaseKey, type Paired } from '../api/signIn.ts'
import { changed, whenChanged } from '../store/changes.ts'
import { dataKey, forgetKey, lockedBy } from '../store/keys.ts'
import { meta, type Device } from '../store/meta.ts'
import { keepsNothing } from '../store/online.ts'
import { sealOld } from '../store/sealOld.ts'
import { dropPin, forService, hasPin, heldFor, isHeld, isPin, nowHeld, openWithPin, openWithService, setPin, startAfresh, type Tried } from '../store/wrapping.ts'

export const SHORTEST_PIN = 4
export type PinRefusal = 'short' | 'easy' | 'no-signal' | 'no-key'

/** Drop the key in this tab and in every other. Without a PIN it opens again by itself. */
export function lockNow(): void {
  forgetKey()
  changed(['locked'])
}

/** Lock with the other tabs, until the returned function is called. */
export function lockTogether(): () => void {
  return whenChanged((stores) => { if (stores.includes('locked')) forgetKey() })
}

/** Open with the PIN. */
export async function unlock(pin: string): Promise<Tried> {
  const tried = await openWithPin(pin)
  changed(['opened'])
  return tried
}

/** Choose a PIN, or another one. The service holds a key first: a PIN that is forgotten must not strand anything. */
export async function choosePin(pin: string): Promise<PinRefusal | null> {
  if (pin.length < SHORTEST_PIN || !/^\d+$/.test(pin)) return 'short'
  if (isEasy(pin)) return 'easy'
  // What lies here was never sealed, because this browser keeps no key (Lockdown Mode): a PIN would promise too much.
  if (!await dataKey(true)) return 'no-key'
  if (!await keepWithService()) return 'no-signal'
  await sealOld()
  await setPin(pin)
  changed(['opened'])
  return null
}

/** No PIN any more; false where the one given is not it. */
export async function takePinOff(pin: string): Promise<boolean> {
  if (!await isPin(pin)) return false
  await dropPin()
  changed(['opened'])
  return true
}

/** 1111, 1234, 9876: the first that anybody tries. */
function isEasy(pin: string): boolean {
  const steps = new Set([...pin].slice(1).map((digit, at) => Number(digit) - Number(pin[at])))
  return steps.size === 1 && [-1, 0, 1].includes([...steps][0]!)
}

/** Have the service hold a key for this device, so that a new code opens what lies here. False: it could not be told now. */
export async function keepWithService(): Promise<boolean> {
  const device = await meta('device')
  if (!device || !globalThis.crypto?.subtle || keepsNothing() || await lockedBy()) return false
  if (await isHeld(device.device_id)) return true
  if ((await askToHold(await forService())).status !== 204) return false
  await nowHeld(device.device_id)
  return true
}

export type SignedIn = { open: true } | { open: false; why: PairRefusal | 'no-key-yet' }

/** Whether a new code opens what lies here: the service holds the spare key, for all this phone knows. */
export async function codeOpens(): Promise<boolean> {
  return await heldFor() !== null
}

/** Open with a new code from the practitioner. What nothing opens any more is left as it is, and told (TodayNotes). */
export async function signInAgain(typed: string): Promise<SignedIn> {
  const device = await meta('device')
  const answer = await askToPair(typed, device?.device_id)
  return typeof answer === 'string' ? { open: false, why: answer } : openFor(answer, device)
}

/** The code was taken, and then the network went: go on from there. */
export async function signInOn(): Promise<SignedIn> {
  const reply = await aboutMe()
  const body = ours(reply) ? json<Paired>(reply) : null
  return body?.client_id ? openFor(body, await meta('device')) : { open: false, why: 'no-key-yet' }
}

async function openFor(body: Paired, device: Device | undefined): Promise<SignedIn> {
  const before = await heldFor()
  let lost = false
  if (before) {
    const reply = await releaseKey(before)
    const key = ours(reply) ? json<{ key: string }>(reply)?.key : undefined
    const never = reply.marker === '1' && reply.status === 404
    if (!key && !never) return { open: false, why: 'no-key-yet' }
    lost = !key || !await openWithService(key)
  } else lost = device !== undefined
  // The PIN may still come back to them: nothing that it opens is given up.
  if (lost && await hasPin()) return { open: false, why: 'no-key-yet' }
  if (lost) await startAfresh()
  await moveIn(body, new Date())
  await keepWithService()
  changed(['opened', 'meta'])
  return { open: true }
}

/** Whether a PIN is asked for here. */
export { hasPin }
