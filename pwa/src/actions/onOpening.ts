// What is put right each time the app is opened: the push subscription, the zone, the choice about research, and storage
// that is not to be evicted.
import { keepWithService } from './lock.ts'
import { setting } from './say.ts'
import { reach, subscribeAgain } from './remindMe.ts'
import { json, ours } from '../api/request.ts'
import { aboutMe, type Paired } from '../api/signIn.ts'
import { installed, isApple } from './pair.ts'
import { lockedBy } from '../store/keys.ts'
import { changeMeta, FIRST_SETTINGS, meta, type Device } from '../store/meta.ts'
import { revisionsOf } from '../store/revisions.ts'
import { unsent } from '../sync/kept.ts'
import { ownZone } from '../sync/days.ts'

/** Each part for itself: none of them may keep the app from sending. */
export async function onOpening(): Promise<void> {
  const device = await meta('device')
  if (!device || device.locked || device.revoked || await lockedBy()) return
  await Promise.allSettled([keepWithService(), stayReachable(), tellZone(), learnAboutMe(device), navigator.storage?.persist?.()])
}

/** Browsers drop subscriptions without a word, so it is renewed, and what came of it is kept for Settings. */
async function stayReachable(): Promise<void> {
  const settings = await meta('settings')
  if (!settings?.notifications || !settings.reminder.on) return
  const can = reach(installed(), isApple())
  await changeMeta('settings', { reach: can === 'on' ? await subscribeAgain() : can }, FIRST_SETTINGS)
}

/** What the server holds about research, whoever wrote it down, unless a newer choice waits here. */
async function learnAboutMe({ client_id, device_id }: Device): Promise<void> {
  const reply = await aboutMe()
  const told = ours(reply) ? json<Paired>(reply) : null
  if (told?.device_id !== device_id || (await meta('device'))?.client_id !== client_id) return
  const waits = (await revisionsOf(client_id)).some((kept) => kept.revision.subject.kind === 'research' && unsent(kept))
  const research = told.me.research
  if (research && !waits) await changeMeta('settings', { research }, FIRST_SETTINGS)
}

/** Somebody who travels is reminded by the clock where they are. */
async function tellZone(): Promise<void> {
  const settings = await meta('settings')
  const zone = ownZone()
  if (settings?.zone && settings.zone !== zone) await setting('zone', { value: zone })
  if (settings?.zone !== zone) await changeMeta('settings', { zone }, FIRST_SETTINGS)
}
