// Reminders on this phone: the browser's permission, the subscription.
import { json, ours } from '../api/request.ts'
import * as reminders from '../api/reminders.ts'
import { noteOpened, tellOpened } from './opened.ts'
import { changeMeta, FIRST_SETTINGS, meta } from '../store/meta.ts'
import { read } from '../store/records.ts'
import type { Delivery } from '../sync/wire.ts'

export { keepOwnWords } from '../store/ownWords.ts'

export type Reach = 'on' | 'not-asked' | 'not-set-up' | 'blocked' | 'install-first' | 'cannot' | 'no-network' | 'not-known-here'

// `subscribe` may never settle.
const PATIENCE = 15_000

/** What the browser allows, without asking anything: not yet that this phone is set up (`standing`). */
export function reach(installedApp: boolean, apple: boolean): Reach {
  if (!('serviceWorker' in navigator) || !('PushManager' in globalThis) || !('Notification' in globalThis)) {
    return apple && !installedApp ? 'install-first' : 'cannot'
  }
  if (Notification.permission === 'denied') return 'blocked'
  return Notification.permission === 'granted' ? 'on' : 'not-asked'
}

/** Ask the browser, then subscribe. Called from a tap, after the person chose a time. */
export async function allowReminders(): Promise<Reach> {
  const permission = await Notification.requestPermission()
  if (permission !== 'granted') return permission === 'denied' ? 'blocked' : 'not-asked'
  return subscribeAgain()
}

/** Subscribe, and tell the server, as on every opening: browsers drop subscriptions without a word. */
export async function subscribeAgain(): Promise<Reach> {
  if (!('Notification' in globalThis) || Notification.permission !== 'granted') return 'not-asked'
  const key = json<{ public_key: string }>(await reminders.pushKey())?.public_key
  if (!key) return 'no-network'
  const subscription = await withPatience(subscribed(key))
  if (!subscription?.endpoint) return 'cannot'
  const { endpoint, keys } = subscription.toJSON() as { endpoint: string; keys: { p256dh: string; auth: string } }
  const reply = await reminders.subscribe({ endpoint, keys })
  if (ours(reply)) return 'on'
  return reply.marker === '1' && reply.status < 500 ? 'not-known-here' : 'no-network'
}

async function subscribed(key: string): Promise<PushSubscription> {
  const { pushManager } = await navigator.serviceWorker.ready
  const options = { userVisibleOnly: true, applicationServerKey: key }
  try {
    return await pushManager.subscribe(options)
  } catch (error) {
    if ((error as DOMException).name !== 'InvalidStateError') throw error
    // Subscribed for another key (a restored or moved server): start afresh.
    await (await pushManager.getSubscription())?.unsubscribe()
    return pushManager.subscribe(options)
  }
}

/** No more reminders to this phone. */
export async function stopReminders(): Promise<void> {
  if ('serviceWorker' in navigator) {
    const registration = await navigator.serviceWorker.getRegistration()
    await (await registration?.pushManager?.getSubscription())?.unsubscribe()
  }
  await reminders.unsubscribe()
}

/** The same as somebody said it: what came of an earlier set-up holds no more. */
export async function stopHere(): Promise<void> {
  await changeMeta('settings', { notifications: false, reach: null }, FIRST_SETTINGS)
  await stopReminders().catch(() => undefined)
}

type Tested = 'accepted' | 'failed' | 'no-subscription' | 'care-ended' | 'not-asked' | 'not-safe' | 'quiet-hours'

/** Send one now. The answer in words the screen knows. */
export async function testReminder(): Promise<Tested | 'no-network'> {
  const reply = await reminders.testReminder()
  const state = ours(reply) ? json<{ state: Tested }>(reply)?.state : undefined
  return state ?? 'no-network'
}

/** What a reminder was about: from this phone, else from the server; null when neither knows. No assignment: several. */
export async function about(code: string): Promise<Pick<Delivery, 'assignment_id' | 'slot'> | null> {
  if (!(await meta('device'))) return null
  await noteOpened(code)
  void tellOpened()
  const here = await read<Delivery>('deliveries', code)
  if (here) return here
  const reply = await reminders.reminder(code)
  return ours(reply) ? json(reply) : null
}

function withPatience<T>(work: Promise<T>): Promise<T | null> {
  return Promise.race([work, new Promise<null>((resolve) => setTimeout(() => resolve(null), PATIENCE))]).catch(() => null)
}
