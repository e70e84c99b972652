// What an entry comes to, by its worksheet's done rule, loosened for this client where the assignment says so.
import type { Kept } from '../sync/kept.ts'
import { entryOf, type Judge } from '../sync/standing.ts'
import { outcome } from '../worksheet/done.ts'
import type { Assignment, OccurrenceState } from '../sync/wire.ts'
import type { Rule, Worksheet } from '../worksheet/definition.ts'

/** A judge that knows these assignments and worksheets. */
export function judging(assignments: Assignment[], worksheets: Map<string, Worksheet>): Judge {
  const byId = new Map(assignments.map((one) => [one.assignment_id, one]))
  return (kept): OccurrenceState | null => {
    const { form_key, subject } = kept.revision
    const sheet = sheetOf(worksheets, kept)
    // A free task has no questions: anything written about it means it was done.
    if (!sheet) return form_key ? null : 'done'
    const rule = (byId.get(subject.assignment_id ?? '')?.done_rule ?? null) as Rule | null
    const became = outcome(sheet, entryOf(kept).answers, rule)
    return became === 'empty' ? null : became
  }
}

/** The worksheet an entry was written on; null for a free task, or where this phone has it no more. */
export function sheetOf(worksheets: Map<string, Worksheet>, { revision: { form_key, form_version } }: Kept): Worksheet | null {
  return worksheets.get(`${form_key}.v${form_version}`) ?? null
}
