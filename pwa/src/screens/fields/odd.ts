// What is odd about an answer, said beside it. Nothing here stops a save: what was typed is kept as it is. Pure.
import type { Field, Json } from '../../worksheet/definition.ts'

/** What is said, as a key of the words, with its values. */
export type Odd = { key: `odd.${'number' | 'whole' | 'below' | 'above' | 'between' | 'too-long' | 'day' | 'time' | 'items'}`; values: { [name: string]: number } }

/** What is odd about this answer as it stands; null for nothing, and for no answer. */
export function odd(field: Field, value: Json): Odd | null {
  if (value === null || value === '') return null
  if (['number', 'duration', 'scale'].includes(field.type)) return oddNumber(field, value)
  if (field.type === 'text' && typeof value === 'string') return tooLong(field, value)
  if (field.type === 'moment' && typeof value === 'string') return partOf(value)
  if (field.type === 'list' && Array.isArray(value) && field.max_items !== null && value.length > field.max_items) {
    return { key: 'odd.items', values: { n: field.max_items } }
  }
  return null
}

function oddNumber({ min, max, integer }: Field, value: Json): Odd | null {
  if (typeof value !== 'number') return { key: 'odd.number', values: {} }
  const below = min !== null && value < min
  const above = max !== null && value > max
  if ((below || above) && min !== null && max !== null) return { key: 'odd.between', values: { min, max } }
  if (below) return { key: 'odd.below', values: { min } }
  if (above) return { key: 'odd.above', values: { max } }
  return integer && !Number.isInteger(value) ? { key: 'odd.whole', values: {} } : null
}

function tooLong({ max_length }: Field, value: string): Odd | null {
  const over = max_length ? lengthOf(value) - max_length : 0
  return over > 0 ? { key: 'odd.too-long', values: { n: over } } : null
}

/** A day without a time, or a time without a day. */
function partOf(value: string): Odd | null {
  const [day, time] = value.split('T')
  if (!day) return { key: 'odd.day', values: {} }
  return time ? null : { key: 'odd.time', values: {} }
}

/** Characters as the server counts them: code points. */
export function lengthOf(text: string): number {
  return [...text].length
}

/** The number somebody typed, in the way of writing of `language`; null when it is none. */
export function numberFrom(typed: string, language: string): number | null {
  const parts = new Intl.NumberFormat(language).formatToParts(-12345.6)
  const group = parts.find(({ type }) => type === 'group')?.value ?? ''
  const western = typed.trim().replace(/[\u0660-\u0669\u06F0-\u06F9]/g, (digit) => String(digit.charCodeAt(0) & 15)).replace(/\u2212/g, '-')
  const grouped = new RegExp(`^-?\\d{1,3}([${group === '.' ? '\\.' : group} ]\\d{3})+(?!\\d)`)
  const plain = grouped.test(western) ? western.replaceAll(group, '').replaceAll(' ', '') : western
  const dotted = plain.replace(/[,\u066B]/, '.')
  const number = /^[-+]?(\d+\.?\d*|\.\d+)$/.test(dotted) ? Number(dotted) : null
  // Beyond this the phone and the server would not count alike.
  return number !== null && Math.abs(number) <= Number.MAX_SAFE_INTEGER ? number : null
}
