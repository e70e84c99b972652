// Online only: everything is held in memory while the page is open, and nothing of it on the phone. Chosen on a shared
// phone, or all there is where a browser keeps nothing (a private window, Lockdown Mode).
const FLAG = 'meantime-online-only'
let forced = false
let choosing = false

/** `chosen`, `forced` by this browser, `left`: it was chosen and is not any more, so who this is has to be learned. */
export function onlineOnly(): 'chosen' | 'forced' | 'left' | null {
  if (forced) return 'forced'
  const said = chosen()
  return said === '1' ? 'chosen' : said === '0' ? 'left' : null
}

function chosen(): string | null {
  try {
    return localStorage.getItem(FLAG)
  } catch {
    return null // Storage is switched off: the database will say so too.
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
  if (on === null) localStorage.removeItem(FLAG)
  else localStorage.setItem(FLAG, on ? '1' : '0')
}
