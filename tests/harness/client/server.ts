// The real server at the other end of two pipes: one line of JSON there, one line back, and the world waits.
import { readSync, writeSync } from 'node:fs'

export type Headers = Record<string, string>
export type Answered = { status: number; headers: Headers; body: string }
/**
 * What is stored: each revision's hash, the shown state of each thing, in which revisions a mark is and with whom, which
 * revisions were put aside, what is agreed.
 */
export type Stored = {
  hashes: Record<string, string>; heads: Record<string, string>; words: Record<string, string[]>; whose: Record<string, string>; aside: string[]; agreed: string[]
}
export type Work = { assignment_id: string; days: string[] }
export type Person = Work & { client_id: string }
export type Tried = 'full' | 'locked' | ''

const chunk = Buffer.alloc(1 << 16)
let rest = Buffer.alloc(0)

function line(): string {
  for (;;) {
    const end = rest.indexOf(10)
    if (end >= 0) {
      const text = rest.subarray(0, end).toString()
      rest = rest.subarray(end + 1)
      return text
    }
    const read = readSync(0, chunk)
    if (read === 0) process.exit(0) // nobody asks for more
    rest = Buffer.concat([rest, chunk.subarray(0, read)])
  }
}

function write(text: string): void {
  let left = Buffer.from(`${text}\n`)
  while (left.length > 0) left = left.subarray(writeSync(1, left))
}

/** Ask, and wait for the answer. An error of the harness's own side ends the run. */
export function ask<T>(what: string, more: Record<string, unknown> = {}): T {
  write(JSON.stringify({ do: what, ...more }))
  const told = JSON.parse(line()) as { ok?: T; error?: string }
  if (told.error) throw new Error(`server side: ${told.error}`)
  return told.ok as T
}
