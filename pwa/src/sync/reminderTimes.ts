// When the next reminders come by the clock on the wall, as they are set: server/reminders/rules.py, `moments`. Pure.
import type { ReminderRule } from '../store/meta.ts'
import { addDays, weekdayOf } from './days.ts'
import { isQuiet } from './quiet.ts'

const AHEAD = 43 // days: a weekly one has its next five in them

type Set = Pick<ReminderRule, 'at' | 'weekdays' | 'quiet' | 'pause' | 'shift'>

/** The next few, as "2026-11-23T13:30". They come while somebody looks in now and then, on days with something planned. */
export function nextTimes(rule: Set, now: string, count = 5): string[] {
  const days = Array.from({ length: AHEAD }, (_, n) => addDays(now.slice(0, 10), n))
  return days.map((day) => on(rule, day)).filter((at): at is string => at !== null && at >= now.slice(0, 16)).slice(0, count)
}

function on({ at, weekdays, quiet, pause, shift }: Set, day: string): string | null {
  if (!weekdays.includes(weekdayOf(day)) || holds(pause, day)) return null
  const hours = holds(shift, day) ? { at: shift!.at, quiet: shift!.quiet ?? null } : { at, quiet }
  return isQuiet(hours.at, hours.quiet ?? null) ? null : `${day}T${hours.at}`
}

function holds(days: { from: string; until: string } | null | undefined, day: string): boolean {
  return !!days && days.from <= day && day <= days.until
}
