// Reading and writing sealed records: strict, all or nothing, and "done" only when the transaction is complete.
import { changed } from './changes.ts'
import { database, StoreTrouble, type StoreName } from './database.ts'
import { open, seal } from './sealed.ts'

export type Write = { store: StoreName; key: string; body: unknown } | { store: StoreName; key: string; remove: true }

/** Nothing was written: the phone has no room left, or gave up. The caller keeps what it has on screen. */
export class NotSaved extends Error {
  readonly full: boolean
  constructor(full: boolean, cause: unknown) {
    super(full ? 'full' : 'aborted', { cause })
    this.full = full
  }
}

/** One record, or undefined. */
export async function read<T>(store: StoreName, key: string): Promise<T | undefined> {
  return open<T>(await (await database()).get(store, key))
}

/** All records of a store that can be read. */
export async function readAll<T>(store: StoreName): Promise<T[]> {
  const records = await (await database()).getAll(store)
  return records.map((record) => open<T>(record)).filter((body) => body !== undefined)
}

/** Write some records in one strict transaction, then tell every open screen. */
export async function write(writes: Write[]): Promise<void> {
  if (writes.length === 0) return
  await inOne([...new Set(writes.map((one) => one.store))], async (_, change) => {
    writes.forEach(change)
  })
}

/** Read, decide and write in one strict transaction over `stores`. `decide` may wait only for `get` and `all`. */
export async function inOne<T>(
  stores: StoreName[],
  decide: (
    reading: { get<R>(store: StoreName, key: string): Promise<R | undefined>; all<R>(store: StoreName): Promise<R[]> },
    change: (write: Write) => void,
  ) => Promise<T>,
): Promise<T> {
  const db = await database()
  let failure: () => DOMException | null = () => null
  try {
    const transaction = db.transaction(stores, 'readwrite', { durability: 'strict' })
    failure = () => transaction.error
    const writing: Promise<unknown>[] = []
    const reading = {
      get: async <R>(store: StoreName, key: string) => open<R>(await transaction.objectStore(store).get(key)),
      all: async <R>(store: StoreName) =>
        (await transaction.objectStore(store).getAll()).map((record) => open<R>(record)).filter((body) => body !== undefined),
    }
    const change = (one: Write) => {
      const into = transaction.objectStore(one.store)
      writing.push('remove' in one ? into.delete(one.key) : into.put(seal(one.body), one.key))
    }
    // A failed request rejects here and aborts the transaction; `done` settles on complete or abort, never earlier.
    const finished = transaction.done
    finished.catch(() => {})
    const result = await decide(reading, change)
    await Promise.all([...writing, finished])
    if (writing.length > 0) changed(stores)
    return result
  } catch (error) {
    if (error instanceof StoreTrouble) throw error
    // A full phone aborts the transaction: its requests say only "aborted", the transaction says why.
    const names = [(error as Error)?.name, failure()?.name]
    throw new NotSaved(names.includes('QuotaExceededError'), error)
  }
}
