// Days and local moments as a person lives them. Nothing here is ever used to decide what came first.

/** The day at `now` in `zone`, `2026-11-22`. Without a zone: the phone's own. */
export function dayOf(now: Date, zone?: string): string {
  return localOf(now, zone).slice(0, 10)
}

/** Local date and time at `now` in `zone`, `2026-11-22T13:30`. */
export function localOf(now: Date, zone?: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
  }).formatToParts(now)
  const part = (type: string) => parts.find((one) => one.type === type)!.value
  return `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}`
}

/** Minutes from UTC to local time in `zone` at `now`. */
export function offsetOf(now: Date, zone?: string): number {
  const asIfUtc = Date.parse(`${localOf(now, zone)}Z`)
  return Math.round((asIfUtc - Math.floor(now.getTime() / 60_000) * 60_000) / 60_000)
}

/** `happened_at` of a revision for the moment `now`, or for an earlier local moment that a person named. */
export function happenedAt(now: Date, zone: string, local?: string): { local: string; zone: string; utc_offset: number } {
  if (!local) return { local: localOf(now, zone), zone, utc_offset: offsetOf(now, zone) }
  const guess = new Date(Date.parse(`${local}Z`) - offsetOf(now, zone) * 60_000)
  return { local, zone, utc_offset: offsetOf(guess, zone) }
}

/** `day` and so many days more or less. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

/** Whole days from `from` to `to`. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00Z`) - Date.parse(`${from}T00:00Z`)) / 86_400_000)
}

/** Monday = 0. */
export function weekdayOf(day: string): number {
  return (new Date(`${day}T00:00Z`).getUTCDay() + 6) % 7
}

/** The phone's own zone. */
export function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'Europe/London'
}
