// The pure rules of sending: hashes, acknowledgements, waiting, batches, codes, days.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { vectors } from './phone.ts'
import { acknowledged, type Answer, type Sent } from '../../pwa/src/sync/acknowledged.ts'
import { retryAfter, wait } from '../../pwa/src/sync/backoff.ts'
import { firstBatch } from '../../pwa/src/sync/batches.ts'
import { canonical, contentHash } from '../../pwa/src/sync/canonical.ts'
import { codeInHash, grouped, plainCode } from '../../pwa/src/sync/code.ts'
import { addDays, dayOf, happenedAt, localOf, offsetOf, weekdayOf } from '../../pwa/src/sync/days.ts'
import { digest } from '../../pwa/src/sync/digest.ts'
import { newId } from '../../pwa/src/sync/ids.ts'
import { laterTimes, saidLater } from '../../pwa/src/actions/remindLater.ts'
import { nextTimes } from '../../pwa/src/sync/reminderTimes.ts'
import { isQuiet, isWhole } from '../../pwa/src/sync/quiet.ts'
import { sha256 } from '../../pwa/src/sync/sha256.ts'
import { tooLong, wellFormed } from '../../pwa/src/sync/wellFormed.ts'

type Case = { name: string; revision: object; canonical: string; content_hash: string }
for (const { name, revision, canonical: bytes, content_hash } of vectors<Case[]>('revisions')) {
  test(`canonical JSON and hash: ${name}`, () => {
    assert.equal(canonical(revision), bytes)
    assert.equal(contentHash(revision), content_hash)
  })
}

type Verdict = { name: string; sent: Sent; answer: Answer; expect: { kind: string; states?: object; epoch?: string; device_id?: string } }
for (const { name, sent, answer, expect } of vectors<Verdict[]>('acknowledged')) {
  test(`acknowledged: ${name}`, () => {
    const verdict = acknowledged(answer, sent) as any
    assert.equal(verdict.kind, expect.kind)
    if (expect.states) {
      assert.deepEqual(Object.fromEntries([...verdict.became].map(([id, one]: [string, any]) => [id, one.state])), expect.states)
    }
    if (expect.epoch) assert.equal(verdict.epoch, expect.epoch)
    if (expect.device_id) assert.equal(verdict.device_id, expect.device_id)
  })
}

test('our SHA-256 is everybody’s, at every length round a block', () => {
  for (let length = 0; length < 200; length++) {
    const text = 'é'.repeat(length % 7) + 'x'.repeat(length)
    assert.equal(sha256(text), createHash('sha256').update(text).digest('hex'))
  }
})

test('key order does not change a hash, any other change does', () => {
  assert.equal(contentHash({ a: 1, b: [2] }), contentHash({ b: [2], a: 1 }))
  assert.notEqual(contentHash({ a: 1 }), contentHash({ a: '1' }))
})

test('what JSON cannot hold is not hashed', () => {
  assert.throws(() => canonical({ a: Number.NaN }))
  assert.throws(() => canonical([() => 1]))
})

test('typed text is made fit to be kept', () => {
  assert.equal(wellFormed('a\u0000b\uD800c😀\uDC00'), 'ab\uFFFDc😀\uFFFD')
  assert.deepEqual(wellFormed({ n: 2 ** 60, i: Infinity, z: -0, u: undefined, l: [undefined, 'x'] }), { n: '1152921504606847000', i: null, z: 0, l: [null, 'x'] })
})

test('a text over 64 KiB is found by its bytes, also inside a list', () => {
  assert.deepEqual(tooLong({ a: 'x'.repeat(65_536), b: 'ok' }), [])
  assert.deepEqual(tooLong({ a: 'x'.repeat(65_537) }), ['a'])
  assert.deepEqual(tooLong({ a: 'é'.repeat(40_000) }), ['a'])
  assert.deepEqual(tooLong({ list: [{ inner: 'x'.repeat(70_000) }] }), ['list'])
})

test('waiting grows from 2 seconds to 15 minutes, with full jitter, and obeys the server', () => {
  assert.equal(wait(1, 1), 2_000)
  assert.equal(wait(4, 1), 16_000)
  assert.equal(wait(40, 1), 900_000)
  assert.equal(wait(4, 0.5), 8_000)
  assert.equal(wait(1, 0), 500)
  assert.equal(wait(1, 0.5, 120_000), 120_000)
})

test('Retry-After is seconds or a date', () => {
  const now = Date.parse('2026-11-22T10:00:00Z')
  assert.equal(retryAfter('120', now), 120_000)
  assert.equal(retryAfter('Sun, 22 Nov 2026 10:00:30 GMT', now), 30_000)
  assert.equal(retryAfter('Sun, 22 Nov 2026 09:00:00 GMT', now), 0)
  assert.equal(retryAfter('soon', now), null)
  assert.equal(retryAfter(null, now), null)
})

test('a batch holds 100 at most, and a megabyte at most, and one however large', () => {
  const items = Array.from({ length: 150 }, (_, n) => String(n))
  assert.equal(firstBatch(items, (item) => item).length, 100)
  assert.equal(firstBatch(items, () => 'x'.repeat(300_000)).length, 3)
  assert.equal(firstBatch(items, () => 'x'.repeat(2_000_000)).length, 1)
  assert.equal(firstBatch(items, (item) => item, 7).length, 7)
})

test('a code is the same code however it was typed or read aloud', () => {
  for (const typed of ['ABCD-2345-EFGH', 'abcd2345efgh', ' abcd 2345 efgh ', 'AB.CD_2345/EFGH']) assert.equal(plainCode(typed), 'ABCD2345EFGH')
  assert.equal(plainCode('oOiIlL'), '001111')
  assert.equal(grouped('abcd2345e'), 'ABCD-2345-E')
  assert.equal(codeInHash('#pair=abcd-2345-efgh'), 'ABCD2345EFGH')
  assert.equal(codeInHash('#/settings'), null)
})

test('ids are version 7 and never the same', () => {
  const ids = new Set(Array.from({ length: 1000 }, () => newId()))
  assert.equal(ids.size, 1000)
  for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  assert.ok(newId(1_700_000_000_000) < newId(1_700_000_000_001))
})

test('a day is the day where the person is', () => {
  const late = new Date('2026-06-30T23:30:00Z')
  assert.equal(dayOf(late, 'Europe/London'), '2026-07-01')
  assert.equal(localOf(late, 'America/New_York'), '2026-06-30T19:30')
  assert.equal(offsetOf(late, 'Europe/London'), 60)
  assert.equal(offsetOf(new Date('2026-11-22T10:00:30Z'), 'Asia/Kolkata'), 330)
  assert.equal(weekdayOf('2026-11-22'), 6)
  assert.equal(addDays('2026-02-28', 1), '2026-03-01')
})

test('f39: something done before the clocks changed keeps the offset of that day', () => {
  const now = new Date('2026-10-26T10:00:00Z')
  assert.deepEqual(happenedAt(now, 'Europe/London', '2026-10-24T12:00'), { local: '2026-10-24T12:00', zone: 'Europe/London', utc_offset: 60 })
  assert.equal(happenedAt(now, 'Europe/London').utc_offset, 0)
})

test('a digest does not depend on order or on repeats', () => {
  assert.deepEqual(digest(['b', 'a', 'b']), digest(['a', 'b']))
  assert.equal(digest(['a', 'b']).sha256, createHash('sha256').update('a\nb').digest('hex'))
  assert.equal(digest([]).count, 0)
})

type Hours = { name: string; at: string; quiet: { from: string; until: string }; expect: boolean }
for (const { name, at, quiet, expect } of vectors<Hours[]>('quiet-hours')) {
  test(`quiet hours: ${name}`, () => assert.equal(isQuiet(at, quiet), expect))
}

test('quiet hours with one end alone are none, and are not whole', () => {
  assert.equal(isQuiet('23:00', { from: '22:00', until: '' }), false)
  assert.deepEqual([isWhole({ from: '', until: '07:00' }), isWhole({ from: '22:00', until: '07:00' }), isWhole(null)], [false, true, false])
})

type Times = { name: string; now: string; rule: Parameters<typeof nextTimes>[0]; expect: string[] }
for (const { name, now, rule, expect } of vectors<Times[]>('reminder-times')) {
  test(`next reminders: ${name}`, () => assert.deepEqual(nextTimes({ ...rule, quiet: rule.quiet ?? null }, now), expect))
}

test('what was asked for once more is known until it has come, on its day alone, the last word first', () => {
  const kept = (id: string, payload: object, parents: string[] = []) =>
    ({ saved_at: `2026-11-23T10:0${id}:00Z`, revision: { revision_id: id, parents, kind: 'new', subject: { kind: 'setting' }, payload: { name: 'remind_later', ...payload } } }) as any
  const at = (local: string) => new Date(`2026-11-23T${local}:00`)
  const said = [kept('1', { date: '2026-11-23', at: '11:15' }), kept('2', { date: '2026-11-23', at: '17:45' }, ['1'])]
  assert.equal(saidLater(said, at('10:10')), '2026-11-23T17:45')
  assert.equal(saidLater(said, at('17:46')), null)
  assert.equal(saidLater([kept('3', { date: '2026-11-22', at: '17:45' })], at('10:10')), null)
  assert.equal(saidLater([kept('4', { name: 'reminder', date: '2026-11-23', at: '17:45' })], at('10:10')), null)
})

test('later today is on a quarter of an hour, today, and never in quiet hours', () => {
  const at = (local: string) => new Date(`2026-11-23T${local}:00`)
  assert.deepEqual(laterTimes(at('10:05'), { quiet: null }), ['11:15', '12:15', '14:15'])
  assert.deepEqual(laterTimes(at('10:00'), { quiet: { from: '11:00', until: '13:00' } }), ['14:00'])
  assert.deepEqual(laterTimes(at('21:30'), { quiet: null }), ['22:30', '23:30'])
  assert.deepEqual(laterTimes(at('23:10'), { quiet: null }), [])
  const nights = { from: '2026-11-23', until: '2026-11-23', at: '03:00', quiet: { from: '08:00', until: '16:00' } }
  assert.deepEqual(laterTimes(at('21:30'), { quiet: { from: '22:00', until: '07:00' }, shift: nights }), ['22:30', '23:30'])
})
