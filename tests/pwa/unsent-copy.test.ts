// What would go with this phone, as somebody can take it along: plain words, in the order in which they were saved.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assignment, field, kept, sheetOf, snapshot } from './made.ts'
import { unsentCopy } from '../../pwa/src/screens/parts/unsentCopy.ts'

const about = assignment().assignment_id
const entry = { kind: 'entry' as const, assignment_id: about }
const onSheet = { form: { key: 'tests/sheet', version: 1, language: 'en', sha256: 'x' } }
const worksheets = new Map([['tests/sheet.v1', sheetOf([field({ id: 'where', type: 'text', label: 'Where were you?' }), field({ id: 'mood', type: 'number', label: 'How was it?' })])]])
const of = (parts: object) => unsentCopy(snapshot({ ownChecks: null, translated: new Map(), worksheets, ...parts }), '2026-11-22')

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

test('what another person left here is never in it, and it says nothing where there is nothing', () => {
  assert.equal(of({ revisions: [kept({ subject: entry, payload: { answers: { words: 'x' }, kept: false } }, 0, { state: 'sent' })] }).trim(), 'Meantime\nSunday 22 November 2026')
})
