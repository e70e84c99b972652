// Locks a phone that has a PIN when nobody touched it for a while.
import { lockNow } from './lock.ts'
import { whenChanged } from '../store/changes.ts'
import { lockedBy } from '../store/keys.ts'
import { FIRST_SETTINGS, meta } from '../store/meta.ts'
import { hasPin } from '../store/wrapping.ts'

const MINUTE = 60_000
const LOOK_EVERY = 10_000

/** Whether so long without a touch is long enough. Pure. */
export function isIdle(since: number, now: number, minutes: number): boolean {
  return now - since >= minutes * MINUTE
}

/** Watch this tab. */
export function lockWhenIdle(now: () => number = Date.now): void {
  let touched = now()
  let minutes: number | null = null
  const learn = async () => {
    if (await lockedBy()) return
    minutes = await hasPin() ? (await meta('settings'))?.lock_after ?? FIRST_SETTINGS.lock_after : null
  }
  const look = () => {
    if (minutes !== null && isIdle(touched, now(), minutes)) {
      minutes = null
      lockNow()
    }
  }
  const touch = () => {
    look()
    touched = now()
  }
  for (const kind of ['pointerdown', 'keydown', 'scroll']) addEventListener(kind, touch, { passive: true, capture: true })
  // A phone in a pocket runs no timers: what is due then is done as soon as the page is seen again.
  document.addEventListener('visibilitychange', look)
  setInterval(look, LOOK_EVERY)
  whenChanged((stores) => { if (stores.includes('opened') || stores.includes('meta')) void learn() })
  void learn()
}
