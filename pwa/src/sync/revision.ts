// Builds a revision: everything a client does is one of these.
import { contentHash } from './canonical.ts'
import { happenedAt } from './days.ts'
import { newId } from './ids.ts'
import { wellFormed } from './wellFormed.ts'
import type { Json } from '../worksheet/definition.ts'
import type { Revision } from './wire.ts'

/** What became of a revision: `pending` and `sending` are still to go; `sent` is proven. */
export type State = 'pending' | 'sending' | 'sent' | 'quarantined' | 'refused' | 'needs_sign_in'

/** A revision as the phone keeps it. */
export type Kept = {
  revision: Revision
  content_hash: string
  state: State
  /** Whose it is: another person on this phone never sees or sends it. */
  owner: string
  saved_at: string
  sent_at: string | null
  /** A pull has shown it: the server's own occurrence now speaks for it. */
  seen: boolean
  /** Made on this phone. */
  mine: boolean
  /** Recorded by a practitioner. */
  staff: boolean
  note: string | null
}

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

/** Whether it still has to reach the server. */
export function unsent(kept: Kept): boolean {
  return kept.state === 'pending' || kept.state === 'sending' || kept.state === 'needs_sign_in'
}

/** The newest state of each thing: revisions that no other revision names as a parent, by entry. */
export function heads(all: Kept[]): Kept[] {
  const superseded = new Set(all.flatMap((kept) => kept.revision.parents))
  return all.filter((kept) => !superseded.has(kept.revision.revision_id))
}
