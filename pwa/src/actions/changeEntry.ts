// Removes an entry from sight, or brings it back: each a new revision that follows the last one.
import { around } from './around.ts'
import { revisionsOf, save } from '../store/revisions.ts'
import type { Kept } from '../sync/kept.ts'
import type { Doing } from '../sync/revision.ts'

/** A tombstone has no payload; bringing back repeats what the last living state said. */
export async function changeEntry(head: Kept, kind: 'delete' | 'restore'): Promise<Kept> {
  const here = await around()
  const living = kind === 'delete' ? head : before(head, await revisionsOf(here.owner))
  return save({ ...following(head), kind, payload: kind === 'delete' ? {} : living.revision.payload }, here)
}

/** What the next state of an entry has from the one before, whatever it says. */
export function following({ revision }: Kept): Omit<Doing, 'payload'> {
  const { subject, entry_id, revision_id, form_key, form_version, wording, medium, helped_by, happened_at } = revision
  const form = form_key && wording ? { key: form_key, version: form_version ?? 1, ...wording } : undefined
  return { subject, entry_id, parents: [revision_id], medium, helped_by, form, local: happened_at.local }
}

function before(head: Kept, all: Kept[]): Kept {
  const parent = all.find((kept) => head.revision.parents.includes(kept.revision.revision_id))
  if (!parent || head.revision.kind !== 'delete') return head
  return before(parent, all)
}
