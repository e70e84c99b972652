// A worksheet in parts: the plan now, how it went later. Pure.
import type { Answers, Worksheet } from '../worksheet/definition.ts'
import { holds, isAnswered, visible } from '../worksheet/shown.ts'

type Stage = Worksheet['stages'][number]

/** The first part that is not complete; the last one when all are; null where there are no parts. */
export function openStage(sheet: Worksheet | null, answers: Answers): Stage | null {
  const stages = sheet && sheet.stages.length > 1 ? sheet.stages : []
  return stages.find((stage) => !isComplete(sheet!, stage.id, answers)) ?? stages.at(-1) ?? null
}

/** The later part still to do, once an earlier one is complete; null when there is none, or nothing was begun. */
export function laterStage(sheet: Worksheet | null, answers: Answers): Stage | null {
  const open = openStage(sheet, answers)
  return open && open !== sheet!.stages[0] && !isComplete(sheet!, open.id, answers) ? open : null
}

/** What it requires is answered; where it requires nothing, something is. */
function isComplete(sheet: Worksheet, stage: string, answers: Answers): boolean {
  const scope = visible(sheet.fields, answers)
  const own = sheet.fields.filter((field) => field.stage === stage && scope.has(field.id))
  const required = own.some((field) => field.required || field.fields.some((inner) => inner.required))
  return required ? holds({ stage }, scope) : own.some((field) => isAnswered(field.id, scope))
}
