// Where a practitioner moved the reminder to the time of a plan: apart from the rest, because Today may say it. Pure.
import type { Snapshot } from '../store/snapshot.ts'
import type { Plan } from '../sync/wire.ts'

/** The time of a plan to which a practitioner moved the reminder, while it stands there; null where nobody did. */
export function movedTo({ revisions, settings: { reminder } }: Pick<Snapshot, 'revisions' | 'settings'>, { at }: Partial<Plan>): string | null {
  const moved = revisions.some(({ staff, revision: { subject, payload } }) =>
    staff && subject.kind === 'setting' && payload.name === 'reminder' && payload.at === at)
  return at && moved && reminder.on && reminder.at === at ? at : null
}
