// Makes what a person typed fit for storage and for RFC 8785, and finds a text that is too long, before it is saved.
import type { Json } from '../worksheet/definition.ts'

/** The most one text may hold, in bytes of UTF-8. */
export const LONGEST_TEXT = 64 * 1024

const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g

/** The same value with lone surrogates replaced, NUL removed, numbers beyond 2^53 as text, no undefined. */
export function wellFormed(value: unknown): Json {
  if (typeof value === 'string') return wellFormedText(value)
  if (typeof value === 'number') return wellFormedNumber(value)
  if (typeof value === 'boolean') return value
  if (Array.isArray(value)) return value.map(wellFormed)
  if (value === null || typeof value !== 'object') return null
  const pairs = Object.entries(value).filter(([, inside]) => inside !== undefined)
  return Object.fromEntries(pairs.map(([key, inside]) => [wellFormedText(key), wellFormed(inside)]))
}

/** Thrown instead of saving, so that nobody is told that something is saved which can never be sent. */
export class TooLong extends Error {}

/** Field ids whose text is over 64 KiB; an id inside a list is named by its list. */
export function tooLong(answers: { [field: string]: unknown }): string[] {
  return Object.entries(answers).filter(([, value]) => longest(value) > LONGEST_TEXT).map(([field]) => field)
}

function longest(value: unknown): number {
  if (typeof value === 'string') return bytes(value)
  if (value === null || typeof value !== 'object') return 0
  return Math.max(0, ...Object.values(value).map(longest))
}

function bytes(text: string): number {
  // Three bytes a UTF-16 unit at most: short texts need no counting.
  return text.length * 3 <= LONGEST_TEXT ? text.length : new TextEncoder().encode(text).length
}

function wellFormedText(text: string): string {
  return text.replaceAll('\u0000', '').replace(LONE_SURROGATE, '\uFFFD')
}

function wellFormedNumber(value: number): Json {
  if (!Number.isFinite(value)) return null
  if (Object.is(value, -0)) return 0
  return Math.abs(value) > Number.MAX_SAFE_INTEGER ? String(value) : value
}
