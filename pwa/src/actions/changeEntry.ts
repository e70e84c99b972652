// Removes an entry from sight, or brings it back: each a new revision that follows the last one.
import { around } from './around.ts'
import { revisionsOf, save } from '../store/revisions.ts'
import type { Kept } from '../sync/kept.ts'

/** A tombstone has no payload; bringing back repeats what the last living state said. */
export async function changeEntry(head: Kept, kind: 'delete' | 'restore'): Promise<Kept> {
  const here = await around()
  const { subject, entry_id, revision_id, form_key, form_version, wording, medium } = head.revision
  const living = kind === 'delete' ? head : before(head, await revisionsOf(here.owner))
  return save({
    subject, kind, entry_id, parents: [revision_id], medium,
    payload: kind === 'delete' ? {} : living.revision.payload,
    form: form_key && wording ? { key: form_key, version: form_version ?? 1, ...wording } : undefined,
    local: head.revision.happened_at.local,
  }, here)
}

function before(head: Kept, all: Kept[]): Kept {
  const parent = all.find((kept) => head.revision.parents.includes(kept.revision.revision_id))
  if (!parent || head.revision.kind !== 'delete') return head
  return before(parent, all)
}
