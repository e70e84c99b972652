// The one door in and out of local storage. Every record is `{v, body}`, so that encryption can come later (v1, with an
// iv) without any record changing its meaning. v0 is plain: until a lock exists the screens say so.

export type Sealed = { v: 0; body: unknown }

let damaged = 0

/** A record as it is written. */
export function seal(body: unknown): Sealed {
  return { v: 0, body }
}

/** What a record holds; undefined when there is none or it cannot be read (then it is counted, and left alone). */
export function open<T>(record: unknown): T | undefined {
  if (record === undefined) return undefined
  if (record !== null && typeof record === 'object' && (record as Sealed).v === 0 && 'body' in record) {
    return (record as Sealed).body as T
  }
  damaged += 1
  return undefined
}

/** How many records could not be read since the app was opened. */
export function unreadable(): number {
  return damaged
}
