// One entry that two phones went on with: both are there, and one revision that follows both makes one of them again.
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { field, kept, sheetOf } from './made.ts'
import { anna, freshPhone, Server, ASSIGNMENT } from './phone.ts'
import { changeEntry, keepOne } from '../../pwa/src/actions/changeEntry.ts'
import { cycle } from '../../pwa/src/actions/cycle.ts'
import { differing, keepBoth, mergeTwo } from '../../pwa/src/actions/mergeTwo.ts'
import { entries } from '../../pwa/src/actions/historyView.ts'
import { startEditing } from '../../pwa/src/actions/startWriting.ts'
import { meta } from '../../pwa/src/store/meta.ts'
import { whatDiffers } from '../../pwa/src/screens/parts/whatDiffers.ts'
import { revisionsOf, save } from '../../pwa/src/store/revisions.ts'
import { around } from '../../pwa/src/actions/around.ts'
import { entryOf } from '../../pwa/src/sync/standing.ts'
import { made } from '../../pwa/src/sync/revision.ts'
import type { Kept } from '../../pwa/src/sync/kept.ts'
import type { EntryPayload } from '../../pwa/src/sync/wire.ts'

const subject = { kind: 'entry' as const, assignment_id: ASSIGNMENT }
const words = (situation: string, kept = false) => ({ answers: { situation }, kept })
let server: Server

beforeEach(async () => {
  await freshPhone()
  server = new Server()
})

/** The states of the one entry there is, the shown one first. */
async function states(): Promise<Kept[]> {
  const all = entries(await revisionsOf((await around()).owner))
  assert.equal(all.length, 1)
  return all[0]!
}

/** Written here, then changed here and, unknown to it, on another phone. */
async function twoStates(there: object = { payload: words('there') }, own: EntryPayload = words('here')): Promise<Kept[]> {
  const here = await around()
  const first = await save({ subject, payload: words('first') }, here)
  const after = { subject, entry_id: first.revision.entry_id, parents: [first.revision.revision_id] }
  await save({ ...after, payload: own }, here)
  const { revision, content_hash } = made({ ...after, payload: {}, ...there }, { ...anna, seq: 77, now: new Date() })
  server.changes = [{ seq: 1, kind: 'revision', id: revision.revision_id, body: { revision, content_hash, received_at: new Date().toISOString(), mine: false, staff: false } }]
  await cycle(() => new Date(), () => 0.5)
  const found = await states()
  assert.equal(found.length, 2)
  return found
}

test('keeping one of two follows both, and leaves that one', async () => {
  const both = await twoStates()
  const chosen = both[1]!
  const merged = await keepOne(chosen, both)
  assert.deepEqual(new Set(merged.revision.parents), new Set(both.map((one) => one.revision.revision_id)))
  const now = await states()
  assert.deepEqual(now.map((one) => entryOf(one).answers), [entryOf(chosen).answers])
})

test('what was kept from staff in one of them stays so, whichever is chosen', async () => {
  const both = await twoStates({ payload: words('secret', true) })
  const open = both.find((one) => !entryOf(one).kept)!
  assert.equal(entryOf(await keepOne(open, both)).kept, true)
})

test('changing, removing and bringing back what is shown in two states makes one of it', async () => {
  const [head, ...beside] = await twoStates()
  const editing = await startEditing(head!, false, null, beside)
  assert.equal(editing.draft.parents.length, 2)
  const gone = await changeEntry(head!, 'delete', beside)
  assert.equal((await states()).length, 1)
  const again = await changeEntry(gone, 'restore')
  assert.ok(['here', 'there'].includes(entryOf(again).answers.situation as string))
})

test('f18: changed here and removed there, it is shown, and can be removed after all', async () => {
  const [head, ...beside] = await twoStates({ kind: 'delete' })
  assert.equal(entryOf(head!).answers.situation, 'here')
  const removal = beside[0]!
  assert.equal(removal.revision.kind, 'delete')
  await keepOne(removal, [head!, ...beside])
  const [now, ...more] = await states()
  assert.deepEqual([now!.revision.kind, more.length], ['delete', 0])
  assert.equal(entryOf(await changeEntry(now!, 'restore')).answers.situation, 'here')
})

test('f29: what the service counted of this phone, and of one that is lost, is kept for the page that shows it', async () => {
  server.counts = { made: 5, stored: 4, elsewhere: 3 }
  await cycle(() => new Date(), () => 0.5)
  assert.deepEqual((await meta('sync'))!.counts, { made: 5, stored: 4, elsewhere: 3 })
})

test('of two states, only the answers that differ are chosen, one by one, and the result follows both', async () => {
  const [head, other] = await twoStates({ payload: { answers: { situation: 'there', mood: 3, same: 'yes' }, kept: false } }, { answers: { situation: 'here', rest: 'walked', same: 'yes' }, kept: false }) as [Kept, Kept]
  assert.deepEqual(differing(head, other).sort(), ['mood', 'rest', 'situation'])
  const [mine, theirs] = head.mine ? [head, other] : [other, head]
  const merged = await mergeTwo(mine, theirs, new Set(['situation', 'mood']))
  assert.deepEqual(new Set(merged.revision.parents), new Set([head, other].map((one) => one.revision.revision_id)))
  assert.deepEqual(entryOf(merged).answers, { situation: 'there', mood: 3, same: 'yes', rest: 'walked' })
  assert.equal((await states()).length, 1)
})

test('what differs comes in the order of the sheet, and a question that an answer of both opens is among it', () => {
  const after = { type: 'text' as const, show_when: { is: { field: 'upset', value: true } } }
  const fields = [field({ id: 'upset', type: 'boolean' }), field({ id: 'what', ...after }), field({ id: 'then', type: 'text' }), field({ id: 'calm', ...after, show_when: { is: { field: 'upset', value: false } } })]
  const [head, other] = ['Her words', 'His words'].map((what, at) => kept({ subject, payload: { answers: { calm: what, then: `then ${at}`, upset: true, what }, kept: false } })) as [Kept, Kept]
  assert.deepEqual(whatDiffers(sheetOf(fields), head, other), [
    { id: 'what', of: [[['what', 'Her words']], [['what', 'His words']]] },
    { id: 'then', of: [[['then', 'then 0']], [['then', 'then 1']]] },
  ])
})

test('an answer that one of two left empty can be chosen empty; what staff were not to see stays so', async () => {
  const [head, other] = await twoStates({ payload: { answers: {}, kept: true } }) as [Kept, Kept]
  const [mine, theirs] = head.mine ? [head, other] : [other, head]
  const merged = entryOf(await mergeTwo(mine, theirs, new Set(['situation'])))
  assert.deepEqual([merged.answers, merged.kept], [{}, true])
})

test('both are kept as written with one tap: two entries, each with its own words, and nothing in two states', async () => {
  const [head, other] = await twoStates() as [Kept, Kept]
  await keepBoth(head, other)
  const all = entries(await revisionsOf((await around()).owner))
  assert.deepEqual(all.map((group) => group.length), [1, 1])
  assert.deepEqual(new Set(all.map(([one]) => entryOf(one!).answers.situation)), new Set(['here', 'there']))
  assert.ok(all.some(([one]) => one!.revision.parents.length === 2))
})

test('both are kept, or neither: where the second cannot be written, the first is not there either', async (context) => {
  const [head, other] = await twoStates() as [Kept, Kept]
  const before = (await states()).length
  let left = 2
  const put = IDBObjectStore.prototype.put
  context.after(() => { IDBObjectStore.prototype.put = put })
  IDBObjectStore.prototype.put = function full(this: IDBObjectStore, ...given: Parameters<typeof put>) {
    if (this.name === 'revisions' && --left === 0) throw new DOMException('full', 'QuotaExceededError')
    return put.apply(this, given)
  } as typeof put
  await assert.rejects(keepBoth(head, other))
  assert.equal((await states()).length, before)
  assert.deepEqual(entries(await revisionsOf((await around()).owner)).length, 1)
})
