// Removes an entry from sight, brings it back, or makes one state of two: each a new revision that follows those on show.
import { around } from './around.ts'
import { isKept } from './historyView.ts'
import { revisionsOf, save } from '../store/revisions.ts'
import { byTime, type Kept } from '../sync/kept.ts'
import type { Doing } from '../sync/revision.ts'

/** A tombstone has no payload; bringing back repeats what the last living state said. `beside`: the other states on show. */
export async function changeEntry(head: Kept, kind: 'delete' | 'restore', beside: Kept[] = []): Promise<Kept> {
  const here = await around()
  const living = kind === 'delete' ? head : before(head, await revisionsOf(here.owner))
  return save({ ...following(head, beside), kind, payload: kind === 'delete' ? {} : living.revision.payload }, here)
}

/** Of the states of one entry that two phones saved, keep this one. The others stay in its history, and go from sight. */
export async function keepOne(chosen: Kept, states: Kept[]): Promise<Kept> {
  const beside = states.filter((one) => one !== chosen)
  if (chosen.revision.kind === 'delete') return changeEntry(chosen, 'delete', beside)
  const here = await around()
  const all = await revisionsOf(here.owner)
  // Where the words of one were kept from staff, none of it is shown by choosing the other.
  const kept = states.some((one) => isKept(all, one))
  return save({ ...following(chosen, beside), payload: { ...chosen.revision.payload, kept } }, here)
}

/** What the next state of an entry has from the one before, whatever it says. `beside`: what else it follows. */
export function following({ revision }: Kept, beside: Kept[] = []): Omit<Doing, 'payload'> {
  const { subject, entry_id, revision_id, form_key, form_version, wording, medium, helped_by, happened_at } = revision
  const form = form_key && wording ? { key: form_key, version: form_version ?? 1, ...wording } : undefined
  const parents = [revision_id, ...beside.map((one) => one.revision.revision_id)]
  return { subject, entry_id, parents, medium, helped_by, form, local: happened_at.local }
}

function before(head: Kept, all: Kept[]): Kept {
  const parents = all.filter((kept) => head.revision.parents.includes(kept.revision.revision_id)).sort(byTime)
  const parent = parents.findLast((kept) => kept.revision.kind !== 'delete') ?? parents.at(-1)
  if (!parent || head.revision.kind !== 'delete') return head
  return before(parent, all)
}
