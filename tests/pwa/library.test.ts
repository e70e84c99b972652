// Of every worksheet that ships: nothing more is asked for once it is done, and numbers in safety notes can be tapped.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { callable } from '../../pwa/src/words/callable.ts'
import type { Worksheet } from '../../pwa/src/worksheet/definition.ts'
import { shortLeft, stillOpen } from '../../pwa/src/worksheet/left.ts'

const definitions = new URL('../vectors/worksheet-definitions.json', import.meta.url)
const worksheets: Worksheet[] = Object.values(JSON.parse(readFileSync(definitions, 'utf-8')))
const shipped = worksheets.filter((one) => !one.id.startsWith('synthetic/'))

test('a worksheet that is done asks for nothing more, and an empty one says what is left', () => {
  assert.ok(shipped.length >= 46)
  for (const one of shipped) {
    assert.equal(stillOpen(one, one.example.answers), 0, one.id)
    assert.ok(stillOpen(one, {}) > 0, one.id)
  }
})

test('in two parts, what is left is counted for the part that is open', () => {
  const plan = shipped.find((one) => one.id === 'low-intensity-cbt/testing-a-thought')!
  assert.deepEqual([stillOpen(plan, { thought: 'x' }, 'plan'), stillOpen(plan, { thought: 'x' }, 'after'), stillOpen(plan, { thought: 'x' })], [2, 1, 2])
})

test('the short way says how many questions it asks, those inside a list too', () => {
  for (const one of shipped) {
    const asked = shortLeft(one, {}, null).length
    assert.ok(asked >= one.short.length && asked <= 4, one.id)
  }
  const ladder = shipped.find((one) => one.id === 'low-intensity-cbt/my-ladder')!
  assert.deepEqual(shortLeft(ladder, {}, null).map((field) => field.id), ['situation', 'anxiety'])
})

test('the short way is offered only in a part that has unanswered questions of it, and counts those', () => {
  const plan = shipped.find((one) => one.id === 'low-intensity-cbt/testing-a-thought')!
  const ids = (...of: Parameters<typeof shortLeft> extends [unknown, ...infer Rest] ? Rest : never) => shortLeft(plan, ...of).map(({ id }) => id)
  const fresh = ids({}, 'plan')
  assert.ok(fresh.length > 0)
  assert.deepEqual(ids({}, 'after'), [])
  assert.deepEqual(ids({ [fresh[0]!]: 'x' }, 'plan'), fresh.slice(1))
  assert.deepEqual(ids({ [fresh[0]!]: 'x' }, 'plan', { [fresh[0]!]: 'x' }), fresh)
})

test('numbers to call are found in a text, and no other numbers', () => {
  const numbers = (text: string) => callable(text).filter((_, n) => n % 2)
  assert.deepEqual(numbers('Free on 0808 2000 247. In danger, call 999.'), ['0808 2000 247', '999'])
  assert.deepEqual(numbers('Call 111, or Samaritans on 116 123.'), ['111', '116 123'])
  assert.deepEqual(numbers('Rate it from 0 to 100, 2000 times, at 11:11, from 111–999, or 1.999'), [])
  assert.equal(callable('Free on 0808 2000 247.').join(''), 'Free on 0808 2000 247.')
})

test('each number in a safety note can be tapped', () => {
  for (const { id, safety_note: note } of shipped) {
    const left = callable(note ?? '').filter((_, n) => n % 2 === 0).join(' ')
    assert.doesNotMatch(left, /\b\d{3} ?\d{3,}|\b(999|111)\b/, id)
  }
  assert.ok(shipped.some((one) => callable(one.safety_note ?? '').includes('999')))
})
