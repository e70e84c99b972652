// After a course: what can still be read, the monthly check somebody keeps for themself, and what they said of the course.
import { meta, setMeta, type OwnChecks } from '../store/meta.ts'
import type { Snapshot } from '../store/snapshot.ts'
import { newId } from '../sync/ids.ts'
import { heads, type Kept } from '../sync/kept.ts'
import type { Answers, Worksheet } from '../worksheet/definition.ts'

const LAST_OF_EVERY_MONTH = 28

/** The newest version of a worksheet that is on this phone, in the language chosen where there is one. */
export function sheetHere(all: Snapshot, id: string | undefined): Worksheet | null {
  const newest = [...all.worksheets.values()].filter((one) => one.id === id).sort((a, b) => b.version - a.version)[0]
  return newest ? all.translated.get(`${newest.id}.v${newest.version}`) ?? newest : null
}

/** The newest staying well plan that was written here, if there is one. */
export function stayingWell(all: Snapshot): Kept | null {
  const plans = heads(all.revisions).filter(({ revision }) => revision.form_key === all.courseOver?.worksheets?.plan && revision.kind !== 'delete')
  return plans.sort((a, b) => (a.revision.happened_at.local < b.revision.happened_at.local ? 1 : -1))[0] ?? null
}

/** So many months after a day, on the same day of the month, the 28th at the latest: every month has that day. Pure. */
export function monthsAfter(day: string, months: number): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number]
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, LAST_OF_EVERY_MONTH))).toISOString().slice(0, 10)
}

/** The days on which checks are planned: one a month, as long as the person chose. Pure. */
export function checkDays({ first, until }: Pick<OwnChecks, 'first' | 'until'>): string[] {
  const days: string[] = []
  for (let n = 0; monthsAfter(first, n) <= until; n++) days.push(monthsAfter(first, n))
  return days
}

/** The person keeps the check for so many months from today. What they wrote in it before stays. */
export async function keepChecks(sheet: string, months: number, today: string): Promise<void> {
  const before = await meta('own_checks')
  await setMeta('own_checks', { sheet, first: monthsAfter(today, 1), until: monthsAfter(today, months), kept: before?.kept ?? [] })
}

/** One check, kept on this phone and sent nowhere. */
export async function keepCheck(sheet: Worksheet, day: string, answers: Answers): Promise<void> {
  const before = await meta('own_checks')
  if (!before) return
  const one = { id: newId(), day, sheet: `${sheet.id}.v${sheet.version}`, answers }
  await setMeta('own_checks', { ...before, kept: [one, ...before.kept] })
}

/** The check is not wanted any more: what was written in it goes with it, because nobody else has it. */
export function stopChecks(): Promise<void> {
  return setMeta('own_checks', { sheet: '', first: '', until: '', kept: [] })
}

/** Whether a check is kept on `today`. Pure. */
export function hasChecks(checks: OwnChecks | null, today: string): checks is OwnChecks {
  return checks !== null && checks.until >= today
}

/** What was last said of the course that ended, from this phone or another. */
export function saidOf(all: Snapshot): Answers | null {
  const said = heads(all.revisions).filter(({ revision: { subject, kind, payload } }) => subject.kind === 'setting' && kind !== 'delete'
    && payload.name === 'feedback' && payload.episode_id === all.courseOver?.episode_id)
  const last = said.sort((a, b) => (a.saved_at < b.saved_at ? 1 : -1))[0]
  return last ? (last.revision.payload.answers as Answers) : null
}

/** A calendar file for the person's own calendar: a neutral name, one a month, at six in the evening by their own clock. Pure. */
export function calendar(checks: Pick<OwnChecks, 'first' | 'until'>, now: Date): string {
  const stamp = now.toISOString().replace(/[-:]|\.\d+/g, '')
  const lines = [
    'BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Meantime//Meantime//EN', 'BEGIN:VEVENT', `UID:${checks.first}-${stamp}@meantime`,
    `DTSTAMP:${stamp}`, `DTSTART:${checks.first.replaceAll('-', '')}T180000`, 'DURATION:PT5M',
    `RRULE:FREQ=MONTHLY;COUNT=${checkDays(checks).length}`, 'SUMMARY:Meantime', 'TRANSP:TRANSPARENT',
    'BEGIN:VALARM', 'ACTION:DISPLAY', 'DESCRIPTION:Meantime', 'TRIGGER:PT0M', 'END:VALARM', 'END:VEVENT', 'END:VCALENDAR',
  ]
  return `${lines.join('\r\n')}\r\n`
}
