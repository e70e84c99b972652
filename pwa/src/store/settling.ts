// What an answer of the service makes of the revisions it is about. Where an id was taken, its words are saved again.
import { inOne } from './records.ts'
import { counted, each } from './revisions.ts'
import { contentHash } from '../sync/canonical.ts'
import { followers, withParents } from '../sync/chain.ts'
import { newId } from '../sync/ids.ts'
import { unsent, type Kept } from '../sync/kept.ts'
import { renamed, type Placed } from '../sync/renamed.ts'
import type { Became } from '../sync/acknowledged.ts'

/** Write down what the server said became of each. */
export async function settle(became: Map<string, Became>, now: Date): Promise<void> {
  const taken = [...became].filter(([, { code }]) => code === 'id-reused').map(([id]) => id)
  await each([...became.keys()], (kept) => {
    const result = became.get(kept.revision.revision_id)!
    if (result.code === 'id-reused' && canBeMinted(kept)) return null
    return { ...kept, state: result.state, note: result.message, sent_at: result.state === 'refused' ? null : now.toISOString() }
  })
  if (taken.length > 0) await counted((last) => mintAnew(taken, now, last))
}

function canBeMinted(kept: Kept): boolean {
  return kept.mine && !kept.minted && unsent(kept)
}

/**
 * Saved again under an id and a number of its own, where the id was taken by something else: a pull brings that. It follows
 * that too, for it may be an earlier form of itself, changed on the way or since. Once. What was changed since follows it
 * there. Returns what has a new number.
 */
function mintAnew(ids: string[], now: Date, last: number): Promise<Kept[]> {
  return inOne(['revisions', 'meta'], async (reading, change) => {
    const before = Math.max((await reading.get<number>('meta', 'device_seq')) ?? 0, last)
    const all = await reading.all<Kept>('revisions')
    const taken = all.filter((kept) => ids.includes(kept.revision.revision_id) && canBeMinted(kept))
    if (taken.length === 0) return []
    const placed: Placed = new Map(taken.map((kept, at) => [kept.revision.revision_id, anew(kept, before + at + 1, now)]))
    for (const [id, kept] of placed) placed.set(id, { ...withParents(kept, [...renamed(kept.revision.parents, placed), id]), was: id })
    const rest = all.filter((kept) => !taken.includes(kept))
    const { rewritten, again } = followers(rest, placed)
    const said: Placed = new Map(again.map((kept, at) =>
      [kept.revision.revision_id, { ...anew(kept, before + taken.length + at + 1, now), was: kept.revision.revision_id }]))
    // What the service did not accept follows here what was said once more, so that it does not stand beside it.
    const aside = rest.filter(({ state, revision }) => ['quarantined', 'refused'].includes(state) && revision.parents.some((id) => said.has(id)))
      .map((kept) => withParents(kept, renamed(kept.revision.parents, said)))
    for (const id of placed.keys()) change({ store: 'revisions', key: id, remove: true })
    const fresh = [...placed.values(), ...said.values()]
    for (const kept of [...fresh, ...aside, ...rewritten]) change({ store: 'revisions', key: kept.revision.revision_id, body: kept })
    change({ store: 'meta', key: 'device_seq', body: before + fresh.length })
    change({ store: 'meta', key: 'minted', body: true })
    return fresh
  })
}

function anew(kept: Kept, device_seq: number, now: Date): Kept {
  const revision = { ...kept.revision, revision_id: newId(now.getTime()), device_seq }
  return { ...kept, revision, content_hash: contentHash(revision), state: 'pending', seen: false, sent_at: null, seq: undefined, minted: true }
}
