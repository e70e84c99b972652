// How long to wait before the next try: exponential, full jitter, 2 s to 15 min; a server's Retry-After is obeyed.

const FIRST = 2_000
const LONGEST = 15 * 60_000

/** Milliseconds to wait after `failures` (1 or more) failures in a row. `random` is from 0 up to 1. */
export function wait(failures: number, random: number, retryAfter: number | null = null): number {
  const ceiling = Math.min(LONGEST, FIRST * 2 ** Math.min(20, Math.max(0, failures - 1)))
  // Full jitter, but never a busy loop: at least half a second.
  const jittered = Math.max(500, Math.round(random * ceiling))
  return retryAfter === null ? jittered : Math.max(jittered, retryAfter)
}

/** Milliseconds meant by a Retry-After header (seconds or an HTTP date), or null. An hour at the most. */
export function retryAfter(header: string | null, now: number): number | null {
  if (!header) return null
  const delay = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now
  return Number.isNaN(delay) ? null : Math.min(3_600_000, Math.max(0, delay))
}
