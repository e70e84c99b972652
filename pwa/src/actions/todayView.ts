// What Today shows: what is planned for today, what can be done any time, and one line about what is sent. Pure.
import { counted, eventsOf, type Counts } from './counts.ts'
import { judging } from './judged.ts'
import { begun } from './offered.ts'
import { addDays, daysBetween, weekdayOf } from '../sync/days.ts'
import { heads, unsent, type Kept } from '../sync/kept.ts'
import { standings, type Standing } from '../sync/standing.ts'
import type { Snapshot } from '../store/snapshot.ts'
import type { Draft } from '../store/drafts.ts'
import type { Assignment, Plan } from '../sync/wire.ts'
import type { Json, Worksheet } from '../worksheet/definition.ts'

export type Card = {
  assignment: Assignment
  plan: Partial<Plan>
  sheet: Worksheet | null
  /** The occurrence one tap is about; null when none is open now (it can still be done). */
  standing: Standing | null
  draft: Draft | null
  /** Today's last one tap about another of its times: shown, so that it can be seen to be sent, and taken back. */
  said: Standing | null
  progress: (Counts & { span: 'day' | 'week' | 'span' }) | null
}
export type TodayView = {
  planned: Card[]
  anyTime: Card[]
  unsent: number
  notAccepted: number
  allSent: boolean
  /** What waits goes by itself later; an app that is too old says that it has to be newer first. */
  notReached: boolean
  /** Entries that two devices changed without knowing of each other: the person has not chosen yet. */
  twice: string[]
  lastSent: string | null
  synced: boolean
}

/** Today's cards for `today`, a day in the client's zone. */
export function todayView(all: Snapshot, today: string): TodayView {
  const standing = standings(all.occurrences, all.revisions, judging(all.assignments, all.worksheets))
  const cards = all.assignments
    .filter((one) => one.state === 'open' && one.from <= today && (!one.until || one.until >= today))
    .map((one) => card(all, one, standing.filter((slot) => slot.assignment_id === one.assignment_id), today, null))
  const planned = cards.filter((one) => isPlanned(one, today))
  const waits = all.revisions.filter(unsent).length
  const notAccepted = all.revisions.filter((kept) => kept.state === 'refused').length
  const synced = all.sync.cursor !== ''
  return {
    planned: planned.sort((a, b) => (a.plan.at ?? '99') < (b.plan.at ?? '99') ? -1 : 1),
    anyTime: cards.filter((one) => !planned.includes(one)),
    unsent: waits,
    notReached: waits > 0 && all.sync.failures > 0 && !all.sync.app_too_old,
    notAccepted,
    allSent: synced && waits + notAccepted === 0,
    twice: twice(all.revisions),
    lastSent: all.sync.last_sent_at,
    synced,
  }
}

function twice(all: Kept[]): string[] {
  const states = heads(all).filter(({ revision }) => revision.subject.kind === 'entry')
  const living = states.filter(({ revision }) => revision.kind !== 'delete').map(({ revision }) => revision.entry_id)
  return [...new Set(living)].filter((id) => states.filter(({ revision }) => revision.entry_id === id).length > 1)
}

/** The plan as the client last changed it, else as it was agreed. */
export function planOf(all: Snapshot, assignment: Assignment): Partial<Plan> {
  return all.revisions
    .filter(({ seen, revision: { subject, payload } }) => !seen && payload.plan && subject.assignment_id === assignment.assignment_id)
    .sort((a, b) => (a.saved_at < b.saved_at ? -1 : 1))
    .reduce((plan, { revision: { payload } }) => ({ ...plan, ...ownParts(payload) }), assignment.plan)
}

/** What was changed there: what was left as it is may be another since. */
function ownParts({ plan, parts }: { [name: string]: Json }): Partial<Plan> {
  return Object.fromEntries(Object.entries(plan as Partial<Plan>).filter(([part]) => !Array.isArray(parts) || parts.includes(part)))
}

/** Whether anything is planned: a row of it would be shown (PlanRows). How sure they are is no plan. */
export function hasPlan({ confidence, weekdays, ...parts }: Partial<Plan>): boolean {
  return (weekdays ?? []).length > 0 || Object.values(parts).some(Boolean)
}

/** One task's card; with `slot`, about that occurrence. */
export function cardOf(all: Snapshot, assignment: Assignment, today: string, slot?: string): Card {
  const own = all.occurrences.filter((one) => one.assignment_id === assignment.assignment_id)
  return card(all, assignment, standings(own, all.revisions, judging(all.assignments, all.worksheets)), today, slot ?? null)
}

function card(all: Snapshot, assignment: Assignment, slots: Standing[], today: string, asked: string | null): Card {
  const named = assignment.worksheet
  const now = slots.filter((slot) => isNow(slot, today)).sort((a, b) => (a.due_on + a.slot < b.due_on + b.slot ? -1 : 1))
  const open = now.find((slot) => slot.state === 'open' || movedHere(slot, today))
  const standing = slots.find((slot) => slot.slot === asked) ?? open ?? now.at(-1) ?? null
  return {
    assignment, standing,
    plan: planOf(all, assignment),
    sheet: named ? all.worksheets.get(`${named.id}.v${named.version}`) ?? null : null,
    draft: all.drafts.find((one) => one.assignment_id === assignment.assignment_id && !one.entry_id && begun(one)) ?? null,
    said: lastSaid(now.filter((slot) => slot !== standing), today),
    progress: now.length > 1 ? { ...counted(now, today, eventsOf([assignment])), span: span(now) } : null,
  }
}

function lastSaid(slots: Standing[], today: string): Standing | null {
  const here = slots.filter(({ by }) => by?.revision.subject.kind === 'answer' && by.revision.happened_at.local.startsWith(today))
  return here.reduce<Standing | null>((last, one) => (!last || one.by!.saved_at >= last.by!.saved_at ? one : last), null)
}

function isNow(slot: Standing, today: string): boolean {
  if (slot.state === 'withdrawn') return false
  return (slot.opens_on <= today && today <= slot.due_on) || movedHere(slot, today)
}

function movedHere(slot: Standing, today: string): boolean {
  return slot.state === 'moved' && slot.moved_to === today
}

function span(slots: Standing[]): 'day' | 'week' | 'span' {
  const days = Math.max(...slots.map((slot) => daysBetween(slot.opens_on, slot.due_on)))
  return days === 0 ? 'day' : days <= 7 ? 'week' : 'span'
}

function isPlanned({ standing, plan, assignment }: Card, today: string): boolean {
  if (!standing) return false
  if (movedHere(standing, today) || standing.opens_on === standing.due_on) return true
  const weekdays = plan.weekdays ?? assignment.rhythm.weekdays ?? []
  return weekdays.includes(weekdayOf(today))
}

/** Days an occurrence can be moved to: from tomorrow until the day before the next appointment, a week at most. */
export function otherDays(today: string, nextAppointment: string | null): string[] {
  const week = [1, 2, 3, 4, 5, 6, 7].map((ahead) => addDays(today, ahead))
  if (!nextAppointment) return week
  const before = week.filter((day) => day < nextAppointment.slice(0, 10))
  return before.length > 0 ? before : week.filter((day) => day <= nextAppointment.slice(0, 10))
}
