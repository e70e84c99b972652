// What became of an appointment is news for a while, also where nothing else is pulled meanwhile.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { isNews } from '../../pwa/src/actions/appointmentNews.ts'

test('that you met is said that day and the next', () => {
  const met = { what: 'attended', was: '2026-11-18T09:30', now: '2026-11-25T09:30' }
  assert.ok(isNews(met, '2026-11-19'))
  assert.ok(!isNews(met, '2026-11-20'))
})

test('a cancelled one is said from when it is known until a week after its day', () => {
  const cancelled = { what: 'cancelled_by_service', was: '2026-11-18T09:30', now: null }
  assert.ok(isNews(cancelled, '2026-11-01'))
  assert.ok(isNews(cancelled, '2026-11-25'))
  assert.ok(!isNews(cancelled, '2026-11-26'))
})

test('a move is said until its new day is over, and no day is needed for none booked', () => {
  const moved = { what: 'moved_earlier', was: '2026-12-30T09:30', now: '2026-11-18T09:30' }
  assert.ok(isNews(moved, '2026-11-18'))
  assert.ok(!isNews(moved, '2026-11-19'))
  assert.ok(isNews({ what: 'none_booked', was: null, now: null }, '2027-01-01'))
})
