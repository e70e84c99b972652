// A revision as the phone keeps it, and two questions about it.
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
  /** By this phone's clock; once a pull has shown it, by the service's. */
  saved_at: string
  sent_at: string | null
  /** A pull has shown it: the server's own occurrence now speaks for it. */
  seen: boolean
  /** Its number at the service, once a pull has shown it. */
  seq?: number
  /** Made on this phone. */
  mine: boolean
  /** On which device, as the service knows it, once a pull has shown it. */
  device?: string | null
  /** In place of a revision whose id was taken: made once, and not once more. */
  minted?: boolean
  /** The id that was taken, or whose words this one says once more: what was begun from that goes on from this one. */
  was?: string
  /** Recorded by a practitioner. */
  staff: boolean
  note: string | null
}

/** Whether it still has to reach the server. */
export function unsent(kept: Pick<Kept, 'state'>): boolean {
  return kept.state === 'pending' || kept.state === 'sending' || kept.state === 'needs_sign_in'
}

/** Which of two was saved later, for `sort`: as the service has it, and what it has not shown yet after all that it has. */
export function byTime(a: Kept, b: Kept): number {
  if (a.seen !== b.seen) return a.seen ? -1 : 1
  if (!a.seen) return a.revision.device_seq - b.revision.device_seq
  if (a.saved_at !== b.saved_at) return a.saved_at < b.saved_at ? -1 : 1
  return (a.seq ?? 0) - (b.seq ?? 0)
}

/** The newest state of each thing: revisions that no other of the same thing names as a parent. */
export function heads(all: Kept[]): Kept[] {
  const superseded = new Set(all.flatMap(({ revision: { entry_id, parents } }) => parents.map((id) => entry_id + id)))
  return all.filter(({ revision: { entry_id, revision_id } }) => !superseded.has(entry_id + revision_id))
}
