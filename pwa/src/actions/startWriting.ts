// Opens a worksheet: the draft that was left, the entry to be changed, or an empty sheet.
import type { FilledIn } from './filledIn.ts'
import { begun } from './offered.ts'
import { openStage } from './stages.ts'
import { Writing } from './writing.ts'
import { draft, draftKey, type Draft } from '../store/drafts.ts'
import { entryOf } from '../sync/standing.ts'
import type { Kept } from '../sync/kept.ts'
import type { Size } from '../sync/wire.ts'
import type { Worksheet } from '../worksheet/definition.ts'

type Start = {
  assignment_id: string
  slot: string | null
  local?: string | null
  short?: boolean
  size?: Size | null
} & Partial<FilledIn>

/** For an occurrence, or any time when `slot` is null. What was left as a draft comes back; else it starts as `offered`. */
export async function startWriting(of: Start): Promise<Writing> {
  const key = draftKey(of)
  const left = (await draft(key)) ?? empty(key, of.assignment_id, of.slot)
  // A draft nobody answered in may be of another day: what it offered is offered afresh.
  const before = begun(left) ? left : { ...left, answers: of.offered ?? {}, offered: of.offered ?? {}, carried: of.carried ?? [] }
  return new Writing({ ...before, local: of.local ?? before.local, short: of.short || before.short, size: of.size ?? before.size ?? null })
}

/**
 * For changing what was saved: the new revision follows `entry` and what is shown `beside` it, from another phone.
 * `keptNow`: what its author last said of sharing it. In parts, it opens at the first that is not complete.
 */
export async function startEditing(entry: Kept, keptNow = entryOf(entry).kept, sheet: Worksheet | null = null, beside: Kept[] = []): Promise<Writing> {
  const { entry_id, subject, revision_id } = entry.revision
  const key = draftKey({ assignment_id: subject.assignment_id!, entry_id })
  const { answers, short, size } = entryOf(entry)
  const stage = openStage(sheet, answers)?.id ?? null
  const fresh: Draft = {
    ...empty(key, subject.assignment_id!, subject.slot ?? null), answers, kept: keptNow, size: size ?? null, stage,
    // A later part has questions of its own.
    short: short === true && (stage === null || stage === sheet?.stages[0]?.id),
    local: entry.revision.happened_at.local, helped_by: entry.revision.helped_by, entry_id,
    parents: [revision_id, ...beside.map((one) => one.revision.revision_id)],
  }
  return new Writing((await draft(key)) ?? fresh)
}

function empty(key: string, assignment_id: string, slot: string | null): Draft {
  return {
    key, assignment_id, slot, answers: {}, kept: false, short: false, stage: null, local: null, helped_by: 'none',
    entry_id: null, parents: [], step: 0, updated_at: new Date(0).toISOString(),
  }
}
