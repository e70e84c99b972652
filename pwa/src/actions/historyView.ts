// What I did: four weeks of occurrences as words and dots, entries, and what was looked at together. Pure.
import { counted, eventsOf, placeOf, type Counts } from './counts.ts'
import { judging } from './judged.ts'
import { addDays, daysBetween } from '../sync/days.ts'
import { byTime, heads, type Kept } from '../sync/kept.ts'
import { standings, type Standing } from '../sync/standing.ts'
import type { Snapshot } from '../store/snapshot.ts'

const WEEKS = 4
const A_WEEK = 7

export type Dot = { standing: Standing; title: string }
export type Week = Counts & { from: string; ago: number; dots: Dot[] }

/**
 * The last four weeks, newest first, none before the first that was agreed. A week is seven days from the day of the first
 * agreed task, as it is for the task itself. What has not come yet is left out unless something was said of it.
 */
export function weeks(all: Snapshot, today: string): Week[] {
  const titles = new Map(all.assignments.map((one) => [one.assignment_id, one.title]))
  const events = eventsOf(all.assignments)
  const began = all.assignments.map((one) => one.from).reduce((a, b) => (a < b ? a : b), today)
  const since = Math.floor(daysBetween(began, today) / A_WEEK)
  const dots = standings(all.occurrences, all.revisions, judging(all.assignments, all.worksheets))
    .filter((one) => (one.state !== 'open' || one.opens_on <= today) && placeOf(one, today, events.has(one.assignment_id)) !== 'out')
    .map((standing) => ({ standing, title: titles.get(standing.assignment_id) ?? '' }))
  return Array.from({ length: Math.min(WEEKS, since + 1) }, (_, ago) => {
    const from = addDays(began, A_WEEK * (since - ago))
    const here = dots.filter(({ standing }) => isWithin(from, weekDay(standing, today)))
      .sort((a, b) => (dayOfDot(a.standing) < dayOfDot(b.standing) ? -1 : 1))
    return { from, ago, dots: here, ...counted(here.map(({ standing }) => standing), today, events) }
  })
}

function isWithin(from: string, day: string): boolean {
  const days = daysBetween(from, day)
  return days >= 0 && days < A_WEEK
}

/** Which week counts it: the times of one week stay together, whatever day each was done; those of now are in this week. */
function weekDay(standing: Standing, today: string): string {
  const { opens_on, due_on } = standing
  const day = daysBetween(opens_on, due_on) < A_WEEK || standing.state === 'open' ? due_on : dayOfDot(standing)
  return day < today ? day : today
}

/** The day it belongs to: its own day, whenever it was written down; of one with more days, when it was done, else its first. */
export function dayOfDot({ done_at, by, opens_on, due_on }: Standing): string {
  if (opens_on === due_on) return due_on
  if (by) return by.revision.happened_at.local.slice(0, 10)
  if (done_at) return done_at.slice(0, 10)
  return opens_on
}

/**
 * Entries with at least one living or removed state, newest first; each as its heads (more than one: two devices). A removal
 * stands behind a state it did not know of, as it does at the service.
 */
export function entries(revisions: Kept[]): Kept[][] {
  const byEntry = new Map<string, Kept[]>()
  for (const kept of heads(revisions)) {
    if (kept.revision.subject.kind !== 'entry') continue
    byEntry.set(kept.revision.entry_id, [...(byEntry.get(kept.revision.entry_id) ?? []), kept])
  }
  const groups = [...byEntry.values()]
  for (const group of groups) group.sort((a, b) => removed(a) - removed(b) || byTime(b, a))
  return groups.sort((a, b) => (a[0]!.revision.happened_at.local < b[0]!.revision.happened_at.local ? 1 : -1))
}

function removed({ revision }: Kept): number {
  return Number(revision.kind === 'delete')
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
