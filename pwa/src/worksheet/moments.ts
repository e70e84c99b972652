// Days and times of day as worksheets write them: `2026-03-04` and `23:15`. Pure; twin of server/worksheets/moments.py.
import type { Json } from './definition.ts'

const DAY = /^((?:19|20|21)[0-9]{2})-([0-9]{2})-([0-9]{2})$/
const TIME = /^([01][0-9]|2[0-3]):([0-5][0-9])$/
const MINUTE = 60_000
const A_DAY = 24 * 60 * MINUTE
const MONTHS = [
  'January', 'February', 'March', 'April', 'May', 'June', 'July',
  'August', 'September', 'October', 'November', 'December',
]
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

/** Milliseconds as if the clock on the wall were UTC. */
export type Wall = number

/** The start of the day written, or null where it is not one. */
export function dayOf(value: Json): Wall | null {
  const parts = typeof value === 'string' ? DAY.exec(value) : null
  if (parts === null) return null
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])]
  const start = Date.UTC(year, month - 1, day)
  const back = new Date(start)
  return back.getUTCMonth() === month - 1 && back.getUTCDate() === day ? start : null
}

/** Milliseconds into the day of the time written, or null where it is not one. */
export function timeOf(value: Json): number | null {
  const parts = typeof value === 'string' ? TIME.exec(value) : null
  return parts === null ? null : (Number(parts[1]) * 60 + Number(parts[2])) * MINUTE
}

/** The local day and time written, `2026-03-04T23:15`, or null where it is not one. */
export function momentOf(value: Json): Wall | null {
  if (typeof value !== 'string' || value[10] !== 'T') return null
  const [day, at] = [dayOf(value.slice(0, 10)), timeOf(value.slice(11))]
  return day === null || at === null ? null : day + at
}

/** Wednesday 4 March 2026. */
export function inWords(day: Wall): string {
  const date = new Date(day)
  const month = MONTHS[date.getUTCMonth()]
  return `${WEEKDAYS[date.getUTCDay()]} ${date.getUTCDate()} ${month} ${date.getUTCFullYear()}`
}

/** The latest wall-clock moment up to `moment` at which the clock showed `at`. */
export function lastBefore(moment: Wall, at: number): Wall {
  const sameDay = Math.floor(moment / A_DAY) * A_DAY + at
  return sameDay <= moment ? sameDay : sameDay - A_DAY
}

/**
 * Minutes that really passed between two wall-clock moments; a clock change in between is counted.
 * A time that came twice is the first of the two; one that never came goes by the clock before.
 */
export function minutesBetween(start: Wall, end: Wall, zone: Intl.DateTimeFormat | null): number {
  if (zone === null) return (end - start) / MINUTE
  return (moment(end, zone) - moment(start, zone)) / MINUTE
}

/** A clock of this time zone, or null where there is none. */
export function zoneOf(name: string | null): Intl.DateTimeFormat | null {
  if (name === null || !/^[A-Za-z0-9_+/-]{1,60}$/.test(name)) return null
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: name, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric',
      hour: 'numeric', minute: 'numeric', second: 'numeric',
    })
  } catch {
    return null
  }
}

/** The moment at which the clock of the zone showed this, as Python's fold=0 has it. */
function moment(wall: Wall, zone: Intl.DateTimeFormat): number {
  const before = offset(wall - A_DAY, zone)
  const after = offset(wall + A_DAY, zone)
  const fits = (shift: number) => offset(wall - shift, zone) === shift
  return wall - (!fits(before) && fits(after) ? after : before)
}

function offset(instant: number, zone: Intl.DateTimeFormat): number {
  const part: { [type: string]: number } = {}
  for (const { type, value } of zone.formatToParts(instant)) part[type] = Number(value)
  const wall = Date.UTC(part.year!, part.month! - 1, part.day!, part.hour!, part.minute!, part.second!)
  return wall - Math.floor(instant / 1000) * 1000
}
