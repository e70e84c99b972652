// What would go with this phone, as somebody can take it along: plain words, in the order in which they were saved.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { assignment, field, kept, sheetOf, snapshot as made } from './made.ts'
import { ANNA, anna, DEV, freshPhone } from './phone.ts'
import { moveIn } from '../../pwa/src/actions/pair.ts'
import { startWriting } from '../../pwa/src/actions/startWriting.ts'
import { unsentCopy } from '../../pwa/src/screens/parts/unsentCopy.ts'
import { setMeta } from '../../pwa/src/store/meta.ts'
import { save } from '../../pwa/src/store/revisions.ts'
import { settle } from '../../pwa/src/store/settling.ts'
import { snapshot } from '../../pwa/src/store/snapshot.ts'
import { sheet as words } from '../../pwa/src/words/sheet.ts'

globalThis.matchMedia = (() => ({ matches: false })) as unknown as typeof matchMedia

const about = assignment().assignment_id
const entry = { kind: 'entry' as const, assignment_id: about }
const onSheet = { form: { key: 'tests/sheet', version: 1, language: 'en', sha256: 'x' } }
const worksheets = new Map([['tests/sheet.v1', sheetOf([field({ id: 'where', type: 'text', label: 'Where were you?' }), field({ id: 'mood', type: 'number', label: 'How was it?' })])]])
const of = (parts: object) => unsentCopy(made({ ownChecks: null, translated: new Map(), worksheets, ...parts }), '2026-11-22')

test('what is not sent is copied as day, title, question and answer, in the order it was saved, and no code is in it', () => {
  const text = of({ revisions: [
    kept({ subject: { kind: 'agenda' }, payload: { text: 'Why do I wake at four?' } }, 1),
    kept({ subject: entry, ...onSheet, payload: { answers: { mood: 3, where: 'On the bus' }, kept: true } }, 0),
  ].reverse() })
  const [day, title, first, second] = ['Sunday 22 November 2026, 09:00', 'Walking, ', 'Where were you?: On the bus', 'How was it?: 3'].map((one) => text.indexOf(one))
  assert.ok(title >= 0 && day! > title && first! > day! && second! > first!, text)
  assert.ok(text.indexOf('Why do I wake at four?') < title! && text.includes('four?'), 'it was saved first')
  assert.ok(text.startsWith('Meantime\n'))
  assert.match(text, /2 things are not sent yet/)
  assert.equal(/[{}[\]]|revision_id|payload|entry_id/.test(text), false, text)
})

test('each kind of thing that waits is in it, in words, and what has been sent is not', () => {
  const sharing = kept({ subject: entry, ...onSheet, payload: { answers: { where: 'Sent before' }, kept: true } }, 0, { state: 'sent' })
  const text = of({ revisions: [
    sharing,
    kept({ payload: { answer: 'not_today', outcome: 'keep', barrier: 'no_time', words: 'The bus was late' } }),
    kept({ payload: { answer: 'done' } }),
    kept({ subject: { kind: 'plan', assignment_id: about }, payload: { plan: { where: 'Round the park' }, parts: ['where'], seen: 1 } }),
    kept({ subject: { kind: 'plan', assignment_id: about }, payload: { confirmed: true, version: 1 } }),
    kept({ subject: { kind: 'setting' }, payload: { name: 'about_me', value: { helps: 'Short words' } } }),
    kept({ subject: { kind: 'setting' }, payload: { name: 'takeaway', value: { appointment_id: 'x', text: 'One step is a step' } } }),
    kept({ subject: { kind: 'setting' }, payload: { name: 'feedback', episode_id: 'e', worksheet: 'tests/sheet', version: 1, answers: { where: 'Being heard' } } }),
    kept({ subject: { kind: 'setting' }, payload: { name: 'text_size', value: 'large' } }),
    kept({ subject: { kind: 'research' }, payload: { choice: 'no' } }),
    kept({ subject: { kind: 'sharing' }, payload: { entry_id: sharing.revision.entry_id, shared: true } }),
    kept({ subject: entry, payload: {}, kind: 'delete' }),
    kept({ subject: entry, payload: { answers: { words: 'Too long to take' }, kept: false } }, 0, { state: 'refused' }),
  ] })
  const said = ['The bus was late', 'There was no time', 'Done', 'Where: Round the park', 'You said that this is your plan', 'Short words', 'One step is a step', 'Where were you?: Being heard',
    'A choice in Settings', 'Helping research', 'Share it with my practitioner', 'You removed this', 'Too long to take', '11 things are not sent yet', 'Not accepted by your service']
  for (const one of said) assert.ok(text.includes(one), `${one} is not in\n${text}`)
  assert.equal(text.includes('Sent before'), false)
})

test('what was not finished is in it, and hostile words stay the words they are', () => {
  const hostile = '<script>alert(1)</script> =HYPERLINK("x") {"revision_id": 1}'
  const drafts = [{ key: `${about}/any`, assignment_id: about, slot: null, answers: { words: 'Half a walk' }, updated_at: '2026-11-21T10:00:00.000Z' }] as never
  const text = of({ drafts, revisions: [kept({ subject: entry, ...onSheet, payload: { answers: { where: hostile, mood: { odd: 1 } }, kept: false } })] })
  assert.ok(text.includes('Half a walk') && text.includes(`Where were you?: ${hostile}`), text)
  assert.ok(text.includes('odd'), 'what does not fit its question is there as it was kept')
})

test('no part of what was said is left out: the copy of each key of each payload', () => {
  const plan = { kind: 'plan' as const, assignment_id: about }
  const setting = { kind: 'setting' as const }
  const other = assignment({ assignment_id: '0193512a-7c00-7a11-8b22-0000000000a2', title: 'Reading aloud' })
  const met = { appointment_id: 'met', starts_at: '', local: '2026-11-19T10:00', zone: '', mode: '', state: '' }
  const wrote = { answers: { words: 'x' }, kept: false }
  const cases: [key: string, doing: Parameters<typeof kept>[0], said: string][] = [
    ...(['when', 'where', 'with_whom', 'how_long', 'reminder', 'obstacle', 'then'] as const).map((part) =>
      [`plan.${part}`, { subject: plan, payload: { plan: { [part]: 'My words' }, parts: [part], seen: 1 } }, `${words[`plan.${part}`]}: My words`] as (typeof cases)[number]),
    ['plan.at', { subject: plan, payload: { plan: { at: '18:30', where: '' }, parts: ['at'], seen: 1 } }, 'Time: 18:30'],
    ['plan.weekdays', { subject: plan, payload: { plan: { weekdays: [0, 2], at: '18:30' }, parts: ['weekdays'], seen: 1 } }, 'Time: Monday, Wednesday, 18:30'],
    ['plan.parts, left empty', { subject: plan, payload: { plan: { at: null, where: 'Park' }, parts: ['at'], seen: 1 } }, 'Time: Left empty'],
    ['plan.parts, words taken out', { subject: plan, payload: { plan: { where: '' }, parts: ['where'], seen: 1 } }, 'Where: Left empty'],
    ['plan.confirmed', { subject: plan, payload: { confirmed: true, version: 1 } }, 'You said that this is your plan'],
    ['entry.answers', { subject: entry, payload: wrote }, 'What I did: x'],
    ['entry.kept', { subject: entry, payload: { ...wrote, kept: true } }, 'Keep this for now'],
    ['entry.safe_now no', { subject: entry, payload: { ...wrote, safe_now: 'no' } }, 'Do you feel able to keep yourself safe right now?: No\n'],
    ['entry.safe_now not_sure', { subject: entry, payload: { ...wrote, safe_now: 'not_sure' } }, 'safe right now?: Not sure'],
    ['entry.safe_now yes', { subject: entry, payload: { ...wrote, safe_now: 'yes' } }, 'safe right now?: Yes'],
    ['entry.size', { subject: entry, payload: { ...wrote, size: 'small' } }, 'How much: the small version'],
    ['entry.size bigger', { subject: entry, payload: { ...wrote, size: 'bigger' } }, 'How much: the bigger version'],
    ['entry.short', { subject: entry, payload: { ...wrote, short: true } }, 'This is the short way.'],
    ['answer.outcome', { payload: { answer: 'not_today', outcome: 'smaller' } }, 'Make it smaller'],
    ['answer.moved_to', { payload: { answer: 'not_today', outcome: 'another_day', moved_to: '2026-11-24' } }, 'Another day: Tuesday 24 November 2026'],
    ['answer.swap_assignment_id', { payload: { answer: 'not_today', outcome: 'swap', swap_assignment_id: other.assignment_id } }, 'I did something else: Reading aloud'],
    ['answer.barrier', { payload: { answer: 'exempt', barrier: 'unwell_physical' } }, 'I was not well enough'],
    ['answer.words', { payload: { answer: 'not_today', words: 'The bus' } }, 'The bus'],
    ['agenda.text', { subject: { kind: 'agenda' }, payload: { text: 'Why?' } }, 'Why?'],
    ['agenda.assignment_id', { subject: { kind: 'agenda' }, payload: { text: 'Why?', assignment_id: other.assignment_id } }, 'Reading aloud, '],
    ['about_me, taken back', { subject: setting, payload: { name: 'about_me', value: { helps: '' } } }, 'What helps when you work together?: Left empty'],
    ['takeaway.appointment_id', { subject: setting, payload: { name: 'takeaway', value: { appointment_id: 'met', text: 'A step' } } }, 'The main thing from Thursday 19 November 2026\nA step'],
    ['takeaway, taken back', { subject: setting, payload: { name: 'takeaway', value: { appointment_id: 'met', text: '' } } }, 'Left empty'],
    ['setting.value', { subject: setting, payload: { name: 'text_size', value: 'large' } }, 'large'],
    ['setting.at', { subject: setting, payload: { name: 'reminder', on: true, at: '13:30', level: 0 } }, 'at: 13:30'],
    ['research.choice', { subject: { kind: 'research' }, payload: { choice: 'yes' } }, '\nYes'],
    ['sharing.shared', { subject: { kind: 'sharing' }, payload: { entry_id: 'e', shared: false } }, 'Keep it to myself again'],
  ]
  const missing = cases.filter(([, doing, said]) => !of({ assignments: [assignment(), other], appointments: [met], revisions: [kept(doing)] }).includes(said))
  assert.deepEqual(missing.map(([key]) => key), [])
  assert.equal(of({ revisions: [kept({ subject: entry, payload: { ...wrote, size: 'usual', short: false } })] }).includes('How much'), false, 'usual is not said anywhere')
  assert.ok(of({ revisions: [kept({ subject: entry, payload: { ...wrote, safe_now: 'odd', size: 'odd' } })] }).includes('What I did: x'), 'a word nobody knows stands in the way of nothing')
})

test('where nothing waits, the copy says nothing', () => {
  assert.equal(of({ revisions: [kept({ subject: entry, payload: { answers: { words: 'x' }, kept: false } }, 0, { state: 'sent' })] }).trim(), 'Meantime\nSunday 22 November 2026')
})

test('of two people on one phone, the copy has what this one left, and nothing of the other', async () => {
  await freshPhone()
  await leave('Anna', ANNA)
  await becomes(DEV)
  await leave('Dev', DEV)
  await isAll('Dev', 'Anna')
  await becomes(ANNA)
  await isAll('Anna', 'Dev')
})

/** Something not sent, something refused, half a page, and a monthly check. */
async function leave(who: string, owner: string): Promise<void> {
  const here = { ...anna, owner }
  await save({ subject: entry, payload: { answers: { words: `${who} waits` }, kept: false } }, here)
  const refused = await save({ subject: entry, payload: { answers: { words: `${who} refused` }, kept: false } }, here)
  await settle(new Map([[refused.revision.revision_id, { state: 'refused', code: 'not-yours', message: null }]]), anna.now)
  const writing = await startWriting({ assignment_id: about, slot: null })
  writing.answer('words', `${who} begins`)
  await writing.leave()
  await setMeta('own_checks', { sheet: 's', until: '2027-01-01', first: '2026-11-01', kept: [{ id: '1', day: '2026-11-01', sheet: 's', answers: { words: `${who} checks` } }] })
}

async function becomes(client_id: string): Promise<void> {
  await moveIn({ device_id: `d-${client_id}`, client_id, epoch: 'e1', service: { name: '' }, me: { preferred_name: 'x' } } as never, anna.now)
}

async function isAll(mine: string, theirs: string): Promise<void> {
  const all = await snapshot()
  assert.equal(all.others, 4, `what ${theirs} left is on this phone`)
  const text = unsentCopy(all, '2026-11-22')
  for (const what of ['waits', 'refused', 'begins', 'checks']) assert.ok(text.includes(`${mine} ${what}`), `${mine} ${what} is not in\n${text}`)
  assert.equal(text.includes(theirs), false, text)
}

test('a cleared phone warns of a copy only for what a copy holds; of what others left it says that it is theirs', () => {
  const screen = readFileSync(join(import.meta.dirname, '../../pwa/src/screens/Ended.tsx'), 'utf8')
  assert.match(screen, /own > 0 && <p><strong>\{t\('ended\.sure', \{ n: own \}\)\}/)
  assert.match(screen, /<Others count=\{others\} \/>/)
  assert.doesNotMatch(screen, /t\('ended\.sure', \{ n: (?!own )/)
})
