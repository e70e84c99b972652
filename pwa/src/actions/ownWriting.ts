// Writing that belongs to no task: its draft is kept under a name of its own.
import { Writing } from './writing.ts'
import { draft } from '../store/drafts.ts'
import { tooLong } from '../sync/wellFormed.ts'
import type { Answers, Worksheet } from '../worksheet/definition.ts'

/** The first question whose answer is too long to save, as it is asked; null where all of them fit. */
export function questionTooLong(sheet: Worksheet, answers: Answers): string | null {
  const [first] = tooLong(answers)
  return first === undefined ? null : sheet.fields.find(({ id }) => id === first)?.label ?? first
}

/** The draft that was left under this name, or one that starts from `answers`. */
export async function startOwn(name: string, answers: Answers): Promise<Writing> {
  const key = `own/${name}`
  const left = await draft(key)
  return new Writing(left ?? {
    key, assignment_id: key, slot: null, answers, kept: false, short: false, stage: null, local: null, helped_by: 'none',
    entry_id: null, parents: [], step: 0, updated_at: new Date(0).toISOString(),
  })
}
