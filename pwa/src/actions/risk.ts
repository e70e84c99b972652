// What answers about risk open, here and at once, without a network. Pure; twin of server/safety/rules.py.
import { OTHER, type Answers, type Field, type Json, type RiskFlag, type Worksheet } from '../worksheet/definition.ts'
import { raised } from '../worksheet/left.ts'
import { answered, isObject, own, visible, type Scope } from '../worksheet/shown.ts'

/** Stands for any words: that something was written is a fact, what was written is never looked at. */
export const WRITTEN = '…'
const WHEN = /^[0-9T:-]{4,16}$/

/** The cards these answers open: [] for none. Nothing is inferred from free text (clinical reference D1.6). */
export function cardsFor(sheet: Worksheet | null, answers: Answers): RiskFlag['card'][] {
  return [...new Set((sheet ? flagsOf(sheet, answers) : []).map((flag) => flag.card))]
}

/** The flags these answers raise. What is on show goes by the real answers; what is raised, by those without words. */
export function flagsOf(sheet: Worksheet, answers: Json): RiskFlag[] {
  const shown = withoutText(sheet, answers)
  const fields = sheet.fields.filter((field) => field.show_when === null || Object.hasOwn(shown, field.id))
  return raised({ ...sheet, fields: fields.map(unconditional) }, shown)
}

/** The answers on show, with `WRITTEN` in the place of all words. What is hidden or was never asked is left out. */
export function withoutText(sheet: Worksheet, answers: Json): Answers {
  return closed(sheet.fields, answers)
}

function unconditional(field: Field): Field {
  return { ...field, show_when: null, fields: field.fields.map(unconditional) }
}

/** Whether a definition is the form a service wants: with its questions about risk, or without them. */
export function isWanted(sheet: Worksheet, whole: boolean): boolean {
  return whole ? sheet.part !== 'without_risk' : !asksAboutRisk(sheet.fields)
}

function asksAboutRisk(fields: Field[]): boolean {
  return fields.some((field) => field.risk || asksAboutRisk(field.fields))
}

function closed(fields: Field[], answers: Json, around: Scope = new Map()): Answers {
  if (!isObject(answers)) return {}
  const scope = visible(fields, answers, around)
  const there = fields.filter(({ id }) => Object.hasOwn(answers, id) && scope.has(id))
  return Object.fromEntries(there.map((field) => [field.id, value(field, own(answers, field.id), scope)]))
}

function value(field: Field, given: Json, scope: Scope): Json {
  if (field.type === 'list') return Array.isArray(given) ? given.map((one) => closed(field.fields, one, scope)) : null
  if (field.type === 'choices') return Array.isArray(given) ? given.map((one) => withoutWords(field, one, [one])) : null
  return withoutWords(field, given, given)
}

/** A number, a yes or no, one of the options, a day or time; of anything else only whether it is an answer. */
function withoutWords(field: Field, given: Json, whole: Json): Json {
  if (typeof given === 'boolean' || typeof given === 'number' || isKnown(field, given)) return given
  if (!answered(field, whole)) return null
  return isObject(given) ? { [OTHER]: WRITTEN } : WRITTEN
}

function isKnown(field: Field, given: Json): boolean {
  if (field.type === 'choice' || field.type === 'choices') return field.options.some(({ code }) => code === given)
  return ['date', 'time', 'moment'].includes(field.type) && typeof given === 'string' && WHEN.test(given)
}
