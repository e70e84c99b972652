// Not done is an answer: what is offered, and what each tap says.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { firstSaid, offeredBarriers, wayOn } from '../../pwa/src/actions/notToday.ts'
import { later } from '../../pwa/src/words/later.ts'

const isKnown = (code: string) => `barrier.${code}` in later
const definitions = JSON.parse(readFileSync(new URL('../vectors/worksheet-definitions.json', import.meta.url), 'utf8'))
const sheets: { id: string; barriers?: string[] }[] = Array.isArray(definitions) ? definitions : Object.values(definitions)

test('at most six reasons are offered for every worksheet, the likeliest first', () => {
  assert.ok(sheets.length > 40)
  for (const sheet of sheets) {
    const offered = offeredBarriers({ barriers: sheet.barriers ?? [] }, isKnown)
    assert.ok(offered.length >= 1 && offered.length <= 6, sheet.id)
    assert.equal(new Set(offered).size, offered.length, sheet.id)
    assert.ok(offered.every((code) => isKnown(code) && !['something_else', 'prefer_not_say', 'no_trigger'].includes(code)), sheet.id)
    const named = (sheet.barriers ?? []).filter((code) => offered.includes(code))
    if (named.length > 0) assert.deepEqual(offered, named, sheet.id)
  }
})

test('a task without a worksheet offers six', () => {
  assert.equal(offeredBarriers(undefined, isKnown).length, 6)
})

test('a reason this app has no words for makes room for the next', () => {
  const barriers = ['from_the_future', 'forgot', 'no_time', 'too_low', 'too_hard', 'not_clear', 'life_event', 'too_anxious']
  assert.deepEqual(offeredBarriers({ barriers }, isKnown), barriers.slice(1, 7))
})

test('not well enough is not counted, and stays so when it is kept for next time', () => {
  const unwell = { code: 'unwell_physical' }
  assert.equal(firstSaid(unwell).answer, 'exempt')
  assert.deepEqual(wayOn(unwell, 'keep'), { answer: 'exempt', outcome: 'keep', barrier: 'unwell_physical' })
})

test('each of the other ways on says what the server settles by', () => {
  const tired = { code: 'too_low' }
  assert.deepEqual(wayOn(tired, 'smaller'), { answer: 'not_today', outcome: 'smaller', barrier: 'too_low' })
  assert.deepEqual(wayOn(tired, 'another_day', { moved_to: '2026-11-25' }), {
    answer: 'not_today', outcome: 'another_day', barrier: 'too_low', moved_to: '2026-11-25',
  })
  assert.deepEqual(wayOn(null, 'swap', { words: 'I rang a friend' }), { answer: 'not_today', outcome: 'swap', words: 'I rang a friend' })
  assert.deepEqual(wayOn({ code: 'unwell_physical' }, 'another_day', { moved_to: '2026-11-25' }).answer, 'not_today')
})
