// Builds a revision: everything a client does is one of these.
import { contentHash } from './canonical.ts'
import { happenedAt } from './days.ts'
import { newId } from './ids.ts'
import { wellFormed } from './wellFormed.ts'
import type { Json } from '../worksheet/definition.ts'
import type { Kept } from './kept.ts'
import type { Revision } from './wire.ts'

/** What differs from one revision to the next; the rest is filled in here. */
export type Doing = {
  subject: Revision['subject']
  payload: { [key: string]: unknown }
  kind?: Revision['kind']
  entry_id?: string
  parents?: string[]
  form?: { key: string; version: number; language: string; sha256: string }
  medium?: Revision['medium']
  helped_by?: Revision['helped_by']
  /** When it was done, if earlier: `2026-11-22T13:30`. */
  local?: string
}

export type Circumstances = { now: Date; zone: string; owner: string; seq: number; appVersion: string }

/** The revision for what was done, with its hash, not yet sent. */
export function made(doing: Doing, { now, zone, owner, seq, appVersion }: Circumstances): Kept {
  const revision: Revision = {
    revision_id: newId(now.getTime()),
    entry_id: doing.entry_id ?? newId(now.getTime()),
    subject: doing.subject,
    parents: doing.parents ?? [],
    kind: doing.kind ?? 'save',
    ...(doing.form && {
      form_key: doing.form.key,
      form_version: doing.form.version,
      wording: { language: doing.form.language, sha256: doing.form.sha256 },
    }),
    payload: wellFormed(doing.payload) as { [key: string]: Json },
    happened_at: happenedAt(now, zone, doing.local),
    medium: doing.medium ?? 'worksheet',
    entered_by: 'client',
    helped_by: doing.helped_by ?? 'none',
    device_seq: seq,
    created_at: now.toISOString(),
    app_version: appVersion,
    schema_version: 1,
  }
  return {
    revision, content_hash: contentHash(revision), state: 'pending', owner, saved_at: now.toISOString(),
    sent_at: null, seen: false, mine: true, staff: false, note: null,
  }
}
