// Online only: everything is held in memory while the page is open, and nothing of it on the phone. Chosen on a shared
// phone, or all there is where a browser keeps nothing (a private window, Lockdown Mode).
import { betweenTabs } from './tabs.ts'

const FLAG = 'meantime-online-only'
const COUNT = 'meantime-count'
const KEPT = 'meantime-kept'
let forced = false
let choosing = false

/** `chosen`, `forced` by this browser, `left`: it was chosen and is not any more, so who this is has to be learned. */
export function onlineOnly(): 'chosen' | 'forced' | 'left' | null {
  if (forced) return 'forced'
  const said = told(FLAG)
  return said === '1' ? 'chosen' : said === '0' ? 'left' : null
}

function told(name: string): string | null {
  try {
    return localStorage.getItem(name)
  } catch {
    return null // Storage is switched off: the database will say so too.
  }
}

/**
 * Whether this browser ever opened a database of ours. One that did is never taken for one that keeps nothing: what waits
 * in there would go out of sight, and the cookie alone would show what a PIN hides.
 */
export function didKeep(): boolean {
  return told(KEPT) === '1'
}

/** A database was opened, or everything was deleted. */
export function nowKept(kept: boolean): void {
  try {
    if (kept) localStorage.setItem(KEPT, '1')
    else localStorage.removeItem(KEPT)
  } catch {
    // Where nothing can be noted, each page finds out for itself.
  }
}

/** Whether nothing is kept on this phone. */
export function keepsNothing(): boolean {
  const now = onlineOnly()
  return choosing || now === 'chosen' || now === 'forced'
}

/** While a choice is carried out, all is in memory: a screen that reads meanwhile must not make the database again. */
export async function keepingNothing(carryOut: () => Promise<void>): Promise<void> {
  choosing = true
  await carryOut().finally(() => { choosing = false })
}

/** This browser turned out to keep nothing. */
export function forceOnlineOnly(): void {
  forced = true
}

/** The person's choice; null once it is settled. */
export function chooseOnlineOnly(on: boolean | null): void {
  forced = false
  if (on !== true) localStorage.removeItem(COUNT)
  if (on === null) localStorage.removeItem(FLAG)
  else localStorage.setItem(FLAG, on ? '1' : '0')
}

/** The last number that any tab gave for this device: where nothing is kept, each has a memory of its own, and they count together. */
export function lastNumber(device_id: string): number {
  try {
    const [of, last] = JSON.parse(localStorage.getItem(COUNT) ?? '[]') as [string?, number?]
    return of === device_id ? last ?? 0 : 0
  } catch {
    return 0 // Storage is switched off: the tabs of such a browser know nothing of each other.
  }
}

/** Say which number was given. */
export function gave(device_id: string, seq: number): void {
  try {
    localStorage.setItem(COUNT, JSON.stringify([device_id, seq]))
  } catch { /* as above */ }
}

/** One tab at a time, where they count together. */
export function inTurn<T>(work: () => Promise<T>): Promise<T> {
  return betweenTabs(COUNT, work)
}
