// Own words for a reminder: sealed where they lie, shown by the worker, and gone when the phone is cleared.
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { storageOf } from './phone.ts'
import { forgetOwnWords, keepOwnWords, sealOldWords } from '../../pwa/src/store/ownWords.ts'
import { FIRST_SETTINGS } from '../../pwa/src/store/kinds.ts'
import { chooseOnlineOnly } from '../../pwa/src/store/online.ts'

const kept = new Map<string, string>()
const handlers: { [name: string]: (event: object) => void } = {}
const shown: string[] = []
/** Milliseconds that the next writes take. */
let slow: number[] = []
Object.assign(globalThis, {
  self: globalThis,
  addEventListener: (name: string, handler: (event: object) => void) => void (handlers[name] = handler),
  registration: { showNotification: async (_: string, { body }: { body: string }) => void shown.push(body) },
  caches: {
    open: async () => ({
      match: async (at: string) => (kept.has(at) ? new Response(kept.get(at)) : undefined),
      put: async (at: string, answer: Response) => {
        await new Promise((done) => setTimeout(done, slow.shift() ?? 0))
        kept.set(at, await answer.text())
      },
      delete: async (at: string) => kept.delete(at),
    }),
    delete: async () => kept.clear(),
  },
  localStorage: storageOf(),
})
await import('../../pwa/src/sw.ts')
const MINE = { ...FIRST_SETTINGS.reminder, level: 2 as const, words: 'Tea and a walk' }

/** What a reminder shows that comes now. */
async function reminded(): Promise<string> {
  const work: Promise<unknown>[] = []
  handlers['push']!({ waitUntil: (one: Promise<unknown>) => void work.push(one), data: { json: () => ({ notification: { body: 'You have a reminder' } }) } })
  await Promise.all(work)
  return shown.at(-1)!
}

beforeEach(async () => {
  chooseOnlineOnly(null)
  await forgetOwnWords()
})

test('own words lie sealed under a key that cannot be read out, and the worker shows them', async () => {
  await keepOwnWords(MINE)
  const [lying] = [...kept.values()]
  assert.ok(lying && !lying.includes('Tea') && !lying.includes('words'))
  const { box } = JSON.parse(lying) as { box: number[] }
  assert.ok(!String.fromCharCode(...box).includes('Tea'))
  assert.equal(await reminded(), 'Tea and a walk')
  const db = await new Promise<IDBDatabase>((resolve) => { const asked = indexedDB.open('meantime-own'); asked.onsuccess = () => resolve(asked.result) })
  const key = await new Promise<CryptoKey>((resolve) => { const asked = db.transaction('keys').objectStore('keys').get('own'); asked.onsuccess = () => resolve(asked.result as CryptoKey) })
  db.close()
  assert.equal(key.extractable, false)
})

test('two tabs that seal at once leave words that open', async () => {
  slow = [50]
  await Promise.all([keepOwnWords(MINE), keepOwnWords({ ...MINE, words: 'A bath' })])
  assert.ok(['Tea and a walk', 'A bath'].includes(await reminded()))
})

for (const [whose, seal] of [['the words of this app', () => keepOwnWords(MINE)], ['those an older app left', sealOldWords]] as const) {
  test(`${whose}, taken away while they are being sealed, stay away`, async () => {
    kept.set('/own-words', JSON.stringify({ v: 0, body: { level: 2, words: 'Tea and a walk' } }))
    slow = [50]
    const sealing = seal()
    await new Promise((done) => setTimeout(done, 20))
    await Promise.all([sealing, forgetOwnWords()])
    assert.deepEqual([kept.size, await reminded()], [0, 'You have a reminder'])
  })
}

test('what an older app left in the clear is shown, sealed at the next opening, and nowhere in the clear any more', async () => {
  kept.set('/own-words', JSON.stringify({ v: 0, body: { level: 2, words: 'Tea and a walk' } }))
  assert.equal(await reminded(), 'Tea and a walk')
  await sealOldWords()
  assert.ok(![...kept.values()].join().includes('Tea'))
  assert.equal(await reminded(), 'Tea and a walk')
})

test('they are gone where they are not wanted, where the phone is cleared, and where it keeps nothing', async () => {
  for (const gone of [() => keepOwnWords({ ...MINE, level: 1 }), () => forgetOwnWords(), () => (chooseOnlineOnly(true), keepOwnWords(MINE))]) {
    chooseOnlineOnly(null)
    await keepOwnWords(MINE)
    await gone()
    assert.deepEqual([kept.size, await reminded()], [0, 'You have a reminder'])
    await new Promise((done) => setTimeout(done, 20))
    assert.ok(!(await indexedDB.databases()).some(({ name }) => name === 'meantime-own'))
  }
})
