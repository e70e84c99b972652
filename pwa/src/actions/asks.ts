// Which plans wait for their owner's yes. Apart from the rest of plans, because Today opens with little. Pure.
import type { Snapshot } from '../store/snapshot.ts'
import type { Kept } from '../sync/kept.ts'
import type { Assignment } from '../sync/wire.ts'

/** The tasks whose plan Today asks about, what was agreed last first. */
export function waitingForYes(all: Snapshot, today: string): Assignment[] {
  return all.assignments
    .filter((one) => (!one.until || one.until >= today) && asksAbout(all, one))
    .sort((a, b) => (a.agreed_on + a.assignment_id < b.agreed_on + b.assignment_id ? 1 : -1))
}

/** Whether to ask if a plan is right: once for each version that a practitioner wrote down. */
export function asksAbout(all: Snapshot, assignment: Assignment): boolean {
  const theirs = (assignment.made_by ?? 'practitioner') === 'practitioner'
  return assignment.state === 'open' && theirs && !isConfirmed(all, assignment) && !ownWish(all, assignment)
}

/** Whether the client said yes to the version that is on this phone, and has changed nothing since. */
export function isConfirmed(all: Snapshot, assignment: Assignment): boolean {
  return !ownWish(all, assignment) && all.revisions.some(({ revision: { subject, payload, kind } }) =>
    kind === 'save' && subject.kind === 'plan' && subject.assignment_id === assignment.assignment_id && payload.confirmed === true && payload.version === assignment.version)
}

/** The last change of this plan that was made on this phone and has not come back yet. */
export function ownWish(all: Snapshot, { assignment_id }: Assignment): Kept | undefined {
  return all.revisions
    .filter(({ seen, revision: { subject, payload } }) => !seen && payload.plan && subject.kind === 'plan' && subject.assignment_id === assignment_id)
    .sort((a, b) => (a.saved_at < b.saved_at ? 1 : -1))[0]
}
