// How much of what was agreed was done and tried: one rule for Today and What I did. Pure.
import type { Standing } from '../sync/standing.ts'

/** `of`: what could be done by now, still open or not; `ahead`: so many of them nobody has to have answered yet. */
export type Counts = { done: number; tried: number; of: number; ahead: number; moved: number; exempt: number }

/** What stands below the line, and what does not (clinical reference F2, M1 and M2: not exempt, not moved on, nothing happened). */
export type Place = 'done' | 'tried' | 'not' | 'ahead' | 'moved' | 'exempt' | 'out'

/** Where one occurrence counts on `today`. `event`: it is for when something happens, so that silence says nothing. */
export function placeOf({ state, due_on, moved_to }: Pick<Standing, 'state' | 'due_on' | 'moved_to'>, today: string, event: boolean): Place {
  if (state === 'done') return 'done'
  if (state === 'partial' || state === 'tried') return 'tried'
  if (state === 'not_done') return 'not'
  if (state === 'exempt' || state === 'nothing_happened') return 'exempt'
  if (state === 'withdrawn' || event) return 'out'
  const until = state === 'moved' ? moved_to ?? due_on : due_on
  // To another day of the same span, a week or its own days, it is still agreed there.
  if (state === 'moved' && until > today && until > due_on) return 'moved'
  return until >= today ? 'ahead' : 'not'
}

/** The counts over some occurrences of one or more assignments. */
export function counted(slots: Standing[], today: string, events: ReadonlySet<string>): Counts {
  const places = slots.map((slot) => placeOf(slot, today, events.has(slot.assignment_id)))
  const count = (...wanted: Place[]) => places.filter((place) => wanted.includes(place)).length
  return {
    done: count('done'), tried: count('tried'), of: count('done', 'tried', 'not', 'ahead'),
    ahead: count('ahead'), moved: count('moved'), exempt: count('exempt'),
  }
}

/** The assignments that are for when something happens. */
export function eventsOf(assignments: { assignment_id: string; rhythm: { kind: string } }[]): Set<string> {
  return new Set(assignments.filter(({ rhythm }) => rhythm.kind === 'event').map(({ assignment_id }) => assignment_id))
}
