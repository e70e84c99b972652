// What answers about risk open, on the very cases that pytest reads (tests/safety/test_rules.py); and which form is kept.
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { field, sheetOf, snapshot as made } from './made.ts'
import { ASSIGNMENT, freshPhone, Server, vectors } from './phone.ts'
import { cardsFor, flagsOf, isWanted, withoutText } from '../../pwa/src/actions/risk.ts'
import { saySafe } from '../../pwa/src/actions/saySafe.ts'
import { around } from '../../pwa/src/actions/around.ts'
import { pullChanges } from '../../pwa/src/actions/pullChanges.ts'
import { inTongue } from '../../pwa/src/screens/parts/tongue.ts'
import { FIRST_SETTINGS, meta, NO_SYNC, setMeta } from '../../pwa/src/store/meta.ts'
import { readAll } from '../../pwa/src/store/records.ts'
import { revisionsOf, save } from '../../pwa/src/store/revisions.ts'
import { snapshot } from '../../pwa/src/store/snapshot.ts'
import type { Service } from '../../pwa/src/sync/wire.ts'
import { speakIn } from '../../pwa/src/words/speak.ts'
import type { Answers, Field, RiskFlag, Worksheet } from '../../pwa/src/worksheet/definition.ts'

type Case = { name: string; answers: Answers; without_text: Answers; raised: [string[], number, string] | null }
type Opened = { show_when: { [id: string]: object }; cases: Case[] }
const { definition, cases, opened } = vectors<{ definition: { [key: string]: any }; cases: Case[]; opened: Opened }>('risk')

const whole = (some: any[]): Field[] =>
  some.map((one) => field({ ...one, fields: whole(one.fields ?? []), options: (one.options ?? []).map((option: object) => ({ score: null, ...option })) }))
const sheet = sheetOf(whole(definition.fields), { id: definition.id, risk_flags: definition.risk_flags as RiskFlag[], part: 'whole' })
const TEXTS = { how: [], review: [], sizes: null, stages: [], derived: [], example: { who: '', answers: {} } }
const less = { ...sheet, part: 'without_risk', fields: sheet.fields.filter((one) => !one.risk && one.type !== 'list'), risk_flags: [] } as Worksheet

const conditional = (fields: Field[]): Field[] =>
  fields.map((one) => ({ ...one, show_when: (opened.show_when[one.id] ?? null) as Field['show_when'], fields: conditional(one.fields) }))

for (const [where, these, some] of [['', sheet, cases], ['opened: ', { ...sheet, fields: conditional(sheet.fields) }, opened.cases]] as const) {
  for (const one of some) {
    test(`risk: ${where}${one.name}`, () => {
      assert.deepEqual(withoutText(these, one.answers), one.without_text)
      const flags = flagsOf(these, one.answers)
      assert.deepEqual([...new Set(flags.map((flag) => flag.field))], one.raised ? one.raised[0] : [])
      assert.equal(Math.max(0, ...flags.map((flag) => flag.level)), one.raised ? one.raised[1] : 0)
      assert.equal(cardsFor(these, one.answers).includes('safety'), one.raised?.[2] === 'safety')
    })
  }
}

test('a task without a worksheet opens no card', () => {
  assert.deepEqual(cardsFor(null, { words: 'I want to die' }), [])
})

test('a rule that looks for a word finds none', () => {
  const looking = { ...sheet, risk_flags: [{ field: 'diary', level: 2, card: 'support', when: { is: { field: 'diary', value: 'die' } } }] } as Worksheet
  assert.deepEqual(cardsFor(looking, { diary: 'die' }), [])
})

test('the form wanted is the whole where the service answers for risk, and the rest where it does not', () => {
  assert.deepEqual([isWanted(sheet, true), isWanted(sheet, false), isWanted(less, true), isWanted(less, false)], [true, false, false, true])
})

beforeEach(freshPhone)

test('the follow-up is the next state of its entry, with the same answers', async () => {
  const entry = await save({
    subject: { kind: 'entry', assignment_id: ASSIGNMENT, slot: '2026-11-22#1' }, payload: { answers: { thoughts: 2 }, kept: true },
    form: { key: definition.id, version: 1, language: 'en', sha256: '0'.repeat(64) }, local: '2026-11-22T08:15',
  }, await around())
  await saySafe(entry, 'not_sure')
  const [first, next] = (await revisionsOf(entry.owner)).map(({ revision }) => revision).sort((a, b) => a.device_seq - b.device_seq)
  assert.deepEqual(next!.payload, { answers: { thoughts: 2 }, kept: true, safe_now: 'not_sure' })
  assert.deepEqual([next!.entry_id, next!.parents], [first!.entry_id, [first!.revision_id]])
  for (const same of ['subject', 'form_key', 'form_version', 'wording', 'medium', 'helped_by'] as const) assert.deepEqual(next![same], first![same])
  assert.equal(next!.happened_at.local, '2026-11-22T08:15')
})

test('a follow-up that cannot be saved stops nobody from getting help', async (t) => {
  const said = t.mock.method(console, 'error', () => undefined)
  const entry = await save({ subject: { kind: 'entry', assignment_id: ASSIGNMENT }, payload: { answers: {}, kept: false } }, await around())
  await setMeta('device', null as never)
  await saySafe(entry, 'no')
  assert.equal(said.mock.callCount(), 1)
})

test('a Welsh phone keeps the Welsh form with the questions about risk, and loses it when it is switched off', async () => {
  const server = new Server()
  const asked: string[] = []
  let on = true
  const agreed = { assignment_id: ASSIGNMENT, worksheet: { id: definition.id, version: 1 }, state: 'open' }
  const key = `${definition.id}.v1`
  const welsh = (one: Worksheet, wording: string) => ({ ...one, ...TEXTS, language: 'cy', sha256: wording, english: [], english_title: one.title })
  await setMeta('settings', { ...FIRST_SETTINGS, language: 'cy' })
  server.before = ({ path }) => {
    if (path.includes('/sync/pull')) {
      const languages = [{ code: 'cy', name: 'Cymraeg', state: 'checked', help_checked: true }]
      const service = { name: 'S', nation: 'wales', crisis: {}, reading_promise: '', asks_about_risk: on, languages, demo: false }
      const changes = [{ seq: 1, kind: 'assignment', id: ASSIGNMENT, body: agreed }, { seq: 1, kind: 'service', id: 'service', body: service }]
      return { body: { epoch: 'e1', cursor: 'e1.1', more: false, server_time: '', next_appointment: null, changes } }
    }
    if (path.includes('/words/')) return { body: { language: 'cy', sha256: 'w', catalogues: {}, worksheets: { [key]: 'less' }, whole: { [key]: 'whole' } } }
    if (!path.includes('/worksheets/')) return undefined
    asked.push(path.split('/v1').at(-1)!)
    if (path.includes('/whole')) return { body: path.includes('lang=') ? welsh(sheet, 'whole') : { ...sheet, ...TEXTS } }
    return { body: path.includes('lang=') ? welsh(less, 'less') : { ...less, ...TEXTS } }
  }
  const kept = async () => {
    await pullChanges((await meta('device'))!, NO_SYNC, () => new Date())
    return (await readAll<Worksheet>('worksheets')).map((one) => [one.language, one.part]).sort()
  }
  assert.deepEqual(await kept(), [['cy', 'whole'], ['en', 'whole']])
  assert.deepEqual(asked, ['/whole', '/whole?lang=cy&w=whole'])
  const shown = inTongue(await snapshot()).worksheets.get(key)!
  assert.deepEqual([shown.language, shown.fields.some((field) => field.risk)], ['cy', true])
  on = false
  assert.deepEqual(await kept(), [['cy', 'without_risk'], ['en', 'without_risk']])
})

test('what is nothing without its questions about risk comes when it is switched on, and goes when it is switched off', async () => {
  const server = new Server()
  const asked: string[] = []
  let on = false
  const agreed = { assignment_id: ASSIGNMENT, worksheet: { id: definition.id, version: 1, needs_procedure: true }, state: 'open' }
  server.before = ({ path }) => {
    if (path.includes('/sync/pull')) {
      const service = { name: 'S', nation: 'england', crisis: {}, reading_promise: '', asks_about_risk: on, demo: false }
      // The assignment comes once: switching on and off changes only what is said of the service.
      const changes = [{ seq: 1, kind: 'service', id: 'service', body: service }, ...(asked.length || on ? [] : [{ seq: 1, kind: 'assignment', id: ASSIGNMENT, body: agreed }])]
      return { body: { epoch: 'e1', cursor: 'e1.1', more: false, server_time: '', next_appointment: null, changes } }
    }
    if (!path.includes('/worksheets/')) return undefined
    asked.push(path.split('/').at(-1)!)
    return { body: sheet }
  }
  const shown = async () => {
    await pullChanges((await meta('device'))!, NO_SYNC, () => new Date())
    return (await snapshot()).assignments.map(({ worksheet }) => worksheet?.id ?? null)
  }
  assert.deepEqual([await shown(), asked], [[null], []])
  on = true
  assert.deepEqual([await shown(), asked], [[definition.id], ['whole']])
  on = false
  assert.deepEqual([await shown(), asked], [[null], ['whole']]) // and never a shorter form of it
})

test('until the translation has the form of now, English is shown', () => {
  const service = { languages: [{ code: 'cy', name: 'Cymraeg', state: 'checked', help_checked: true }] } as Service
  const words = { language: 'cy', sha256: '', catalogues: {}, worksheets: {} }
  const shownWith = (translated: Worksheet) => inTongue(made({
    service, words, settings: { ...FIRST_SETTINGS, language: 'cy' }, worksheets: new Map([['a.v1', { ...sheet, ...TEXTS }]]),
    translated: new Map([['a.v1', { ...translated, ...TEXTS, language: 'cy', english: [] } as Worksheet]]),
  })).worksheets.get('a.v1')!.language
  assert.deepEqual([shownWith(less), shownWith(sheet)], [sheet.language, 'cy'])
  speakIn('en')
})

test('switching on and off again changes what this phone keeps, at the next pull', async () => {
  const server = new Server()
  const asked: string[] = []
  let on = true
  const agreed = { assignment_id: ASSIGNMENT, worksheet: { id: definition.id, version: 1 }, state: 'open' }
  server.before = ({ path }) => {
    if (path.includes('/sync/pull')) {
      const service = { name: 'S', nation: 'england', crisis: {}, reading_promise: '', asks_about_risk: on, demo: false }
      const changes = [{ seq: 1, kind: 'assignment', id: ASSIGNMENT, body: agreed }, { seq: 1, kind: 'service', id: 'service', body: service }]
      return { body: { epoch: 'e1', cursor: 'e1.1', more: false, server_time: '', next_appointment: null, changes } }
    }
    if (!path.includes('/worksheets/')) return undefined
    asked.push(path.split('/').at(-1)!)
    if (path.endsWith('/whole')) return on ? { body: sheet } : { status: 404, body: { code: 'worksheet-unknown', message: '' } }
    return { body: less }
  }
  const pull = async () => { await pullChanges((await meta('device'))!, NO_SYNC, () => new Date()) }
  const parts = async () => (await readAll<Worksheet>('worksheets')).map(({ part }) => part)
  await pull()
  await pull()
  assert.deepEqual([asked, await parts()], [['whole'], ['whole']])
  on = false
  await pull()
  await pull()
  assert.deepEqual([asked, await parts()], [['whole', 'v1'], ['without_risk']])
})
