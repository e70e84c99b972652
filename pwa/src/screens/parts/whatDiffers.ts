// The questions that two states of one entry answer differently, in the order of their sheet. Pure.
import { inRows } from './inRows.ts'
import { differing } from '../../actions/mergeTwo.ts'
import type { Kept } from '../../sync/kept.ts'
import { entryOf } from '../../sync/standing.ts'
import type { Worksheet } from '../../worksheet/definition.ts'
import { byQuestion } from '../../worksheet/reading.ts'

export type Rows = [label: string, text: string][]
export type Differs = { id: string; of: readonly [Rows, Rows] }

/** What either of them shows there, among all its other answers: those say whether a question is on show at all. */
export function whatDiffers(sheet: Worksheet | null, head: Kept, other: Kept): Differs[] {
  const ids = differing(head, other)
  const [mine, theirs] = [rowsBy(sheet, head), rowsBy(sheet, other)]
  return [...new Set([...mine.keys(), ...theirs.keys()])]
    .filter((id) => ids.includes(id))
    .map((id) => ({ id, of: [mine.get(id) ?? [], theirs.get(id) ?? []] as const }))
    .filter(({ of }) => of.some((rows) => rows.length > 0))
}

function rowsBy(sheet: Worksheet | null, entry: Kept): Map<string, Rows> {
  const { answers } = entryOf(entry)
  if (sheet) return new Map(byQuestion(sheet, answers))
  return new Map(Object.entries(answers).map(([id, value]) => [id, inRows(null, { [id]: value })]))
}
