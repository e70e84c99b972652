// Two states of one entry: every phone shows the one that the service shows, whatever the phones' own clocks say.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { kept } from './made.ts'
import { entries } from '../../pwa/src/actions/historyView.ts'
import { pulled } from '../../pwa/src/store/revisions.ts'
import { standings } from '../../pwa/src/sync/standing.ts'
import { occurrence, TODAY } from './made.ts'
import { ANNA, ASSIGNMENT } from './phone.ts'
import type { Kept } from '../../pwa/src/sync/kept.ts'

const entry_id = '0193512a-7c00-7a11-8b22-0000000000e1'
const state = (minute: number) => kept({
  subject: { kind: 'entry', assignment_id: ASSIGNMENT, slot: `${TODAY}#1` }, entry_id, payload: { answers: { situation: `at ${minute}` }, kept: false },
}, minute)

/** As a pull brings it: `saved_at` is when it was saved by the service's clock, `seq` its number there. */
const back = (one: Kept, saved_at: string, seq: number) => pulled(
  { revision: one.revision, content_hash: one.content_hash, received_at: '', saved_at, mine: one.mine, staff: false }, one, ANNA, seq)

const shown = (...all: Kept[]) => entries(all)[0]![0]!.revision.revision_id

test('the service’s clock says which state is newer, not the phone’s', () => {
  const [early, late] = [state(1), state(2)]
  const all = [back(early, '2026-11-22T09:30:00.000002Z', 7), back(late, '2026-11-22T09:30:00.000001Z', 8)]
  assert.equal(shown(...all), early.revision.revision_id)
  assert.equal(shown(...all.reverse()), early.revision.revision_id)
  assert.equal(standings([occurrence()], all, () => 'done')[0]!.by!.revision.revision_id, early.revision.revision_id)
})

test('a removal on one phone hides nothing that another changed without knowing of it', () => {
  const first = state(1)
  const after = { entry_id, parents: [first.revision.revision_id], subject: first.revision.subject }
  const changed = kept({ ...after, payload: { answers: { situation: 'changed' }, kept: false } }, 2)
  const removed = kept({ ...after, kind: 'delete', payload: {} }, 3)
  assert.equal(shown(first, changed, removed), changed.revision.revision_id)
  assert.equal(shown(removed, changed, first), changed.revision.revision_id)
  const both = kept({ ...after, parents: [changed, removed].map((one) => one.revision.revision_id), kind: 'delete', payload: {} }, 4)
  assert.equal(shown(first, changed, removed, both), both.revision.revision_id)
})

test('of two of the same moment the one that came later is shown', () => {
  const [one, other] = [state(2), state(1)]
  const all = [back(one, '2026-11-22T09:30:00.000001Z', 7), back(other, '2026-11-22T09:30:00.000001Z', 8)]
  assert.equal(shown(...all), other.revision.revision_id)
  assert.equal(shown(...all.reverse()), other.revision.revision_id)
})

test('what was just saved here is shown before what came back, though this phone’s clock is far behind', () => {
  const [old, fresh] = [state(30), state(1)]
  assert.equal(shown(back(old, '2026-11-22T09:30:00.000001Z', 7), fresh), fresh.revision.revision_id)
})

test('of two saved here and not back yet, the last is shown, though the clock was put back between them', () => {
  const [first, second] = [state(30), state(1)]
  assert.equal(shown(second, first), second.revision.revision_id)
})

test('what the service mended and told again keeps its place among those of the same moment', () => {
  const [one, other] = [state(2), state(1)]
  const told = { received_at: '', saved_at: '2026-11-22T09:30:00.000001Z', mine: true, staff: false }
  const mended = pulled({ ...told, revision: one.revision, content_hash: one.content_hash, order: 7 }, one, ANNA, 50)
  assert.equal(shown(mended, back(other, told.saved_at, 8)), other.revision.revision_id)
})
