// One answer in words: numbers, lengths of time, choices, days. Pure; twin of server/worksheets/words.py.
import type { Field, Json } from './definition.ts'
import { dayOf, inWords, momentOf } from './moments.ts'
import { isNumber, isOwnWords, isWords } from './shown.ts'

/** What was answered, as a person reads it. What does not fit its field is shown as it was kept. */
export function answerInWords(field: Field, value: Json): string {
  if (field.type === 'scale' && isNumber(value)) return `${plain(value)} out of ${plain(field.max ?? 0)}`
  if (field.type === 'number' && isNumber(value)) return numberInWords(value, field.unit)
  if (field.type === 'duration' && isNumber(value)) return minutesInWords(value)
  if (field.type === 'boolean' && typeof value === 'boolean') return value ? 'Yes' : 'No'
  if (field.type === 'choices' && Array.isArray(value)) {
    return value.filter((one) => isWords(one) || isOwnWords(field, one)).map((one) => chosen(field, one)).join(', ')
  }
  if (field.type === 'choice' && (typeof value === 'string' || isOwnWords(field, value))) return chosen(field, value)
  return when(field, value) ?? asKept(value)
}

/** 12.5%, 3 points, 85 minutes as 1 hour 25 minutes. */
export function numberInWords(value: number, unit: string | null): string {
  if (unit === 'minutes') return minutesInWords(value)
  return unit && unit !== '%' ? `${plain(value)} ${unit}` : `${plain(value)}${unit ?? ''}`
}

/** 1 hour 15 minutes. */
export function minutesInWords(value: number): string {
  if (value < 60) return counted(value, 'minute')
  const hours = Math.floor(value / 60)
  const rest = value - 60 * hours
  return counted(hours, 'hour') + (rest ? ` ${counted(rest, 'minute')}` : '')
}

/** Text as it is; anything else as the JSON it was kept as. */
export function asKept(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** A number without a needless .0, to two decimals at most. */
function plain(value: number): string {
  return String(Math.floor(value * 100 + 0.5) / 100)
}

function counted(value: number, word: string): string {
  return `${plain(value)} ${word}${plain(value) === '1' ? '' : 's'}`
}

function chosen(field: Field, value: Json): string {
  if (isOwnWords(field, value)) return `Other: ${value.other}`
  return field.options.find((option) => option.code === value)?.label ?? String(value)
}

/** Wednesday 4 March 2026 at 23:15; null where it is no day and no moment. */
function when(field: Field, value: Json): string | null {
  const moment = field.type === 'moment' ? momentOf(value) : null
  if (moment !== null) return `${inWords(moment)} at ${String(value).slice(11)}`
  const day = field.type === 'date' ? dayOf(value) : null
  return day === null ? null : inWords(day)
}
