// What the service put aside, or did not take, is given back to one that was restored: its copy may lack it, or know better.
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { ANNA, anna, doneToday, freshPhone, Server } from './phone.ts'
import { cycle } from '../../pwa/src/actions/cycle.ts'
import { meta } from '../../pwa/src/store/meta.ts'
import { revisionsOf, save } from '../../pwa/src/store/revisions.ts'
import { contentHash } from '../../pwa/src/sync/canonical.ts'

let server: Server
const run = () => cycle(() => new Date('2026-11-22T10:00:00.000Z'), () => 0.5, true)
const states = async () => (await revisionsOf(ANNA)).map(({ state }) => state)

beforeEach(async () => {
  await freshPhone()
  server = new Server()
})

/** Two saved, of which the service takes the second only. */
async function oneNotTaken(status: 'quarantined' | 'refused', code: string): Promise<string> {
  const { revision } = await save(doneToday('a#1'), anna)
  await save(doneToday('b#1'), anna)
  server.after = ({ path, body }) => path.endsWith('/push')
    ? { body: { batch_id: body.batch_id, epoch: 'e1', results: body.revisions.map((one: typeof revision) => ({
      revision_id: one.revision_id, content_hash: contentHash(one), ...(one.revision_id === revision.revision_id ? { status, code } : { status: 'stored' }) })) } }
    : undefined
  await run()
  server.after = () => undefined
  return revision.revision_id
}

for (const [status, code] of [['quarantined', 'unreadable'], ['quarantined', 'unknown-subject'], ['refused', 'not-yours']] as const) {
  test(`${status} as ${code}: a restored service gets it again, and it is sent once it is taken`, async () => {
    const id = await oneNotTaken(status, code)
    assert.deepEqual((await states()).sort(), [status, 'sent'].sort())
    server.stored.clear()
    let told = false
    server.before = ({ path }) => {
      if (told || !path.includes('/pull')) return undefined
      told = true
      return { status: 409, body: { code: 'epoch-changed', epoch: 'e2', message: '', fields: {} } }
    }
    for (let n = 0; n < 3; n++) await run()
    assert.equal((await meta('device'))?.epoch, 'e2')
    assert.ok(server.stored.has(id))
    assert.deepEqual(await states(), ['sent', 'sent'])
  })
}

test('what was put aside is not sent again while nothing was restored', async () => {
  const id = await oneNotTaken('quarantined', 'unreadable')
  server.calls.length = 0
  for (let n = 0; n < 3; n++) await run()
  const pushed = server.calls.filter(({ path }) => path.endsWith('/push')).flatMap(({ body }) => body.revisions.map((one: { revision_id: string }) => one.revision_id))
  assert.ok(!pushed.includes(id))
})
