// What became of a worksheet, by its own rules. Pure; twin of server/worksheets/rules.py, on the same vectors.
import type { Field, Json, Rule, Worksheet } from './definition.ts'
import { NOTHING_HAPPENED } from './definition.ts'
import { holds, isAnswered, isObject, items, own, required, visible } from './shown.ts'
import type { Scope } from './shown.ts'

export type Outcome = 'done' | 'partial' | 'tried' | 'nothing_happened' | 'empty'

/** What these answers come to. `rule`: the done rule as loosened for one client. Never throws. */
export function outcome(worksheet: Worksheet, answers: Json, rule: Rule | null = null): Outcome {
  if (isAttempted(worksheet, answers)) {
    if (isDone(rule ?? worksheet.done, worksheet, answers)) return 'done'
    return required(visible(worksheet.fields, answers)).some(Boolean) ? 'partial' : 'tried'
  }
  const said = isObject(answers) && own(answers, NOTHING_HAPPENED) === true
  return said && worksheet.nothing_happened ? 'nothing_happened' : 'empty'
}

/** Whether a done rule holds of these answers. */
export function isDone(rule: Rule, worksheet: Worksheet, answers: Json): boolean {
  return holds(rule as Json, visible(worksheet.fields, answers))
}

/** Whether any question on show but a date is answered. */
export function isAttempted(worksheet: Worksheet, answers: Json): boolean {
  const scope = visible(worksheet.fields, answers)
  return worksheet.fields.some((field) => tells(field, scope))
}

/** Whether this field says more than when it was. */
function tells(field: Field, scope: Scope): boolean {
  const found = scope.get(field.id)
  if (field.type === 'list' && found !== undefined) {
    return items(field, found.value, scope).some((item) => field.fields.some((inner) => tells(inner, item)))
  }
  return field.type !== 'date' && isAnswered(field.id, scope)
}
