// The time of a plan beside the time of the reminder: where they differ it is said, and nothing moves by itself. Pure.
import type { Settings } from '../store/meta.ts'
import { isQuiet } from '../sync/quiet.ts'
import type { Plan } from '../sync/wire.ts'

/** `planned` is in the hours in which no reminder is wanted: it is not offered. */
export type Apart = { at: string; planned: string; quiet: boolean }

/** Both times, where there are two and they differ; null without reminders, or without a time in the plan. */
export function timesApart({ on, at, quiet }: Settings['reminder'], { at: planned }: Partial<Plan>): Apart | null {
  return on && planned && planned !== at ? { at, planned, quiet: isQuiet(planned, quiet) } : null
}
