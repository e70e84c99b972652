// The one way to write a revision as bytes (RFC 8785), and the hash that proves what was sent.
import { sha256 } from './sha256.ts'

/** RFC 8785: keys by UTF-16 code units, numbers and text as ECMAScript writes them. Refuses what JSON cannot hold. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value !== null && typeof value === 'object') {
    const pairs = Object.entries(value).filter(([, inside]) => inside !== undefined)
    pairs.sort(([a], [b]) => (a < b ? -1 : 1))
    return `{${pairs.map(([key, inside]) => `${JSON.stringify(key)}:${canonical(inside)}`).join(',')}}`
  }
  if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError('not a JSON number')
  const text = JSON.stringify(value)
  if (text === undefined) throw new TypeError('not a JSON value')
  return text
}

/** The `content_hash` of docs/protocol.md. */
export function contentHash(revision: object): string {
  return sha256(canonical(revision))
}
