// One answer in words: numbers, lengths of time, choices, days. Twin of server/worksheets/words.py, in English.
import type { Field, Json } from './definition.ts'
import { dayOf, momentOf } from './moments.ts'
import { said } from './said.ts'
import { isNumber, isOwnWords, isWords } from './shown.ts'

/** What was answered, as a person reads it. What does not fit its field is shown as it was kept. */
export function answerInWords(field: Field, value: Json): string {
  if (field.type === 'scale' && isNumber(value)) return said().outOf(plain(value), plain(field.max ?? 0))
  if (field.type === 'number' && isNumber(value)) return numberInWords(value, field.unit)
  if (field.type === 'duration' && isNumber(value)) return minutesInWords(value)
  if (field.type === 'boolean' && typeof value === 'boolean') return said().answer(value)
  if (field.type === 'choices' && Array.isArray(value)) {
    return value.filter((one) => isWords(one) || isOwnWords(field, one)).map((one) => chosen(field, one)).join(', ')
  }
  if (field.type === 'choice' && (typeof value === 'string' || isOwnWords(field, value))) return chosen(field, value)
  return when(field, value) ?? asKept(value)
}

/** 12.5%, 3 points, 85 minutes as 1 hour 25 minutes. */
export function numberInWords(value: number, unit: string | null): string {
  if (unit === 'minutes') return minutesInWords(value)
  if (unit === '%') return said().percent(plain(value))
  return unit ? said().withUnit(plain(value), unit) : plain(value)
}

/** 1 hour 15 minutes. */
export function minutesInWords(value: number): string {
  const minutes = (n: number) => said().minutes(n, plain(n))
  if (value < 60) return minutes(value)
  const hours = Math.floor(value / 60)
  const rest = value - 60 * hours
  return rest ? said().both(said().hours(hours, plain(hours)), minutes(rest)) : said().hours(hours, plain(hours))
}

/** Text as it is; anything else as the JSON it was kept as. */
export function asKept(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function plain(value: number): string {
  return said().number(value)
}

function chosen(field: Field, value: Json): string {
  if (isOwnWords(field, value)) return said().other(value.other)
  return field.options.find((option) => option.code === value)?.label ?? String(value)
}

/** Wednesday 4 March 2026 at 23:15; null where it is no day and no moment. */
function when(field: Field, value: Json): string | null {
  const moment = field.type === 'moment' ? momentOf(value) : null
  if (moment !== null) return said().dayTime(said().day(moment), String(value).slice(11))
  const day = field.type === 'date' ? dayOf(value) : null
  return day === null ? null : said().day(day)
}
