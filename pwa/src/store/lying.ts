// Reading sealed records as they lie there.
import { database, type StoreName } from './database.ts'
import { open, openFront } from './sealed.ts'

/** A record as it lies there, sealed. */
export type Lying = { store: StoreName; key: string; record: unknown }

/** One record, or undefined. While the phone is locked: what lies in front of it. */
export async function read<T>(store: StoreName, key: string): Promise<T | undefined> {
  return openFront<T>(store, key, await (await database()).get(store, key))
}

/** All records of a store that can be read: while the phone is locked, none. */
export async function readAll<T>(store: StoreName): Promise<T[]> {
  return (await opened<T>(await lying([store]), openFront)).map(({ body }) => body)
}

/** Everything in some stores at one moment, as it lies there. */
export async function lying(stores: readonly StoreName[]): Promise<Lying[]> {
  const transaction = (await database()).transaction([...stores], 'readonly')
  return (await Promise.all(stores.map(async (name) => {
    const store = transaction.objectStore(name)
    const [keys, records] = await Promise.all([store.getAllKeys(), store.getAll()])
    return keys.map((key, n) => ({ store: name, key, record: records[n] }))
  }))).flat()
}

/** What of these can be read. */
export async function opened<T>(found: Lying[], way: typeof open = open): Promise<{ store: StoreName; key: string; body: T }[]> {
  const all = await Promise.all(found.map(({ store, key, record }) => way<T>(store, key, record)))
  return found.flatMap(({ store, key }, at) => (all[at] === undefined ? [] : [{ store, key, body: all[at] as T }]))
}
