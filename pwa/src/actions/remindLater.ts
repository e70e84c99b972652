// Once more later today, and whose clock reminders go by.
import { setting } from './say.ts'
import { changeMeta, FIRST_SETTINGS, type ReminderRule } from '../store/meta.ts'
import { heads, type Kept } from '../sync/kept.ts'
import { dayOf, localOf, ownZone } from '../sync/days.ts'
import { isQuietOn } from '../sync/reminderTimes.ts'

const LATER = [1, 2, 4] // hours

/** The times to choose from: today still, on a quarter of an hour, and never when no reminder is wanted. Pure. */
export function laterTimes(now: Date, rule: Pick<ReminderRule, 'quiet' | 'shift'>): string[] {
  const round = (hours: number) => new Date(Math.ceil((now.getTime() + hours * 3_600_000) / 900_000) * 900_000)
  const local = LATER.map((hours) => localOf(round(hours)).split('T') as [string, string])
  return local.filter(([day, at]) => day === dayOf(now) && !isQuietOn(rule, day, at)).map(([, at]) => at)
}

/** What they asked for once more today and is still to come, as "2026-11-23T17:45". Pure. */
export function saidLater(revisions: Kept[], now: Date): string | null {
  const said = heads(revisions).filter(({ revision: { subject, kind, payload } }) => subject.kind === 'setting' && kind !== 'delete' && payload.name === 'remind_later')
  const last = said.sort((a, b) => (a.saved_at < b.saved_at ? 1 : -1))[0]?.revision.payload
  const at = last ? `${last.date}T${last.at}` : ''
  return last?.date === dayOf(now) && at >= localOf(now).slice(0, 16) ? at : null
}

/** Once more today at this time, in place of an earlier *later*. */
export async function remindLater(at: string, now = new Date()): Promise<void> {
  await setting('remind_later', { date: localOf(now).slice(0, 10), at })
}

/** From now on by the clock that this phone shows. */
export async function moveClock(): Promise<void> {
  await setting('zone', { value: ownZone() })
  await changeMeta('settings', { zone: ownZone(), zone_kept: null }, FIRST_SETTINGS)
}

/** Everything stays by the clock it went by. */
export async function keepClock(): Promise<void> {
  await changeMeta('settings', { zone_kept: ownZone() }, FIRST_SETTINGS)
}
