// When to run a cycle: at the start, when online or visible again, after a save, and by the clock.
import { cycle, type Cycled } from './cycle.ts'
import { lockWhenIdle } from './idle.ts'
import { lockTogether } from './lock.ts'
import { heldHereOnly, stayUntilSent } from './online.ts'
import { onOpening } from './onOpening.ts'
import { isAwaited, startWorker, updateNow } from './release.ts'
import { asOnlySender } from './oneSender.ts'
import { whenChanged } from '../store/changes.ts'
import { lockedBy } from '../store/keys.ts'
import { changeMeta, meta } from '../store/meta.ts'
import { waiting } from '../store/revisions.ts'
import { sealOld } from '../store/sealOld.ts'

const OFTEN = 4_000
const SELDOM = 60_000
const HALF_AN_HOUR = 30 * 60_000
const AN_HOUR = 60 * 60_000
const MOST_ROUNDS = 4

let timer: ReturnType<typeof setTimeout> | undefined
let running: Promise<void> | null = null
let wanted = false
let opening = true
/** Another tab was at it: if that one is killed, this one takes over soon. */
let elsewhere = false

/** Start the loop of this tab. */
export function keepInStep(): void {
  addEventListener('online', () => void retryNow())
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && void retryNow())
  whenChanged((stores) => stores.includes('revisions') && !running && syncSoon(150))
  void retryNow().then(onOpening)
  void sealOld().catch(() => undefined)
  void startWorker(heldHereOnly).catch(() => undefined)
  lockTogether()
  stayUntilSent()
  lockWhenIdle()
}

/** Forget the wait after failures, and try at once. */
export async function retryNow(): Promise<void> {
  await changeMeta('sync', { next_try_at: 0 })
  await syncNow()
}

/** A cycle now, or right after the one that runs. */
export async function syncNow(): Promise<void> {
  wanted = true
  running ??= rounds().finally(() => {
    running = null
    void planNext()
  })
  await running
}

function syncSoon(delay: number): void {
  clearTimeout(timer)
  timer = setTimeout(async () => {
    const next = (await meta('sync'))?.next_try_at ?? 0
    if (next > Date.now()) void planNext()
    else void syncNow()
  }, delay)
}

async function rounds(): Promise<void> {
  for (let round = 0; wanted && round < MOST_ROUNDS; round++) {
    wanted = false
    let became: Cycled = 'done'
    const ran = await asOnlySender(async () => {
      became = await cycle(() => new Date(), Math.random, opening)
    }, () => new Date()).catch(() => true)
    elsewhere = !ran
    if (ran && (became as Cycled) === 'done') opening = false
    if ((became as Cycled) === 'again') wanted = true
    if ((became as Cycled) === 'later' && (await meta('sync'))?.app_too_old) await updateNow()
  }
  wanted = false
}

async function planNext(): Promise<void> {
  const device = await meta('device')
  clearTimeout(timer)
  if (!device || device.revoked) return
  const sync = await meta('sync')
  const until = (sync?.next_try_at ?? 0) - Date.now()
  // Locked or signed out nothing goes, so nothing fails: it only asks now and then whether it was ended.
  const onlyAsks = device.locked || await lockedBy() !== null
  const waits = !onlyAsks && (await waiting(device.client_id)).length > 0
  if (document.visibilityState !== 'visible' && !waits) return
  const next = onlyAsks ? SELDOM : sync?.failures ? 500 : elsewhere && waits ? OFTEN : await pace(device.paired_at)
  timer = setTimeout(() => void syncNow(), Math.max(until, next))
}

/**
 * Every 4 s just after pairing and round an appointment, so that what is agreed now shows now; else every minute. An older
 * worker that requests keep going comes to rest within a minute.
 */
async function pace(pairedAt: string): Promise<number> {
  if (isAwaited()) return SELDOM
  const now = Date.now()
  const next = await meta('next_appointment')
  const near = next ? Math.abs(Date.parse(next.starts_at) - now) <= AN_HOUR : false
  return near || now - Date.parse(pairedAt) <= HALF_AN_HOUR ? OFTEN : SELDOM
}
