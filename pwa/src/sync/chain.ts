// What goes on from a revision that was saved again under another id, because its own was taken at the service. Pure.
import { contentHash } from './canonical.ts'
import { unsent, type Kept } from './kept.ts'
import { renamed, type Placed } from './renamed.ts'

/** The same with other parents, and so with another hash. */
export function withParents(kept: Kept, parents: string[]): Kept {
  const revision = { ...kept.revision, parents }
  return { ...kept, revision, content_hash: contentHash(revision) }
}

/**
 * What has to change so that nothing stands beside what took the place of a taken one. `rewritten`: what the service has not
 * taken names it. `again`: what the service has cannot be rewritten, so it is to be said once more, as following both.
 */
export function followers(all: Kept[], placed: Placed): { rewritten: Kept[]; again: Kept[] } {
  const rewritten = new Map<string, Kept>()
  const again = new Map<string, Kept>()
  const rephrase = (kept: Kept, parents: string[]) => {
    // The service may have it as it was: then that is what takes its id, and it may be saved again for it.
    const minted = kept.minted && [...placed.values()].includes(kept)
    rewritten.set(kept.revision.revision_id, { ...withParents(kept, parents), minted })
  }
  for (const kept of all.filter(({ state }) => state !== 'sent')) {
    const parents = renamed(kept.revision.parents, placed)
    if (`${parents}` !== `${kept.revision.parents}`) rephrase(kept, parents)
  }
  for (const [old, now] of placed) {
    const { entry_id, revision_id } = now.revision
    const there = [...all, ...placed.values()].filter((kept) => kept.revision.entry_id === entry_id && (kept.state === 'sent' || unsent(kept)))
    const sent = there.filter(({ state, revision }) => state === 'sent' && revision.parents.includes(old))
    for (const tip of new Set(sent.flatMap((one) => tips(there, one)))) {
      const id = tip.revision.revision_id
      const parents = (before?: Kept) => [...new Set([...before?.revision.parents ?? [], revision_id])]
      if (unsent(tip)) rephrase(tip, parents(rewritten.get(id) ?? tip))
      else if (tip.mine && !tip.staff) again.set(id, withParents(tip, [...parents(again.get(id)).filter((one) => one !== id), id]))
    }
  }
  return { rewritten: [...rewritten.values()], again: [...again.values()] }
}

/** The newest states that come from this one. What goes round in a ring, which no phone of ours writes, is gone round once. */
function tips(all: Kept[], from: Kept, before: Kept[] = []): Kept[] {
  const past = [...before, from]
  const next = all.filter((one) => one.revision.parents.includes(from.revision.revision_id) && !past.includes(one))
  return next.length === 0 ? [from] : next.flatMap((one) => tips(all, one, past))
}
