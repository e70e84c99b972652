// Studies on the phone: what the practitioner asked them to is shown, and each choice is one revision, offline too.
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { ANNA, freshPhone, Server } from './phone.ts'
import { onOpening } from '../../pwa/src/actions/onOpening.ts'
import { answerStudy, chooseContact } from '../../pwa/src/actions/say.ts'
import { meta } from '../../pwa/src/store/meta.ts'
import { revisionsOf } from '../../pwa/src/store/revisions.ts'
import { heads } from '../../pwa/src/sync/kept.ts'

const STUDY = { study_id: '0199aaaa-0000-7000-8000-000000000001', name: 'Homework trial', text: 2, words: 'We look.', choice: null, over: false }
const OTHER = { ...STUDY, study_id: '0199aaaa-0000-7000-8000-000000000002' }
let server: Server

beforeEach(async () => {
  await freshPhone()
  server = new Server()
})

const told = (me: object) => {
  server.before = ({ path }) => (path.endsWith('/device') ? { body: { device_id: 'd-1', me: { preferred_name: 'Anna', ...me } } } : undefined)
}
const choices = async () => (await meta('settings'))!.studies!.map(({ choice }) => choice)

test('what they were asked to, and whether they may be asked, is taken over on opening', async () => {
  told({ research_contact: 'yes', studies: [STUDY] })
  await onOpening()
  const settings = (await meta('settings'))!
  assert.deepEqual([settings.research_contact, settings.studies], ['yes', [STUDY]])
})

test('yes and no to two studies are two things said, each with the text on the screen, with no signal', async () => {
  told({ studies: [STUDY, OTHER] })
  await onOpening()
  server.before = () => 'no-network'
  await answerStudy(STUDY, 'given')
  await answerStudy(OTHER, 'given')
  await answerStudy(STUDY, 'withdrawn')
  assert.deepEqual(await choices(), ['withdrawn', 'given'])
  const said = heads(await revisionsOf(ANNA)).map(({ revision }) => revision.payload)
  assert.deepEqual(said.map(({ name, study_id, text, choice }) => [name, study_id, text, choice]).sort(), [
    ['study_consent', STUDY.study_id, 2, 'withdrawn'], ['study_consent', OTHER.study_id, 2, 'given'],
  ])
})

test('what waits here is newer than what the server holds', async () => {
  told({ research_contact: 'yes', studies: [STUDY] })
  await onOpening()
  await answerStudy(STUDY, 'given')
  await chooseContact('no')
  await onOpening()
  assert.deepEqual(await choices(), ['given'])
  assert.equal((await meta('settings'))!.research_contact, 'no')
})
