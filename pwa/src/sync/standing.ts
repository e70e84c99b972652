// How each occurrence stands on this phone: what the server said last, and over it what was done here since.
import { byTime, heads, type Kept } from './kept.ts'
import type { AnswerPayload, EntryPayload, Occurrence, OccurrenceState, Size } from './wire.ts'

export type Standing = Occurrence & {
  /** The revision that made it so, when this phone knows it. */
  by: Kept | null
}
/** The outcome of a worksheet's answers: `outcome` of worksheet/done.ts, handed in. */
export type Judge = (entry: Kept) => OccurrenceState | null

/** Occurrences with what this phone did and the server has not yet settled laid over them. */
export function standings(occurrences: Occurrence[], revisions: Kept[], judge: Judge): Standing[] {
  const bySlot = new Map<string, Kept[]>()
  for (const kept of heads(revisions)) {
    const { assignment_id, slot, kind } = kept.revision.subject
    if (!assignment_id || !slot || (kind !== 'entry' && kind !== 'answer')) continue
    const key = `${assignment_id}/${slot}`
    bySlot.set(key, [...(bySlot.get(key) ?? []), kept])
  }
  return occurrences.map((one) => over(one, bySlot.get(`${one.assignment_id}/${one.slot}`) ?? [], judge))
}

function over(occurrence: Occurrence, here: Kept[], judge: Judge): Standing {
  const alive = here.filter((kept) => kept.revision.kind !== 'delete')
  // An entry beats an answer; the last one wins.
  const last = newest(alive.filter(isEntry)) ?? newest(alive)
  const settled = here.every((kept) => kept.seen)
  if (settled || (!last && here.length === 0)) return { ...occurrence, by: last ?? null }
  if (!last) return { ...occurrence, state: 'open', barrier: null, by: null }
  if (isEntry(last)) return { ...occurrence, state: judge(last) ?? occurrence.state, by: last }
  return { ...occurrence, ...answered(last.revision.payload as AnswerPayload, occurrence.size), by: last }
}

/** What an answer makes of an occurrence: the table in docs/protocol.md. */
export function answered(
  payload: AnswerPayload,
  size: Size | null,
): Pick<Occurrence, 'state' | 'barrier' | 'moved_to' | 'size'> {
  const barrier = payload.barrier ?? null
  const moved_to = payload.moved_to ?? null
  if (payload.answer !== 'not_today') return { state: payload.answer, barrier, moved_to: null, size }
  if (payload.outcome === 'smaller') return { state: 'open', barrier, moved_to: null, size: 'small' }
  if (payload.outcome === 'another_day') return { state: 'moved', barrier, moved_to, size }
  if (payload.outcome === 'swap') return { state: 'tried', barrier, moved_to: null, size }
  return { state: 'not_done', barrier, moved_to: null, size }
}

function isEntry(kept: Kept): boolean {
  return kept.revision.subject.kind === 'entry'
}

function newest(some: Kept[]): Kept | undefined {
  return some.reduce<Kept | undefined>((last, one) => (!last || byTime(last, one) <= 0 ? one : last), undefined)
}

/** Answers of an entry revision. */
export function entryOf(kept: Kept): EntryPayload {
  const payload = kept.revision.payload as Partial<EntryPayload>
  return { ...payload, answers: payload.answers ?? {}, kept: payload.kept ?? false }
}
