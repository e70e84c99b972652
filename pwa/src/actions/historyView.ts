// What I did: four weeks of occurrences as words and dots, entries, and what was looked at together. Pure.
import { judging } from './judged.ts'
import { addDays, daysBetween, weekdayOf } from '../sync/days.ts'
import { heads, type Kept } from '../sync/kept.ts'
import { standings, type Standing } from '../sync/standing.ts'
import type { Snapshot } from '../store/snapshot.ts'

const WEEKS = 4

export type Dot = { standing: Standing; title: string }
export type Week = { from: string; ago: number; dots: Dot[]; done: number; of: number; tried: number; moved: number; exempt: number }

/** The last four calendar weeks, newest first; what has not come yet is left out unless something was done. */
export function weeks(all: Snapshot, today: string): Week[] {
  const titles = new Map(all.assignments.map((one) => [one.assignment_id, one.title]))
  const monday = addDays(today, -weekdayOf(today))
  const dots = standings(all.occurrences, all.revisions, judging(all.assignments, all.worksheets))
    .filter(({ state, opens_on }) => state !== 'withdrawn' && (state !== 'open' || opens_on <= today))
    .map((standing) => ({ standing, title: titles.get(standing.assignment_id) ?? '' }))
  return Array.from({ length: WEEKS }, (_, ago) => week(addDays(monday, -7 * ago), ago, dots, today))
}

function week(from: string, ago: number, all: Dot[], today: string): Week {
  const dots = all
    .filter(({ standing }) => { const days = daysBetween(from, dayOfDot(standing)); return days >= 0 && days < 7 })
    .sort((a, b) => (dayOfDot(a.standing) < dayOfDot(b.standing) ? -1 : 1))
  const count = (...states: string[]) => dots.filter(({ standing }) => states.includes(standing.state)).length
  const exempt = count('exempt', 'nothing_happened')
  const moved = count('moved')
  // What is still open and not yet due is no part of the sum: the week is not over.
  const ahead = dots.filter(({ standing }) => standing.state === 'open' && standing.due_on >= today).length
  return { from, ago, dots, done: count('done'), of: dots.length - exempt - moved - ahead, tried: count('partial', 'tried'), moved, exempt }
}

/** The day it belongs to: when it was done, else the last day it could be, for a week-long one its first day. */
export function dayOfDot({ done_at, by, opens_on, due_on }: Standing): string {
  if (by) return by.revision.happened_at.local.slice(0, 10)
  if (done_at) return done_at.slice(0, 10)
  return opens_on === due_on ? due_on : opens_on
}

/** Entries with at least one living or removed state, newest first; each as its heads (more than one: two devices). */
export function entries(revisions: Kept[]): Kept[][] {
  const byEntry = new Map<string, Kept[]>()
  for (const kept of heads(revisions)) {
    if (kept.revision.subject.kind !== 'entry') continue
    byEntry.set(kept.revision.entry_id, [...(byEntry.get(kept.revision.entry_id) ?? []), kept])
  }
  const groups = [...byEntry.values()]
  for (const group of groups) group.sort((a, b) => (a.saved_at < b.saved_at ? 1 : -1))
  return groups.sort((a, b) => (a[0]!.revision.happened_at.local < b[0]!.revision.happened_at.local ? 1 : -1))
}

/** Whether the words of an entry are kept from staff now: as saved, and as shared or kept since. */
export function isKept(all: Kept[], entry: Kept): boolean {
  const choice = heads(all)
    .filter(({ revision }) => revision.subject.kind === 'sharing' && revision.payload.entry_id === entry.revision.entry_id)
    .sort((a, b) => (a.saved_at < b.saved_at ? 1 : -1))[0]
  // A state saved after a choice carries that choice, or changes it on purpose (startEditing).
  const holds = choice && choice.saved_at >= entry.saved_at
  return holds ? choice.revision.payload.shared === false : entry.revision.payload.kept === true
}
