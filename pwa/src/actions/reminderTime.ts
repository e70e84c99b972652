// The time of a plan beside the time of the reminder: where they differ it is said, and nothing moves by itself. Pure.
import type { Reach } from './remindMe.ts'
import type { Settings } from '../store/meta.ts'
import { isQuiet } from '../sync/quiet.ts'
import type { Plan } from '../sync/wire.ts'

/** `planned` is in the hours in which no reminder is wanted: it is not offered. */
export type Apart = { at: string; planned: string; quiet: boolean }

/** Both times, where there are two and they differ; null without reminders, or without a time in the plan. */
export function timesApart({ on, at, quiet }: Settings['reminder'], { at: planned }: Partial<Plan>): Apart | null {
  return on && planned && planned !== at ? { at, planned, quiet: isQuiet(planned, quiet) } : null
}

/** Whether this phone is to show reminders: they are on, and it was not said that it shows none. */
export function wantedHere({ notifications, reminder }: Pick<Settings, 'notifications' | 'reminder'>): boolean {
  return notifications && reminder.on
}

/** How it stands with this phone. What a browser allows is not enough: it reaches once it is wanted and was set up. */
export function standing(can: Reach, { notifications, reach: became }: Pick<Settings, 'notifications' | 'reach'>): Reach {
  return can !== 'on' ? can : notifications && became ? (became as Reach) : 'not-set-up'
}

/** Whether reminders come, as far as is known here: a try without a network says nothing of that. */
export function reaches(can: Reach, settings: Pick<Settings, 'notifications' | 'reach'>): boolean {
  return ['on', 'no-network'].includes(standing(can, settings))
}
