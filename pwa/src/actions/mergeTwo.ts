// Two states of one entry that two phones saved: one is made of them, answer by answer, or both stay as they were written.
import { around } from './around.ts'
import { following } from './changeEntry.ts'
import { isKept } from './historyView.ts'
import { revisionsOf, save, saveAll } from '../store/revisions.ts'
import { canonical } from '../sync/canonical.ts'
import type { Kept } from '../sync/kept.ts'
import { entryOf } from '../sync/standing.ts'
import type { Json } from '../worksheet/definition.ts'

/** The questions that the two answer differently; one that only one of them answers is among these. Pure. */
export function differing(one: Kept, other: Kept): string[] {
  const [a, b] = [entryOf(one).answers, entryOf(other).answers]
  const said = (value: Json | undefined) => (value === undefined ? '' : canonical(value))
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((id) => said(a[id]) !== said(b[id]))
}

/** One state that follows both: as `head` says, and of `theirs` as `other` does. What either kept from staff stays so. */
export async function mergeTwo(head: Kept, other: Kept, theirs: ReadonlySet<string>): Promise<Kept> {
  const here = await around()
  const [mine, others] = [entryOf(head), entryOf(other)]
  const chosen = Object.keys({ ...mine.answers, ...others.answers }).flatMap((id) => {
    const value = (theirs.has(id) ? others : mine).answers[id]
    return value === undefined ? [] : [[id, value] as const]
  })
  const all = await revisionsOf(here.owner)
  const kept = isKept(all, head) || isKept(all, other)
  return save({ ...following(head, [other]), payload: { ...mine, answers: Object.fromEntries(chosen), kept } }, here)
}

/** Both as they were written: the other becomes an entry of its own, and with it this one follows both. */
export async function keepBoth(head: Kept, other: Kept): Promise<Kept> {
  const here = await around()
  const all = await revisionsOf(here.owner)
  const asWritten = (one: Kept) => ({ ...one.revision.payload, kept: isKept(all, one) })
  const { entry_id: _, parents: __, ...apart } = following(other)
  const [, both] = await saveAll([
    { ...apart, payload: asWritten(other) }, { ...following(head, [other]), payload: asWritten(head) },
  ], here)
  return both!
}
