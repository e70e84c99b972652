// Writing sealed records: strict, all or nothing, and "done" only when the transaction is complete.
// A transaction does not wait for a cipher. So what is read is opened, decided upon and sealed first; then one strict
// transaction writes it, if what was read still lies there as it did; else all of it is done again.
import { changed } from './changes.ts'
import { database, StoreTrouble, type Database, type StoreName } from './database.ts'
import { Locked } from './keys.ts'
import { lying, opened, type Lying } from './lying.ts'
import { onlineOnly } from './online.ts'
import { isSameState, seal } from './seal.ts'
import { open, type Sealed } from './sealed.ts'
import { betweenTabs } from './tabs.ts'

export * from './lying.ts'

export type Write = { store: StoreName; key: string; body: unknown } | { store: StoreName; key: string; remove: true }
type Look = { store: StoreName; key?: string; found: Lying[] }

const TRIES = 30
const WRITING = 'meantime-writing'
let turn: Promise<unknown> = Promise.resolve()

/** Nothing was written: the phone has no room left, or gave up. The caller keeps what it has on screen. */
export class NotSaved extends Error {
  readonly full: boolean
  constructor(full: boolean, cause: unknown) {
    super(full ? 'full' : 'aborted', { cause })
    this.full = full
  }
}

/** Write some records in one strict transaction, then tell every open screen. */
export async function write(writes: Write[]): Promise<void> {
  if (writes.length === 0) return
  await inOne([...new Set(writes.map((one) => one.store))], async (_, change) => {
    writes.forEach(change)
  })
}

export type Reading = { get<R>(store: StoreName, key: string): Promise<R | undefined>; all<R>(store: StoreName): Promise<R[]> }
type Decide<T> = (reading: Reading, change: (write: Write) => void) => Promise<T>

/** Read, decide and write in one strict transaction over `stores`. `decide` may run more than once: it only reads and says what to change. */
export async function inOne<T>(stores: StoreName[], decide: Decide<T>): Promise<T> {
  const here = onlineOnly() === 'chosen'
  // One after another in this tab: only other tabs can come in between.
  const mine = turn.then(() => betweenTabs(WRITING, async () => {
    // What was saved on the phone must not end in memory, nor the other way round.
    if ((onlineOnly() === 'chosen') !== here) throw new NotSaved(false, new Error('meanwhile it was chosen where things are kept'))
    return untilUndisturbed(stores, decide)
  }, 'shared')).catch((error: unknown) => {
    if (error instanceof StoreTrouble || error instanceof Locked || error instanceof NotSaved) throw error
    throw new NotSaved(false, error)
  })
  turn = mine.catch(() => {})
  return mine
}

/** Do something while no tab writes. `work` itself writes nothing by `inOne`, for that would wait for it. */
export function whileNobodyWrites<T>(work: () => Promise<T>): Promise<T> {
  const mine = turn.then(() => betweenTabs(WRITING, work))
  turn = mine.catch(() => {})
  return mine
}

async function untilUndisturbed<T>(stores: StoreName[], decide: Decide<T>): Promise<T> {
  for (let tries = 0; tries < TRIES; tries++) {
    const looks: Look[] = []
    const changes = new Map<string, Write>()
    const result = await decide(readingOf(looks, changes), (one) => changes.set(`${one.store}/${one.key}`, one))
    if (changes.size === 0) return result
    const sealed = await Promise.all([...changes.values()].map(async (one) => ({
      store: one.store, key: one.key, record: 'remove' in one ? null : await seal(one.store, one.key, one.body),
    })))
    if (!await put(await database(), stores, sealed, looks)) continue
    changed(stores)
    return result
  }
  throw new NotSaved(false, new Error('another tab never stopped writing'))
}

/** Reads what lies there, over it what was decided just now, and remembers what was looked at. */
function readingOf(looks: Look[], changes: Map<string, Write>): Reading {
  return {
    get: async <R>(store: StoreName, key: string) => {
      const over = changes.get(`${store}/${key}`)
      if (over) return 'remove' in over ? undefined : over.body as R
      const record = await (await database()).get(store, key)
      looks.push({ store, key, found: [{ store, key, record }] })
      return open<R>(store, key, record)
    },
    all: async <R>(store: StoreName) => {
      const found = await lying([store])
      looks.push({ store, found })
      const bodies = new Map((await opened<R>(found)).map(({ key, body }) => [key, body]))
      for (const over of changes.values()) {
        if (over.store !== store) continue
        if ('remove' in over) bodies.delete(over.key)
        else bodies.set(over.key, over.body as R)
      }
      return [...bodies.values()]
    },
  }
}

/** All of it in one strict transaction; false, and nothing, if what was looked at is not as it was. */
export async function put(db: Database, stores: StoreName[], puts: Lying[], looks: Look[]): Promise<boolean> {
  const transaction = db.transaction(stores, 'readwrite', { durability: 'strict' })
  // `done` settles on complete or abort, never earlier.
  const finished = transaction.done
  finished.catch(() => {})
  try {
    const same = await Promise.all(looks.map(async ({ store, key, found }) => {
      const into = transaction.objectStore(store)
      const now = key === undefined ? await into.getAll() : [await into.get(key)]
      return now.length === found.length && now.every((record, at) => isSameState(record, found[at]!.record))
    }))
    if (same.includes(false)) {
      transaction.abort()
      return false
    }
    const writing = puts.map(({ store, key, record }) => {
      const into = transaction.objectStore(store)
      const asked: Promise<unknown> = record === null ? into.delete(key) : into.put(record as Sealed, key)
      asked.catch(() => {})
      return asked
    })
    await Promise.all([...writing, finished])
    return true
  } catch (error) {
    // A full phone aborts the transaction: its requests say only "aborted", the transaction says why.
    const names = [(error as Error)?.name, transaction.error?.name]
    // What cannot even be asked for leaves the rest waiting to be written.
    if (!transaction.error) try { transaction.abort() } catch { /* it is over already */ }
    throw new NotSaved(names.includes('QuotaExceededError'), error)
  }
}
