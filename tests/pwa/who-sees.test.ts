// Who sees what: the page has words for every row of the table, and no others; who looked is kept for offline.
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { DEV, device, freshPhone, Server } from './phone.ts'
import { handed, handedTold } from '../../pwa/src/actions/handed.ts'
import { learnLooks, looksByDay } from '../../pwa/src/actions/looks.ts'
import { pullChanges } from '../../pwa/src/actions/pullChanges.ts'
import { database } from '../../pwa/src/store/database.ts'
import { meta, NO_SYNC, setMeta } from '../../pwa/src/store/meta.ts'
import { help } from '../../pwa/src/words/help.ts'
import table from '../../pwa/src/words/who-sees.json' with { type: 'json' }

const look = (at: string, by = 'Tom Haslam', what = 'entry') => ({ at, by, what })
let server: Server

beforeEach(async () => {
  await freshPhone()
  server = new Server()
})

test('every row of the table has its words, and no words are without a row', () => {
  const rows = table.rows.map(({ who }) => who)
  assert.deepEqual(Object.keys(help).filter((key) => /^who\..*-sees$/.test(key)), rows.map((who) => `who.${who}-sees`))
  for (const who of rows) assert.ok(`who.${who}` in help, who)
  assert.equal(new Set(rows).size, rows.length)
})

test('the table has the columns it says, for every row', () => {
  for (const row of table.rows) for (const column of table.columns) assert.equal(typeof row[column as 'identity'], 'string', row.who)
})

test('who looked is told by day, newest first, once for each person and kind of page', () => {
  const all = [look('2026-11-15T09:00:00.000Z'), look('2026-11-15T15:00:00.000Z'), look('2026-11-15T16:00:00.000Z', 'Ann'), look('2026-11-16T00:30:00.000Z')]
  assert.deepEqual(looksByDay(all, 'Europe/London').map(({ day, looks }) => [day, looks.map(({ by }) => by)]),
    [['2026-11-16', ['Tom Haslam']], ['2026-11-15', ['Ann', 'Tom Haslam']]])
  assert.deepEqual(looksByDay(all, 'America/New_York').map(({ day }) => day), ['2026-11-15'])
})

test('who looked is kept, sealed, and stays when there is no signal', async () => {
  server.before = () => ({ body: { looks: [look('2026-11-15T09:00:00.000Z')] } })
  await learnLooks(new Date('2026-11-22T10:00:00.000Z'))
  const kept = { checked_at: '2026-11-22T10:00:00.000Z', looks: [look('2026-11-15T09:00:00.000Z')] }
  assert.deepEqual(await meta('looks'), kept)
  assert.deepEqual(Object.keys((await (await database()).get('meta', 'looks'))!).sort(), ['body', 'iv', 'v'])
  for (const answer of ['no-network', { html: 'Free Wi-Fi' }, { status: 503, body: {} }] as const) {
    server.before = () => answer
    await learnLooks()
    assert.deepEqual(await meta('looks'), kept)
  }
})

test('an answer meant for somebody else is not kept', async () => {
  server.before = () => ({ body: { looks: [look('2026-11-15T09:00:00.000Z')] } })
  const asked = learnLooks()
  await setMeta('device', device({ client_id: DEV }))
  await asked
  assert.equal(await meta('looks'), undefined)
})

test('a hand-over is news until four weeks after its day, and says whether it is still to come', () => {
  const of = (from: string, to = 'Cara Hughes') => ({ handover_id: 'h', to, from })
  const told = ['2026-11-23', '2026-11-22', '2026-11-01', '2026-10-25', '2026-10-24'].map((from) => handed(of(from), '2026-11-22'))
  assert.deepEqual(told, ['from', 'now', 'now', 'now', null])
  assert.equal(handed(of('2026-11-23', ''), '2026-11-22'), null)
})

test('what a pull says of a hand-over is kept, and once it was told it stays told', async () => {
  const body = { handover_id: 'h1', to: 'Cara Hughes', from: '2026-11-23' }
  const change = { seq: 5, kind: 'handover', id: 'h1', body }
  server.before = () => ({ body: { epoch: device().epoch, cursor: 'e.5', more: false, server_time: '2026-11-22T10:00:00.000Z', next_appointment: null, changes: [change] } })
  await pullChanges(device(), NO_SYNC, () => new Date('2026-11-22T10:00:00.000Z'))
  assert.deepEqual(await meta('handover'), body)
  await handedTold(body)
  assert.equal((await meta('settings'))?.handover_told, 'h1')
})
