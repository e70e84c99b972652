// One sync cycle: push, pull, contact. Whatever the server says, nothing that was written here is lost.
import { clearPhone } from './leave.ts'
import { keepWithService } from './lock.ts'
import { anotherDevice } from './anotherDevice.ts'
import { makeContact } from './contact.ts'
import { tellOpened } from './opened.ts'
import { pullChanges } from './pullChanges.ts'
import { pushWaiting } from './pushWaiting.ts'
import { aboutMe } from '../api/signIn.ts'
import { changed } from '../store/changes.ts'
import { lockedBy } from '../store/keys.ts'
import { changeMeta, isStill, meta, NO_SYNC, type Device } from '../store/meta.ts'
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
  if (!device || device.locked || device.revoked) return 'stopped'
  if (await lockedBy()) return whileLocked(device)
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
    const count = (await revisionsOf(device.client_id)).filter(unsent).length
    await changeMeta('device', { revoked: { unsent: count, at: now().toISOString() } })
    return 'stopped'
  }
  if (verdict.kind === 'epoch-changed' && verdict.epoch) {
    // The server was restored from a backup: give it everything we hold, and hear everything it has.
    await sendAgain(device.client_id)
    await changeMeta('sync', { cursor: '', etag: null }, NO_SYNC)
    // Owed before the new epoch is known here: killed in between, the next opening hands it over.
    await nowOwed()
    await changeMeta('device', { epoch: verdict.epoch })
    await keepWithService()
    return 'again'
  }
  const failures = ((await meta('sync'))?.failures ?? 0) + 1
  const next_try_at = now().getTime() + wait(failures, random(), pause)
  await changeMeta('sync', { failures, next_try_at, app_too_old: verdict.kind === 'app-too-old' }, NO_SYNC)
  return 'later'
}
