// What is known of a plan besides the plan: whether its owner said yes to it, and who changed what. Pure.
import { planOf } from './todayView.ts'
import type { Snapshot } from '../store/snapshot.ts'
import type { Assignment, Changed, Plan, PlanChange } from '../sync/wire.ts'
import type { Json } from '../worksheet/definition.ts'

const PARTS = ['when', 'at', 'weekdays', 'where', 'with_whom', 'how_long', 'reminder', 'obstacle', 'then'] as const

/** Whether to ask "Does this look right?": once for each version that a practitioner wrote down. */
export function asksAbout(all: Snapshot, assignment: Assignment): boolean {
  const theirs = (assignment.made_by ?? 'practitioner') === 'practitioner'
  return assignment.state === 'open' && theirs && !isConfirmed(all, assignment) && !ownChange(all, assignment)
}

/** Whether the client said yes to the version that is on this phone, and has changed nothing since. */
export function isConfirmed(all: Snapshot, assignment: Assignment): boolean {
  const { assignment_id, version } = assignment
  return !ownChange(all, assignment) && all.revisions.some(({ revision: { subject, payload, kind } }) =>
    kind === 'save' && subject.kind === 'plan' && subject.assignment_id === assignment_id && payload.confirmed === true && payload.version === version)
}

/** Who changed what, newest first; what was changed on this phone and is not back yet stands first. */
export function changesOf(all: Snapshot, assignment: Assignment): PlanChange[] {
  const own = ownChange(all, assignment)
  return [...(own && own.parts.length > 0 ? [own] : []), ...(assignment.changes ?? [])]
}

function ownChange(all: Snapshot, assignment: Assignment): PlanChange | null {
  const [own] = all.revisions
    .filter(({ seen, revision: { subject, payload } }) => !seen && payload.plan && subject.kind === 'plan' && subject.assignment_id === assignment.assignment_id)
    .sort((a, b) => (a.saved_at < b.saved_at ? 1 : -1))
  if (!own) return null
  return { at: own.saved_at, by: 'client', who: '', parts: changedParts(assignment.plan, planOf(all, assignment)) }
}

/** The parts of a plan that are another than before. */
export function differing(before: Partial<Plan>, after: Partial<Plan>): string[] {
  return changedParts(before, after).map(({ part }) => part)
}

function changedParts(before: Partial<Plan>, after: Partial<Plan>): Changed[] {
  return PARTS.flatMap((part): Changed[] => {
    const was = before[part] ?? null
    const now = part in after ? after[part] ?? null : was
    return said(was) === said(now) ? [] : [{ part, was, now }]
  })
}

/** Nothing, blank and an empty list are the same: nothing was said. */
function said(value: Json): string {
  return typeof value === 'string' ? value.trim() : Array.isArray(value) ? value.join() : String(value ?? '')
}
