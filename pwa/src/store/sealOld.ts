// Seals what an app before sealing wrote in the clear, some records at a time. Stopped anywhere, it goes on at the next
// start: each record says itself how it lies.
import { database, STORES } from './database.ts'
import { lying, put } from './records.ts'
import { isOld, seal } from './seal.ts'

const AT_ONCE = 50

/** Seal all that is not sealed yet. Returns how many there were. What is changed meanwhile is sealed by who changes it. */
export async function sealOld(): Promise<number> {
  if (!globalThis.crypto?.subtle) return 0
  const old = (await lying(STORES)).filter(({ store, key, record }) => isOld(store, key, record))
  const db = await database()
  for (let from = 0; from < old.length; from += AT_ONCE) {
    const some = old.slice(from, from + AT_ONCE)
    const puts = await Promise.all(some.map(async ({ store, key, record }) => ({ store, key, record: await seal(store, key, (record as { body: unknown }).body) })))
    const looks = some.map((one) => ({ store: one.store, key: one.key, found: [one] }))
    // One that was changed in between holds up its fifty: they go one by one.
    if (await put(db, stores(some), puts, looks)) continue
    for (const [at, look] of looks.entries()) await put(db, [look.store], [puts[at]!], [look])
  }
  return old.length
}

function stores(some: { store: (typeof STORES)[number] }[]): (typeof STORES)[number][] {
  return [...new Set(some.map(({ store }) => store))]
}
