// What goes on from a revision that was saved again under another id, because its own was taken at the service. Pure.
import { contentHash } from './canonical.ts'
import { unsent, type Kept } from './kept.ts'

/** Where each went: by the id that was taken, what it is now. */
export type Placed = Map<string, Kept>

/** These parents, as they are called now. */
export function renamed(parents: string[], placed: Placed): string[] {
  return parents.map((id) => placed.get(id)?.revision.revision_id ?? id)
}

/** The same with other parents, and so with another hash. */
export function withParents(kept: Kept, parents: string[]): Kept {
  const revision = { ...kept.revision, parents }
  return { ...kept, revision, content_hash: contentHash(revision) }
}

/**
 * What has to change so that nothing stands beside what took the place of a taken one. `rewritten`: what is not sent yet
 * names it. `again`: what the service has cannot be rewritten, so it is to be said once more, as following both.
 */
export function followers(all: Kept[], placed: Placed): { rewritten: Kept[]; again: Kept[] } {
  const rewritten = new Map<string, Kept>()
  const again: Kept[] = []
  for (const kept of all.filter(unsent)) {
    const parents = renamed(kept.revision.parents, placed)
    if (`${parents}` !== `${kept.revision.parents}`) rewritten.set(kept.revision.revision_id, withParents(kept, parents))
  }
  for (const [old, now] of placed) {
    const sent = all.filter(({ state, revision }) => state === 'sent' && revision.parents.includes(old))
    for (const tip of new Set(sent.flatMap((one) => tips(all, one)))) {
      const before = rewritten.get(tip.revision.revision_id) ?? tip
      const { parents, revision_id } = before.revision
      const both = [...parents.filter((id) => id !== now.revision.revision_id), now.revision.revision_id]
      if (unsent(tip)) rewritten.set(revision_id, withParents(before, both))
      else if (tip.state === 'sent' && tip.mine && !tip.staff) again.push(withParents(tip, [now.revision.revision_id, revision_id]))
    }
  }
  return { rewritten: [...rewritten.values()], again }
}

/** The newest states that come from this one. What goes round in a ring, which no phone of ours writes, is gone round once. */
function tips(all: Kept[], from: Kept, before: Kept[] = []): Kept[] {
  const past = [...before, from]
  const next = all.filter((one) => one.revision.parents.includes(from.revision.revision_id) && !past.includes(one))
  return next.length === 0 ? [from] : next.flatMap((one) => tips(all, one, past))
}
