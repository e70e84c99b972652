// Which questions are on show, and which are answered. Pure; twin of server/worksheets/scope.py, on the same vectors.
import type { Field, Json, Worksheet } from './definition.ts'
import { OTHER } from './definition.ts'
import { dayOf, momentOf, timeOf } from './moments.ts'

/** Answers on show, by field id. Inside a list item: the item's own, and those of the page round it. */
export type Scope = Map<string, { field: Field; value: Json }>

const LARGEST_NUMBER = 2 ** 53 // above this the two twins would not count alike
const DEEPEST_RULE = 30
// Written out, because Python's strip() and JavaScript's trim() differ on some of these.
const BLANK = /^[\t\n\v\f\r \0\u0085\u00a0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff]*$/

/** Whether this value is an answer. 0 and false are; blank, [] and another type are not. */
export function answered(field: Field, value: Json, scope: Scope = new Map()): boolean {
  switch (field.type) {
    case 'text': case 'date': case 'time': case 'moment': return isWords(value)
    case 'choice': return isWords(value) || isOwnWords(field, value)
    case 'number': case 'scale': case 'duration': return isNumber(value)
    case 'boolean': return typeof value === 'boolean'
    case 'choices': return Array.isArray(value) && value.some((one) => isWords(one) || isOwnWords(field, one))
    case 'list': return items(field, value, scope).length > 0
    default: return false
  }
}

/** The questions and headings on the page now, in order; with `stage`, those of that stage or of none. */
export function shownFields(worksheet: Worksheet, answers: Json, stage: string | null = null): Field[] {
  const scope = visible(worksheet.fields, answers)
  return worksheet.fields.filter((field) => scope.has(field.id) && inStage(field, stage))
}

/** The questions of one item of a list field that are on show now. `answers` is the page round the item. */
export function shownInItem(
  worksheet: Worksheet, field: Field, item: Json, answers: Json, stage: string | null = null,
): Field[] {
  const scope = visible(field.fields, item, visible(worksheet.fields, answers))
  return field.fields.filter((inner) => scope.has(inner.id) && inStage(inner, stage))
}

/** A question without a stage belongs to every stage. */
function inStage(field: Field, stage: string | null): boolean {
  return stage === null || field.stage === null || field.stage === stage
}

/** What is on show, with its value. A question sees only earlier ones: no two can hide each other. */
export function visible(fields: Field[], answers: Json, around: Scope = new Map()): Scope {
  const given = isObject(answers) ? answers : {}
  const scope: Scope = new Map(around)
  for (const field of fields) scope.delete(field.id)
  for (const field of fields) {
    if (field.show_when === null || holds(field.show_when as Json, scope)) {
      scope.set(field.id, { field, value: own(given, field.id) })
    }
  }
  return scope
}

/** The items of a list field in which anything is answered, each as a scope of its own. */
export function items(field: Field, value: Json, scope: Scope): Scope[] {
  if (field.type !== 'list' || !Array.isArray(value)) return []
  return value
    .filter(isObject)
    .map((item) => visible(field.fields, item, scope))
    .filter((item) => field.fields.some((inner) => isAnswered(inner.id, item)))
}

/** Whether this field is on show and answered. An unknown name is not. */
export function isAnswered(name: Json, scope: Scope): boolean {
  const found = typeof name === 'string' ? scope.get(name) : undefined
  return found !== undefined && answered(found.field, found.value, scope)
}

/** Whether a rule is true of what is on show. A rule that makes no sense is false, never an error. */
export function holds(rule: Json, scope: Scope, depth = 0): boolean {
  if (!isObject(rule) || depth > DEEPEST_RULE) return false
  const words = Object.keys(rule)
  const word = words[0]
  if (words.length !== 1 || word === undefined || !Object.hasOwn(WORDS, word)) return false
  return WORDS[word]!(rule[word] ?? null, scope, depth + 1)
}

/** For each required question on show, whether it is answered; in a list, for each item begun. */
export function required(scope: Scope, stage: string | null = null): boolean[] {
  const found: boolean[] = []
  for (const { field, value } of scope.values()) {
    if (field.required && ofStage(field.stage, stage)) found.push(answered(field, value, scope))
    for (const item of items(field, value, scope)) {
      for (const inner of field.fields) {
        const asked = inner.required && ofStage(inner.stage ?? field.stage, stage) && item.has(inner.id)
        if (asked) found.push(isAnswered(inner.id, item))
      }
    }
  }
  return found
}

/** Text with something in it. */
export function isWords(value: Json): value is string {
  return typeof value === 'string' && !BLANK.test(value)
}

/** An answer in own words to a choice that is open to them: `{other: 'words'}`. */
export function isOwnWords(field: Field, value: Json): value is { other: string } {
  return field.open && isObject(value) && isWords(own(value, OTHER))
}

/** What an answer counts as: itself, or the score of the option chosen; null where it counts as nothing. */
export function numberOf(field: Field, value: Json): number | null {
  if (field.type === 'choice') return field.options.find((option) => option.code === value)?.score ?? null
  return ['number', 'scale', 'duration'].includes(field.type) && isNumber(value) ? value : null
}

/** A finite number that both twins count alike. */
export function isNumber(value: Json | undefined): value is number {
  return typeof value === 'number' && Math.abs(value) <= LARGEST_NUMBER
}

/** Nothing was written: null, blank text, [] or {}. */
export function isNothing(value: Json): boolean {
  if (typeof value === 'string') return BLANK.test(value)
  if (isObject(value) && Object.keys(value).join() === OTHER && typeof value[OTHER] === 'string') return BLANK.test(value[OTHER])
  return value === null || (typeof value === 'object' && Object.keys(value).length === 0)
}

/** An object that is not a list. */
export function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Its own value under this key, never one it was born with. */
export function own(from: { [key: string]: Json }, key: string): Json {
  return Object.hasOwn(from, key) ? from[key] ?? null : null
}

type Word = (body: Json, scope: Scope, depth: number) => boolean

const WORDS: { [word: string]: Word } = {
  all: (body, scope, depth) => Array.isArray(body) && body.every((one) => holds(one, scope, depth)),
  any: (body, scope, depth) => Array.isArray(body) && body.some((one) => holds(one, scope, depth)),
  at_least: (body, scope, depth) => {
    if (!isObject(body) || !isNumber(body.n) || !Array.isArray(body.of)) return false
    return body.of.filter((one) => holds(one, scope, depth)).length >= body.n
  },
  answered: (body, scope) => isAnswered(body, scope),
  is: (body, scope) => {
    if (!isObject(body) || !isAnswered(body.field ?? null, scope)) return false
    return same(scope.get(body.field as string)!.value, body.value ?? null)
  },
  not: (body, scope, depth) => !holds(body, scope, depth),
  above: (body, scope) => inOrder(body, scope, (answer, bound) => answer > bound),
  below: (body, scope) => inOrder(body, scope, (answer, bound) => answer < bound),
  count: (body, scope, depth) => {
    if (!isObject(body) || !isNumber(body.at_least)) return false
    const fits = (item: Scope) => !Object.hasOwn(body, 'where') || holds(body.where ?? null, item, depth)
    return itemsOf(body, scope).filter(fits).length >= body.at_least
  },
  every: (body, scope, depth) => {
    if (!isObject(body)) return false
    const found = itemsOf(body, scope)
    return found.length > 0 && found.every((item) => holds(body.where ?? null, item, depth))
  },
  stage: (body, scope) => {
    if (typeof body !== 'string') return false
    const wanted = required(scope, body)
    return wanted.length > 0 && wanted.every(Boolean)
  },
}

const WRITTEN: { [type: string]: (value: Json) => unknown } = { date: dayOf, time: timeOf, moment: momentOf }

/** Holds the answer against a bound of the same kind; false where there is no answer or no order. */
function inOrder(body: Json, scope: Scope, holds: (answer: number | string, bound: number | string) => boolean): boolean {
  if (!isObject(body) || !isAnswered(body.field ?? null, scope)) return false
  const { field, value } = scope.get(body.field as string)!
  const bound = body.value ?? null
  const written = Object.hasOwn(WRITTEN, field.type) ? WRITTEN[field.type]! : null
  if (written !== null) { // days, times and moments are written so that their letters are in order
    return written(value) !== null && written(bound) !== null && holds(value as string, bound as string)
  }
  const number = numberOf(field, value)
  return number !== null && isNumber(bound) && holds(number, bound)
}

/** Equal and of one kind: 1 is not true, and "1" is not 1. Of several choices, one of them. */
function same(value: Json, wanted: Json): boolean {
  if (Array.isArray(value)) return value.some((one) => !Array.isArray(one) && same(one, wanted))
  if (typeof value === 'number') return isNumber(value) && isNumber(wanted) && value === wanted
  return (typeof value === 'boolean' || typeof value === 'string') && value === wanted
}

function itemsOf(body: { [key: string]: Json }, scope: Scope): Scope[] {
  const found = typeof body.list === 'string' ? scope.get(body.list) : undefined
  return found === undefined ? [] : items(found.field, found.value, scope)
}

function ofStage(stageOfField: string | null, stage: string | null): boolean {
  return stage === null || stageOfField === stage
}
