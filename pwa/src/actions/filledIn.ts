// What an empty worksheet starts from: its day, first answers the worksheet names, and what carries over from last time. Pure.
import { offered } from './offered.ts'
import { heads, type Kept } from '../sync/kept.ts'
import { entryOf } from '../sync/standing.ts'
import { NOTHING_HAPPENED, type Answers, type Field, type Json, type Worksheet } from '../worksheet/definition.ts'
import { answered, isNothing, isObject, own } from '../worksheet/shown.ts'

/** `offered`: answers to start from. `carried`: which of them are from the last entry about the same assignment. */
export type FilledIn = { offered: Answers; carried: string[] }

/** For an empty `sheet` about `day`. */
export function filledIn(sheet: Worksheet | null, day: string, revisions: Kept[], assignmentId: string | undefined): FilledIn {
  const before = sheet ? carriedOver(sheet, lastAnswers(sheet, revisions, assignmentId)) : {}
  return { offered: { ...firstAnswers(sheet?.fields ?? []), ...before, ...offered(sheet, day) }, carried: Object.keys(before) }
}

/**
 * The answers to save. What was filled in for them goes along where it was on show; not with the short way, which did not
 * ask it, nor with "nothing happened". The day always does.
 */
export function toSave(sheet: Worksheet | null, { answers, offered: start = {}, carried = [], short }: FilledInDraft): Answers {
  const nothing = answers[NOTHING_HAPPENED] === true
  if (!sheet || (!short && !nothing)) return answers
  const filled = new Set([...carried, ...Object.keys(firstAnswers(sheet.fields))])
  const unseen = (name: string) => filled.has(name) && (nothing || !sheet.short.includes(name))
  const same = (name: string) => JSON.stringify(answers[name]) === JSON.stringify(start[name])
  return Object.fromEntries(Object.entries(answers).filter(([name]) => !(unseen(name) && same(name))))
}

type FilledInDraft = { answers: Answers; offered?: Answers; carried?: string[]; short: boolean }

/** The answers a new page, or a new item of a list, starts from. */
export function firstAnswers(fields: Field[]): Answers {
  const named = fields.filter((field) => (field.initial ?? null) !== null && answered(field, field.initial))
  return Object.fromEntries(named.map((field) => [field.id, field.initial]))
}

/** The part of `answers` that starts the next page. Of a list: its items, with only the questions that carry over. */
export function carriedOver(sheet: Worksheet, answers: Answers): Answers {
  return Object.fromEntries(sheet.fields.flatMap((field): [string, Json][] => {
    const value = own(answers, field.id)
    if (field.carry_over) return answered(field, value) ? [[field.id, value]] : []
    const items = field.type === 'list' ? carriedItems(field, value) : []
    return items.length > 0 ? [[field.id, items]] : []
  }))
}

function carriedItems({ fields }: Field, value: Json): Answers[] {
  const over = fields.filter((inner) => inner.carry_over)
  return (Array.isArray(value) ? value.filter(isObject) : [])
    .map((item) => Object.fromEntries(over.map(({ id }) => [id, own(item, id)] as const).filter(([, answer]) => !isNothing(answer))))
    .filter((item) => Object.keys(item).length > 0)
}

/** Of the entry of this worksheet that is about the latest time, the last state. */
function lastAnswers(sheet: Worksheet, revisions: Kept[], assignmentId: string | undefined): Answers {
  const last = heads(revisions)
    .filter(({ revision: { subject, kind, form_key } }) =>
      subject.kind === 'entry' && kind !== 'delete' && subject.assignment_id === assignmentId && form_key === sheet.id)
    .reduce<Kept | null>((a, b) => (!a || when(b) >= when(a) ? b : a), null)
  return last ? entryOf(last).answers : {}
}

function when({ revision, saved_at }: Kept): string {
  return `${revision.happened_at.local} ${saved_at}`
}
