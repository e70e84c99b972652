// When the next reminders come by the clock on the wall, as they are set: server/reminders/rules.py, `moments`. Pure.
import { addDays, weekdayOf } from './days.ts'
import { isSilent, isWhole, type Quiet } from './quiet.ts'

const AHEAD = 43 // days: a weekly one has its next five in them

type Days = { from: string; until: string }
type Set = { at: string; weekdays: number[]; quiet: Quiet | null; pause?: Days | null; shift?: (Days & { at: string; quiet?: Quiet | null }) | null }

/** The next few, as "2026-11-23T13:30". They come while somebody looks in now and then, on days with something planned. */
export function nextTimes(rule: Set, now: string, count = 5): string[] {
  const days = Array.from({ length: AHEAD }, (_, n) => addDays(now.slice(0, 10), n))
  return days.map((day) => on(rule, day)).filter((at): at is string => at !== null && at >= now.slice(0, 16)).slice(0, count)
}

/** Whether the quiet hours hold at this time of this day; a shift has hours of its own. */
export function isQuietOn({ quiet, shift }: Pick<Set, 'quiet' | 'shift'>, day: string, at: string): boolean {
  const of = (one: string) => (holds(shift, one) ? quietOn(shift!.quiet, quiet) : quiet)
  return isSilent(at, of(day), of(addDays(day, -1)))
}

/** The quiet hours of a shift: its own, else the usual ones. Equal ends are none on purpose. */
export function quietOn(own: Quiet | null | undefined, usual: Quiet | null): Quiet | null {
  return own && isWhole(own) ? own : usual
}

function on(rule: Set, day: string): string | null {
  if (!rule.weekdays.includes(weekdayOf(day)) || holds(rule.pause, day)) return null
  const at = holds(rule.shift, day) ? rule.shift!.at : rule.at
  return isQuietOn(rule, day, at) ? null : `${day}T${at}`
}

function holds(days: Days | null | undefined, day: string): boolean {
  return !!days && days.from <= day && day <= days.until
}
