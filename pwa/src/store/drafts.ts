// What is being written now. A draft never leaves the phone.
import { inOne, read } from './records.ts'
import type { Size } from '../sync/wire.ts'
import type { Answers } from '../worksheet/definition.ts'

export type Draft = {
  key: string
  assignment_id: string
  slot: string | null
  answers: Answers
  /** What was filled in for them to start with: no answer of theirs. */
  offered?: Answers
  /** Which of that is from the last time. */
  carried?: string[]
  /** Keep for now: its text is not shown to staff. */
  kept: boolean
  short: boolean
  /** The version that was agreed for this time, where it is not the usual one. */
  size?: Size | null
  stage: string | null
  /** When it happened, if the person said so: `2026-11-22T13:30`. */
  local: string | null
  helped_by: 'none' | 'interpreter' | 'supporter'
  /** The entry this edits, and the revision it starts from. */
  entry_id: string | null
  parents: string[]
  step: number
  updated_at: string
  /** Whose it is, while this phone is somebody else's. */
  put_by?: string
}

/** One draft for one occurrence, or for one entry that is being edited. */
export function draftKey(of: { assignment_id: string; slot?: string | null; entry_id?: string | null }): string {
  return of.entry_id ? `entry:${of.entry_id}` : `${of.assignment_id}/${of.slot ?? 'any'}`
}

/** The draft under this key, or undefined. */
export function draft(key: string): Promise<Draft | undefined> {
  return read<Draft>('drafts', key)
}

/** Keep a draft. An older state never replaces a newer one (a slow write, another tab). */
export function keepDraft(body: Draft): Promise<void> {
  return inOne(['drafts'], async (reading, change) => {
    const before = await reading.get<Draft>('drafts', body.key)
    if (!before || before.updated_at <= body.updated_at) change({ store: 'drafts', key: body.key, body })
  })
}

/** Throw a draft away, because the person said so. */
export function dropDraft(key: string): Promise<void> {
  return inOne(['drafts'], async (_, change) => change({ store: 'drafts', key, remove: true }))
}
