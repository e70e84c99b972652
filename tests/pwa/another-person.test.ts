// A phone that becomes another person's: what was written only here is hidden from them, and there again for its author.
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { ANNA, ASSIGNMENT, freshPhone, Server } from './phone.ts'
import { keepCheck, keepChecks } from '../../pwa/src/actions/afterwards.ts'
import { myData } from '../../pwa/src/actions/leave.ts'
import { startOwn } from '../../pwa/src/actions/ownWriting.ts'
import { pairPhone } from '../../pwa/src/actions/pair.ts'
import { ABOUT_ME } from '../../pwa/src/actions/personal.ts'
import { startWriting } from '../../pwa/src/actions/startWriting.ts'
import { setMeta } from '../../pwa/src/store/meta.ts'
import { snapshot } from '../../pwa/src/store/snapshot.ts'
import type { Worksheet } from '../../pwa/src/worksheet/definition.ts'

const ERIN = '0193512a-7c00-7a11-8b22-00000000000e'
const CHECK = { id: 'staying-well/monthly-check', version: 1 } as Worksheet
let server: Server
globalThis.matchMedia = (() => ({ matches: false })) as unknown as typeof matchMedia

beforeEach(async () => {
  await freshPhone()
  server = new Server()
})

async function becomes(client_id: string): Promise<void> {
  const body = { device_id: 'd-2', client_id, epoch: 'e1', service: {}, me: { preferred_name: 'Erin' } }
  server.before = ({ path }) => (path.endsWith('/pair') ? { status: 201, body } : undefined)
  assert.equal(await pairPhone('ABCD-EFGH-JKMN'), null)
}

async function type(name: string, field: string, text: string): Promise<void> {
  const writing = await startOwn(name, {})
  writing.answer(field, text)
  await writing.leave()
}

test('monthly checks, drafts and an ended course are hidden from the next person, and come back with their author', async () => {
  await setMeta('course_over', { episode_id: 'e-1', ended_on: '', read_until: '2026-11-01', signposts: '', worksheets: { check: null, feedback: null, plan: '' } })
  await keepChecks(CHECK.id, 3, '2026-11-22')
  await keepCheck(CHECK, '2026-12-22', { coming_up: 'Night shifts' })
  await type(ABOUT_ME, 'avoid', 'Loud rooms')
  const task = await startWriting({ assignment_id: ASSIGNMENT, slot: null })
  task.answer('words', 'Half a walk')
  await task.leave()

  await becomes(ERIN)
  const theirs = await snapshot()
  assert.deepEqual([theirs.ownChecks, theirs.courseOver, theirs.drafts], [null, null, []])
  assert.doesNotMatch(await myData(), /Night shifts|Loud rooms|Half a walk/)
  assert.deepEqual((await startOwn(ABOUT_ME, {})).draft.answers, {})
  await type(ABOUT_ME, 'avoid', 'Small rooms')
  await keepChecks(CHECK.id, 6, '2026-11-22')

  await becomes(ANNA)
  const hers = await snapshot()
  assert.deepEqual(hers.ownChecks?.kept.map(({ answers }) => answers), [{ coming_up: 'Night shifts' }])
  assert.deepEqual(hers.drafts.map(({ answers }) => Object.values(answers)[0]).sort(), ['Half a walk', 'Loud rooms'])
  assert.doesNotMatch(await myData(), /Small rooms/)
  assert.deepEqual((await startOwn(ABOUT_ME, {})).draft.answers, { avoid: 'Loud rooms' })
})
