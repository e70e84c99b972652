// One sync cycle: push, pull, contact. Whatever the server says, nothing that was written here is lost.
import { clearPhone } from './leave.ts'
import { keepWithService } from './lock.ts'
import { anotherDevice } from './anotherDevice.ts'
import { makeContact } from './contact.ts'
import { tellOpened } from './opened.ts'
import { moveIn } from './pair.ts'
import { pullChanges } from './pullChanges.ts'
import { pushWaiting } from './pushWaiting.ts'
import { json, ours } from '../api/request.ts'
import { aboutMe, type Paired } from '../api/signIn.ts'
import { changed } from '../store/changes.ts'
import { lockedBy } from '../store/keys.ts'
import { changeMeta, isStill, meta, NO_SYNC, type Device } from '../store/meta.ts'
import { inOne } from '../store/records.ts'
import { mark, revisionsOf, sendAgain, waiting } from '../store/revisions.ts'
import { nowOwed } from '../store/wrapping.ts'
import { wait } from '../sync/backoff.ts'
import { unsent } from '../sync/kept.ts'
import { refused, type Verdict } from '../sync/acknowledged.ts'

const CONTACT_EVERY = 15 * 60_000

export type Cycled = 'done' | 'again' | 'later' | 'stopped'

/** Run one cycle. `opening`: the app was just opened, so contact is made whatever moved. */
export async function cycle(now: () => Date, random: () => number, opening = false): Promise<Cycled> {
  const device = await meta('device')
  if (!device || device.revoked) return 'stopped'
  if (await lockedBy()) return whileLocked(device)
  if (device.locked) return whileSignedOut(device, now)
  const pushed = await pushWaiting(device, now)
  if (pushed.verdict) return stop(device, pushed.verdict, pushed.retryAfter, now, random)
  const pulled = await pullChanges(device, { ...NO_SYNC, ...(await meta('sync')) }, now)
  if (pulled.verdict) return stop(device, pulled.verdict, pulled.retryAfter, now, random)
  await tellOpened()
  const last = Date.parse((await meta('sync'))?.last_contact_at ?? '') || 0
  let again = false
  if (opening || pushed.moved || pulled.moved || now().getTime() - last >= CONTACT_EVERY) {
    const contacted = await makeContact(device, now)
    if (contacted.verdict) return stop(device, contacted.verdict, null, now, random)
    again = contacted.again
  }
  await changeMeta('sync', { failures: 0, next_try_at: 0 }, NO_SYNC)
  return again ? 'again' : 'done'
}

/** Locked: nothing can be sent, but a phone that the service ended is cleared all the same. */
async function whileLocked(device: Device): Promise<Cycled> {
  const verdict = refused(await aboutMe())
  if (verdict?.kind === 'revoked' && verdict.device_id === device.device_id && (await isStill(device))) {
    await clearPhone()
    changed(['meta'])
  }
  return 'stopped'
}

/**
 * Signed out: nothing is sent. Its cookie still says which device it was, so it hears whether the service ended it; no other
 * refusal changes anything. One that is signed in after all, because the answer to a code was lost, goes on.
 */
async function whileSignedOut(device: Device, now: () => Date): Promise<Cycled> {
  const reply = await aboutMe()
  const verdict = refused(reply)
  if (verdict?.kind === 'revoked' && verdict.device_id === device.device_id) await end(device, now)
  const body = ours(reply) ? json<Paired>(reply) : null
  if (body?.client_id !== device.client_id || !(await isStill(device))) return 'stopped'
  if (body.epoch !== device.epoch) await restored(device)
  await moveIn(body, now())
  await keepWithService()
  return 'again'
}

/** The service ended this device: what it never got is counted, and told before anything is cleared. */
async function end(device: Device, now: () => Date): Promise<void> {
  const unsentHere = (await revisionsOf(device.client_id)).filter(unsent).length
  await inOne(['meta'], async (reading, change) => {
    const kept = await reading.get<Device>('meta', 'device')
    // A code may have been taken since: then it was another device that ended.
    if (kept?.device_id !== device.device_id) return
    change({ store: 'meta', key: 'device', body: { ...kept, revoked: { unsent: unsentHere, at: now().toISOString() } } })
  })
}

/** The server was restored from a backup: give it everything we hold, and hear everything it has. */
async function restored(device: Device): Promise<void> {
  await sendAgain(device.client_id)
  await changeMeta('sync', { cursor: '', etag: null }, NO_SYNC)
  // Owed before the new epoch is known here: killed in between, the next opening hands it over.
  await nowOwed()
}

async function stop(
  device: Device, said: Verdict, pause: number | null, now: () => Date, random: () => number,
): Promise<Cycled> {
  // It was said to who this phone was: somebody signed in meanwhile.
  if (!(await isStill(device))) return 'again'
  const verdict = await anotherDevice(device, said)
  if (!verdict) return 'again'
  if (verdict.kind === 'signed-out') {
    await mark((await waiting(device.client_id)).map((kept) => kept.revision.revision_id), 'needs_sign_in')
    await changeMeta('device', { locked: true })
    return 'stopped'
  }
  if (verdict.kind === 'revoked' && verdict.device_id === device.device_id) {
    await end(device, now)
    return 'stopped'
  }
  if (verdict.kind === 'epoch-changed' && verdict.epoch) {
    await restored(device)
    await changeMeta('device', { epoch: verdict.epoch })
    await keepWithService()
    return 'again'
  }
  const failures = ((await meta('sync'))?.failures ?? 0) + 1
  const next_try_at = now().getTime() + wait(failures, random(), pause)
  await changeMeta('sync', { failures, next_try_at, app_too_old: verdict.kind === 'app-too-old' }, NO_SYNC)
  return 'later'
}
