// What is known of a plan besides the plan: who changed what. Pure.
import { ownWish } from './asks.ts'
import { planOf } from './todayView.ts'
import type { Snapshot } from '../store/snapshot.ts'
import type { Assignment, Changed, Plan, PlanChange } from '../sync/wire.ts'
import type { Json } from '../worksheet/definition.ts'

const PARTS = ['when', 'at', 'weekdays', 'where', 'with_whom', 'how_long', 'reminder', 'obstacle', 'then'] as const

/** Who changed what, newest first; what was changed on this phone and is not back yet stands first. */
export function changesOf(all: Snapshot, assignment: Assignment): PlanChange[] {
  const own = ownChange(all, assignment)
  return [...(own && own.parts.length > 0 ? [own] : []), ...(assignment.changes ?? [])]
}

function ownChange(all: Snapshot, assignment: Assignment): PlanChange | null {
  const own = ownWish(all, assignment)
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
