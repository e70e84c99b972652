// Answers as somebody reads them: [label, text] in order. Pure; twin of server/worksheets/reading_form.py.
import type { Field, Json, Worksheet } from './definition.ts'
import { NOTHING_HAPPENED } from './definition.ts'
import { said } from './said.ts'
import { isNothing, isObject, own, visible } from './shown.ts'
import type { Scope } from './shown.ts'
import { answerInWords, asKept } from './words.ts'

/** What was answered, in order. A value that does not fit is shown as kept; a hidden question is not. */
export function readingForm(worksheet: Worksheet, answers: Json): [label: string, text: string][] {
  return byQuestion(worksheet, answers).flatMap(([, rows]) => rows)
}

/** The same under the name of each question, in order; no rows for one that is hidden or has no answer. */
export function byQuestion(worksheet: Worksheet, answers: Json): [id: string, rows: [label: string, text: string][]][] {
  const given = isObject(answers) ? answers : {}
  const scope = visible(worksheet.fields, given)
  const nothing = worksheet.nothing_happened && own(given, NOTHING_HAPPENED) === true
  return [
    [NOTHING_HAPPENED, nothing ? [said().nothing()] : []],
    ...worksheet.fields.map((field): [string, [string, string][]] => [field.id, rowsOf([field], scope, (label) => label)]),
  ]
}

function rowsOf(fields: Field[], scope: Scope, within: (label: string) => string): [string, string][] {
  return fields.flatMap((field): [string, string][] => {
    const value = scope.get(field.id)?.value ?? null
    if (field.type === 'heading' || isNothing(value)) return []
    if (field.type === 'list' && Array.isArray(value)) return itemRows(field, value, scope)
    const text = answerInWords(field, value)
    return text === '' ? [] : [[within(field.label), text]]
  })
}

function itemRows(field: Field, value: Json[], scope: Scope): [string, string][] {
  return value.filter((item) => !isNothing(item)).flatMap((item, n): [string, string][] => {
    const kind = field.item || field.label
    const name = said().item(kind, n + 1)
    if (!isObject(item)) return [[name, asKept(item)]]
    // A question called like its item says it once: "Feeling 1", not "Feeling 1: Feeling".
    return rowsOf(field.fields, visible(field.fields, item, scope), (label) => (label === kind ? name : said().within(name, label)))
  })
}
