// About me and what is taken away: part by part, the last word holds, and what staff wrote down is told apart.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { beforeEach, test } from 'node:test'
import { kept } from './made.ts'
import { freshPhone } from './phone.ts'
import { startOwn } from '../../pwa/src/actions/ownWriting.ts'
import { ABOUT_ME, aboutMe, changedOf, lastMet, sayAboutMe, sayTakeaway, TAKEAWAY, takeaways, toAsk } from '../../pwa/src/actions/personal.ts'
import { snapshot as stored } from '../../pwa/src/store/snapshot.ts'
import type { Appointment } from '../../pwa/src/sync/wire.ts'
import type { Json } from '../../pwa/src/worksheet/definition.ts'

beforeEach(async () => { await freshPhone() })

const subject = { kind: 'setting' } as const
const about = (value: Json, minute = 0, staff = false) => kept({ subject, payload: { name: 'about_me', value } }, minute, { staff })
const met = (starts_at: string, state: Appointment['state'] = 'planned') => ({ appointment_id: starts_at, starts_at, local: starts_at.slice(0, 16), state }) as Appointment

test('the last word on each part holds, in whatever order they arrived', () => {
  const held = aboutMe([about({ helps: 'Short words' }, 3), about({ name: 'Annie', helps: 'Time', interpreter: 'yes' }, 1), about({ access: 'Steps' }, 2, true)])
  assert.deepEqual(held.words, { name: 'Annie', helps: 'Short words', access: 'Steps' })
  assert.deepEqual([held.interpreter, [...held.byStaff]], [true, ['access']])
})

test('what staff wrote down is hers once she says it herself', () => {
  const held = aboutMe([about({ name: 'Ann' }, 1, true), about({ name: 'Annie' }, 2)])
  assert.deepEqual([held.words.name, held.byStaff.size], ['Annie', 0])
})

test('what makes no sense changes nothing', () => {
  for (const value of [null, 'text', { name: 7 }, { interpreter: 'maybe' }]) assert.deepEqual(aboutMe([about(value as Json)]).words, {})
})

type Shared = { about_me: { name: string; said: [Json, string][]; words: object; interpreter: boolean; by_staff: string[] }[]; takeaway: { name: string; value: Json; expect: [string, string] | null }[] }
const shared: Shared = JSON.parse(readFileSync(new URL('../vectors/personal.json', import.meta.url), 'utf8'))

for (const { name, said, words, interpreter, by_staff } of shared.about_me) {
  test(`about me as the server reads it: ${name}`, () => {
    const held = aboutMe(said.map(([value, by], minute) => about(value, minute, by === 'practitioner')))
    assert.deepEqual([held.words, held.interpreter, [...held.byStaff].sort()], [words, interpreter, by_staff])
  })
}

for (const { name, value, expect } of shared.takeaway) {
  test(`a takeaway as the server reads it: ${name}`, () => {
    const found = [...takeaways([kept({ subject, payload: { name: 'takeaway', value } })])].map(([id, { text }]) => [id, text])
    assert.deepEqual(found, expect?.[1] ? [expect] : [])
  })
}

test('only what changed is said, and a second time is an edit of the first', async () => {
  await sayAboutMe({ name: 'Annie' })
  await sayAboutMe({ interpreter: 'yes' })
  await sayAboutMe({})
  const { revisions } = await stored()
  const [first, second] = revisions.sort((a, b) => a.revision.device_seq - b.revision.device_seq)
  assert.equal(revisions.length, 2)
  assert.deepEqual(second!.revision.payload, { name: 'about_me', value: { interpreter: 'yes' } })
  assert.deepEqual(second!.revision.parents, [first!.revision.revision_id])
  assert.deepEqual(aboutMe(revisions), { words: { name: 'Annie' }, interpreter: true, byStaff: new Set() })
})

test('a takeaway belongs to its appointment, and blank takes it back', async () => {
  await sayTakeaway('a-1', ' One step is enough. ')
  await sayTakeaway('a-2', 'I can wait.')
  assert.deepEqual([...takeaways((await stored()).revisions).keys()], ['a-1', 'a-2'])
  const again = kept({ subject, payload: { name: 'takeaway', value: { appointment_id: 'a-1', text: '' } } }, 5)
  const first = kept({ subject, payload: { name: 'takeaway', value: { appointment_id: 'a-1', text: 'One' } } }, 1)
  assert.equal(takeaways([again, first]).size, 0)
})

test('it is of the last appointment that has begun, and not of one that was missed', () => {
  const now = new Date('2026-11-22T10:00:00.000Z')
  const all = [met('2026-11-08T10:00:00.000Z', 'attended'), met('2026-11-15T10:00:00.000Z', 'missed'), met('2026-11-29T10:00:00.000Z')]
  assert.equal(lastMet(all, now)?.state, 'attended')
  assert.equal(lastMet([...all, met('2026-11-22T09:45:00.000Z')], now)?.starts_at, '2026-11-22T09:45:00.000Z', 'one that is going on')
  assert.equal(lastMet([], now), null)
})

test('asked about is the newest appointment, unless staff wrote one for it or a later one has one', () => {
  const now = new Date('2026-11-22T10:00:00.000Z')
  const [first, last, missed] = [met('2026-11-01T10:00:00.000Z', 'attended'), met('2026-11-08T10:00:00.000Z', 'attended'), met('2026-11-15T10:00:00.000Z', 'missed')]
  const asked = (...said: [Appointment, boolean][]) =>
    toAsk([first, last, missed], new Map(said.map(([{ appointment_id }, byStaff]) => [appointment_id, { text: 'x', byStaff }])), now)
  assert.equal(asked(), last)
  assert.equal(asked([first, true]), last)
  assert.equal(asked([last, false]), last, 'their own words can be changed')
  assert.equal(asked([last, true]), null)
  assert.equal(asked([missed, true]), null)
})

test('what is typed about oneself is kept before it is saved, and comes back', async () => {
  await freshPhone()
  const typing = await startOwn(ABOUT_ME, {})
  typing.answer('helps', 'Short words')
  typing.answer('name', '')
  await typing.leave()
  const back = await startOwn(ABOUT_ME, {})
  assert.deepEqual(back.draft.answers, { helps: 'Short words', name: '' })
  assert.deepEqual(changedOf({ words: { name: 'Annie' }, interpreter: false, byStaff: new Set() }, back.draft.answers), { name: '', helps: 'Short words' })
  await back.saved(back.draft)
  assert.deepEqual((await startOwn(ABOUT_ME, {})).draft.answers, {})
  back.answer('avoid', 'Loud rooms')
  await back.leave()
  assert.deepEqual((await startOwn(ABOUT_ME, {})).draft.answers, { avoid: 'Loud rooms' })
})

test('what is typed while it is being saved stays a draft', async () => {
  await freshPhone()
  const typing = await startOwn(`${TAKEAWAY}one`, {})
  typing.answer('text', 'One step')
  const saving = typing.draft
  typing.answer('text', 'One step is a step')
  await typing.saved(saving)
  assert.deepEqual((await startOwn(`${TAKEAWAY}one`, {})).draft.answers, { text: 'One step is a step' })
})
