// The time of a plan beside the time of the reminder: where they differ it is said, and nothing moves by itself. Pure.
import type { Reach } from './remindMe.ts'
import type { Settings } from '../store/meta.ts'
import type { Snapshot } from '../store/snapshot.ts'
import { isQuiet } from '../sync/quiet.ts'
import type { Plan } from '../sync/wire.ts'

/** `planned` is in the hours in which no reminder is wanted: it is not offered. */
export type Apart = { at: string; planned: string; quiet: boolean }

/** Both times, where there are two and they differ; null without reminders, or without a time in the plan. */
export function timesApart({ on, at, quiet }: Settings['reminder'], { at: planned }: Partial<Plan>): Apart | null {
  return on && planned && planned !== at ? { at, planned, quiet: isQuiet(planned, quiet) } : null
}

/** Whether reminders come, as far as is known here: what this phone allows, and what came of its last try that had a network. */
export function reaches(can: Reach, { reach: became }: Settings): boolean {
  return can === 'on' && became !== 'cannot' && became !== 'not-known-here'
}

/** The time of a plan to which a practitioner moved the reminder, while it stands there; null where nobody did. */
export function movedTo({ revisions, settings: { reminder } }: Pick<Snapshot, 'revisions' | 'settings'>, { at }: Partial<Plan>): string | null {
  const moved = revisions.some(({ staff, revision: { subject, payload } }) =>
    staff && subject.kind === 'setting' && payload.name === 'reminder' && payload.at === at)
  return at && moved && reminder.on && reminder.at === at ? at : null
}
