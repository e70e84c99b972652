// One answer in words: numbers, lengths of time, choices, days. Pure; twin of server/worksheets/words.py.
import type { Field, Json } from './definition.ts'
import { dayOf, inWords } from './moments.ts'
import { isNumber, isWords } from './shown.ts'

/** What was answered, as a person reads it. What does not fit its field is shown as it was kept. */
export function answerInWords(field: Field, value: Json): string {
  if (field.type === 'scale' && isNumber(value)) return `${plain(value)} out of ${plain(field.max ?? 0)}`
  if (field.type === 'number' && isNumber(value)) return numberInWords(value, field.unit)
  if (field.type === 'duration' && isNumber(value)) return minutesInWords(value)
  if (field.type === 'boolean' && typeof value === 'boolean') return value ? 'Yes' : 'No'
  if (field.type === 'choices' && Array.isArray(value)) {
    return value.filter(isWords).map((code) => optionLabel(field, code)).join(', ')
  }
  if (field.type === 'choice' && typeof value === 'string') return optionLabel(field, value)
  const day = field.type === 'date' ? dayOf(value) : null
  return day === null ? asKept(value) : inWords(day)
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

function optionLabel(field: Field, code: string): string {
  return field.options.find((option) => option.code === code)?.label ?? code
}
