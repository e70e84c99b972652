// What is put right each time the app is opened: the push subscription, the zone, the choice about research, and storage
// that is not to be evicted.
import { keepWithService } from './lock.ts'
import { sealOldWords } from '../store/ownWords.ts'
import { reach, subscribeAgain } from './remindMe.ts'
import { lost } from '../api/reminders.ts'
import { json, ours } from '../api/request.ts'
import { aboutMe, type Paired } from '../api/signIn.ts'
import { installed, isApple } from './platform.ts'
import { lockedBy } from '../store/keys.ts'
import { changeMeta, FIRST_SETTINGS, meta, type Device } from '../store/meta.ts'
import { revisionsOf } from '../store/revisions.ts'
import { unsent } from '../sync/kept.ts'
import { ownZone } from '../sync/days.ts'

/** Each part for itself: none of them may keep the app from sending. */
export async function onOpening(): Promise<void> {
  await sealOldWords().catch(() => undefined)
  const device = await meta('device')
  if (!device || device.locked || device.revoked || await lockedBy()) return
  await Promise.allSettled([keepWithService(), stayReachable(), noteZone(), learnAboutMe(device), navigator.storage?.persist?.()])
}

/** Browsers drop subscriptions without a word, so it is renewed, and what came of it is kept for Settings. */
async function stayReachable(): Promise<void> {
  const settings = await meta('settings')
  if (!settings?.notifications || !settings.reminder.on) return
  const can = reach(installed(), isApple())
  const became = can === 'on' ? await subscribeAgain() : can
  await changeMeta('settings', { reach: became }, FIRST_SETTINGS)
  if (became === 'blocked' || became === 'not-asked') await lost('permission-lost')
  else if (became === 'cannot' || became === 'install-first') await lost('cannot')
}

/** What the server holds about research, whoever wrote it down, unless a newer choice waits here. */
async function learnAboutMe({ client_id, device_id }: Device): Promise<void> {
  const reply = await aboutMe()
  const told = ours(reply) ? json<Paired>(reply) : null
  if (told?.device_id !== device_id || (await meta('device'))?.client_id !== client_id) return
  const waiting = (await revisionsOf(client_id)).filter(unsent).map(({ revision }) => revision)
  const waits = (name: string) => waiting.some(({ subject, payload }) => subject.kind === name || payload.name === name)
  const { research, research_contact, studies } = told.me
  if (research && !waits('research')) await changeMeta('settings', { research }, FIRST_SETTINGS)
  if (research_contact && !waits('research_contact')) await changeMeta('settings', { research_contact }, FIRST_SETTINGS)
  if (studies && !waits('study_consent')) await changeMeta('settings', { studies }, FIRST_SETTINGS)
}

/** The first clock is told with the pairing; another one only when they said so (`parts/Clock.tsx`). */
async function noteZone(): Promise<void> {
  const settings = await meta('settings')
  if (!settings?.zone) await changeMeta('settings', { zone: ownZone() }, FIRST_SETTINGS)
}
