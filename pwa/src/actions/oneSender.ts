// All tabs may write, one sends: Web Locks, or a lease in local storage where there are none.
const NAME = 'meantime-sender'
/** Of a tab that was killed nothing beats any more: after so long another sends. */
const LEASE = 5000
const BEAT = 1500

/** Run `work` if no other tab is at it; false if one is. */
export async function asOnlySender(work: () => Promise<void>, now: () => Date): Promise<boolean> {
  if (typeof navigator !== 'undefined' && navigator.locks) {
    return navigator.locks.request(NAME, { ifAvailable: true }, async (lock) => {
      if (lock) await work()
      return lock !== null
    })
  }
  return withLease(work, now)
}

/** The fallback: two tabs in the same instant may both send, which the server takes as well as one. */
async function withLease(work: () => Promise<void>, now: () => Date): Promise<boolean> {
  const token = String(Math.random())
  const held = JSON.parse(localStorage.getItem(NAME) ?? 'null') as { until: number } | null
  const left = held ? held.until - now().getTime() : 0
  // More than a whole lease: the clock was put back since, and nobody knows how long ago that was.
  if (left > 0 && left <= LEASE) return false
  const hold = () => localStorage.setItem(NAME, JSON.stringify({ token, until: now().getTime() + LEASE }))
  const holds = () => localStorage.getItem(NAME)?.includes(token) === true
  hold()
  if (!holds()) return false
  const beating = setInterval(() => { if (holds()) hold() }, BEAT)
  try {
    await work()
    return true
  } finally {
    clearInterval(beating)
    if (holds()) localStorage.removeItem(NAME)
  }
}
