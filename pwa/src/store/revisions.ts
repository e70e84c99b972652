// The outbox: every revision made or pulled here, with what became of it. An acknowledgement marks; nothing is deleted.
import { gave, inTurn, keepsNothing, lastNumber } from './online.ts'
import { inOne, read, readAll, type Reading, type Write } from './records.ts'
import { unsent, type Kept, type State } from '../sync/kept.ts'
import { contentHash } from '../sync/canonical.ts'
import { renamed } from '../sync/renamed.ts'
import { made, type Circumstances, type Doing } from '../sync/revision.ts'
import { tooLong, TooLong } from '../sync/wellFormed.ts'
import type { Revision } from '../sync/wire.ts'

type Around = Omit<Circumstances, 'seq'>

/** Save: one transaction takes the next number, writes the revision, clears the draft. Settles when it is complete. */
export async function save(doing: Doing, around: Around, clearDraft?: string, also: Write[] = []): Promise<Kept> {
  const cleared: Write[] = clearDraft ? [{ store: 'drafts', key: clearDraft, remove: true }] : []
  return (await saveAll([doing], around, [...cleared, ...also]))[0]!
}

/** The same for some that belong together: all of them, or none. */
export async function saveAll(doings: Doing[], around: Around, also: Write[] = []): Promise<Kept[]> {
  if (doings.some(({ payload }) => tooLong(payload).length > 0)) throw new TooLong()
  return counted((last) => numbered(doings, around, last, also))
}

/** Give numbers, after the last that was given: where nothing is kept, the tabs of a browser count together. */
export function counted(give: (last: number) => Promise<Kept[]>): Promise<Kept[]> {
  if (!keepsNothing()) return give(0)
  return inTurn(async () => {
    const device_id = (await read<{ device_id: string }>('meta', 'device'))?.device_id ?? ''
    const all = await give(lastNumber(device_id))
    if (all.length > 0) gave(device_id, all.at(-1)!.revision.device_seq)
    return all
  })
}

/** `last`: the highest number that was given elsewhere. */
function numbered(doings: Doing[], around: Around, last: number, also: Write[]): Promise<Kept[]> {
  return inOne(['revisions', 'drafts', 'meta'], async (reading, change) => {
    const before = Math.max((await reading.get<number>('meta', 'device_seq')) ?? 0, last)
    const named = await Promise.all(doings.map((doing) => asNamedNow(reading, doing)))
    const all = named.map((doing, at) => made(doing, { ...around, seq: before + at + 1 }))
    for (const kept of all) change({ store: 'revisions', key: kept.revision.revision_id, body: kept })
    change({ store: 'meta', key: 'device_seq', body: before + all.length })
    also.forEach(change)
    return all
  })
}

/** What it follows may have another id by now (settling.ts): a page that was open all along does not know. */
async function asNamedNow(reading: Reading, doing: Doing): Promise<Doing> {
  const known = await Promise.all((doing.parents ?? []).map((id) => reading.get<Kept>('revisions', id)))
  const isKnown = known.every((kept) => kept && kept.revision.entry_id === doing.entry_id)
  if (known.length === 0 || isKnown && !(await reading.get('meta', 'minted'))) return doing
  const placed = new Map((await reading.all<Kept>('revisions')).flatMap((kept) => (kept.was ? [[kept.was, kept] as const] : [])))
  return { ...doing, parents: renamed(doing.parents!, placed) }
}

/** All revisions of this person, on this phone. */
export async function revisionsOf(owner: string): Promise<Kept[]> {
  return (await readAll<Kept>('revisions')).filter((kept) => kept.owner === owner)
}

/** What still has to be sent, oldest number first. */
export async function waiting(owner: string): Promise<Kept[]> {
  const own = await revisionsOf(owner)
  return own.filter(unsent).sort((a, b) => a.revision.device_seq - b.revision.device_seq)
}

/** Put some into another state. What is sent stays sent. */
export function mark(ids: string[], state: State): Promise<void> {
  return each(ids, (kept) => (kept.state === 'sent' ? null : { ...kept, state }))
}

/**
 * Send again: everything this person made here (a restored server), or some ids the server said it lacks: those this phone
 * only pulled too, since it may be the last that holds them. Not what staff wrote down. Returns how many there are.
 */
export function sendAgain(owner: string, ids?: string[]): Promise<number> {
  return inOne(['revisions'], async (reading, change) => {
    const chosen = ids && new Set(ids)
    let count = 0
    for (const kept of await reading.all<Kept>('revisions')) {
      // What was put aside, too: the copy may not have it, or may be newer than what could not place it.
      const there = kept.state === 'sent' || (!chosen && (kept.state === 'quarantined' || kept.state === 'refused'))
      if (kept.owner !== owner || !there || kept.staff || !(kept.mine || chosen)) continue
      if (chosen && !chosen.has(kept.revision.revision_id)) continue
      change({ store: 'revisions', key: kept.revision.revision_id, body: { ...kept, state: 'pending', seen: false } })
      count += 1
    }
    return count
  })
}

/** What a pull says of a revision. `saved_at`: when it was saved, by the service's clock. */
export type Received = { revision: Revision; content_hash: string; received_at: string; saved_at?: string; order?: number; mine: boolean; staff: boolean; device?: string | null }

/**
 * A revision that came by pull, over what is here; its text is the server's, its history stays ours. What waits here under
 * that id and says something else was not sent by that: it goes on waiting, and is saved again under an id of its own.
 */
export function pulled(
  body: Received, before: Kept | undefined, owner: string, seq: number,
): Kept {
  if (before?.mine && unsent(before) && contentHash(body.revision) !== before.content_hash) return before
  return {
    revision: before?.mine ? before.revision : body.revision,
    // Of the text that is kept, whatever was said: what is given back after a restore is proven by it.
    content_hash: before?.mine ? before.content_hash : contentHash(body.revision),
    state: 'sent', owner, saved_at: body.saved_at ?? before?.saved_at ?? body.revision.created_at,
    seq: body.order ?? seq,
    sent_at: before?.sent_at ?? body.received_at, seen: true, mine: body.mine || (before?.mine ?? false),
    ...(before?.was && { was: before.was }), staff: body.staff, note: before?.note ?? null, device: body.device ?? before?.device ?? null,
  }
}

/** Change some, one by one, in one transaction. `become`: what each is now; null leaves it. */
export function each(ids: string[], become: (kept: Kept) => Kept | null): Promise<void> {
  return inOne(['revisions'], async (reading, change) => {
    for (const id of ids) {
      const kept = await reading.get<Kept>('revisions', id)
      const next = kept && become(kept)
      if (next) change({ store: 'revisions', key: id, body: next })
    }
  })
}
