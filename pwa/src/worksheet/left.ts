// What is left to answer in a worksheet, and what its answers raise, while it is filled in. Pure; Today needs none of it.
import { outcome } from './done.ts'
import type { Field, Json, RiskFlag, Worksheet } from './definition.ts'
import { holds, isAnswered, required, shownFields, visible } from './shown.ts'

/** How many needed questions of this part are left; none once all of it is done by its own rule. */
export function stillOpen(worksheet: Worksheet, answers: Json, stage: string | null = null): number {
  if (outcome(worksheet, answers) === 'done') return 0
  const scope = visible(worksheet.fields, answers)
  const part = stage ?? worksheet.stages[0]?.id ?? null
  // A question without a part stands in each of them.
  const shared = worksheet.fields.filter((field) => part && field.required && !field.stage && scope.has(field.id))
  return required(scope, part).filter((answered) => !answered).length + shared.filter((field) => !isAnswered(field.id, scope)).length
}

/** The questions of this part that the short way shows. */
export function shortShown(worksheet: Worksheet, answers: Json, stage: string | null): Field[] {
  return shownFields(worksheet, answers, stage).filter((field) => worksheet.short.includes(field.id))
}

/** What the short way would still ask in this part; an answer that is only `offered` was not given yet. */
export function shortLeft(worksheet: Worksheet, answers: Json, stage: string | null, offered: { [name: string]: Json } = {}): Field[] {
  const scope = visible(worksheet.fields, answers)
  const given = ({ id }: Field) => isAnswered(id, scope) && JSON.stringify(scope.get(id)?.value) !== JSON.stringify(offered[id])
  return shortShown(worksheet, answers, stage).filter((field) => !given(field)).flatMap(asks)
}

/** A question as it is asked: of a list, what one item needs. */
function asks(field: Field): Field[] {
  const needed = field.fields.filter((inner) => inner.required)
  return needed.length > 0 ? needed : [field]
}

/** Whether the short way was gone to its end: it counts as tried or more. */
export function isShortDone(worksheet: Worksheet, answers: Json): boolean {
  const scope = visible(worksheet.fields, answers)
  return worksheet.short.length > 0 && worksheet.short.every((name) => isAnswered(name, scope))
}

/**
 * [answered, asked] over the questions on show, headings left out; a list is one question.
 * A question about risk counts only once it is answered: not every phone asks it.
 */
export function completeness(worksheet: Worksheet, answers: Json): [answered: number, asked: number] {
  const scope = visible(worksheet.fields, answers)
  const asked = worksheet.fields.filter((field) => scope.has(field.id) && field.type !== 'heading')
  const there = asked.filter((field) => isAnswered(field.id, scope))
  return [there.length, asked.filter((field) => !field.risk || there.includes(field)).length]
}

/** The flags about risk that these answers raise, in the order of the file. */
export function raised(worksheet: Worksheet, answers: Json): RiskFlag[] {
  const scope = visible(worksheet.fields, answers)
  return worksheet.risk_flags.filter((flag) => holds(flag.when as Json, scope))
}
