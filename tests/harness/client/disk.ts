// What one phone keeps: IndexedDB and local storage, which outlive every tab, and what goes wrong with them.
import type { Chance, Loop } from './loop.ts'

type Storage = Record<string, any>
type Connection = any
type Transaction = any

/** The faults of a disk: `full` and `broken` stop what would be kept at its commit, `closed` keeps it from opening. */
export type DiskTrouble = { full: number; broken: number; closed: number }
export const NO_TROUBLE: DiskTrouble = { full: 0, broken: 0, closed: 0 }
const SLOWEST = 3 // milliseconds of one step of a transaction

export class Disk {
  trouble: DiskTrouble = NO_TROUBLE
  readonly local = new Map<string, string>()
  readonly api: Storage
  readonly hurt: (kind: 'full' | 'broken' | 'closed') => void
  readonly #factory: any
  readonly #loop: Loop
  readonly #chance: Chance
  #latest = 0
  /** As it was before the first write that nobody asked to be safe from a power cut. */
  #beforeUnsafe: Map<string, [unknown, unknown][]> | null = null

  constructor(start: (globals: Record<string, unknown>) => Storage, loop: Loop, chance: Chance, hurt: Disk['hurt']) {
    this.#loop = loop
    this.#chance = chance
    this.hurt = hurt
    const step = (run: () => void) => {
      // One after the other, as one disk does them.
      this.#latest = Math.max(this.#latest, loop.now + chance.next() * SLOWEST)
      loop.after(this.#latest - loop.now, run)
    }
    this.api = start({ globalThis: Object.assign(Object.create(globalThis), { setImmediate: step }), setImmediate: step, console, Math, Date })
    this.#factory = new this.api.FDBFactory()
    this.#hookCommits()
  }

  /** Open or delete, as the tab `mine` does; each connection is told to it. */
  open(name: string, version: number | undefined, opened: (connection: Connection) => void): unknown {
    if (this.#chance.happens(this.trouble.closed)) return this.#notOpened()
    const request = version === undefined ? this.#factory.open(name) : this.#factory.open(name, version)
    for (const told of ['upgradeneeded', 'success']) request.addEventListener(told, () => opened(request.result))
    return request
  }

  delete(name: string): unknown {
    return this.#factory.deleteDatabase(name)
  }

  /** The keys a store holds now, committed or about to be. */
  keys(store: string): Set<string> {
    const records = this.#raw()?.rawObjectStores.get(store)?.records
    return new Set(records ? [...records.values()].map((record: any) => record.key) : [])
  }

  /** A tab is gone: what it had not committed never happened, or, when all was said, may have. */
  cut(connection: Connection): void {
    for (const transaction of [...connection._rawDatabase.transactions] as Transaction[]) {
      if (transaction.db !== connection || transaction._state === 'finished') continue
      const unsaid = transaction._requests.some(({ request }: any) => request.readyState !== 'done')
      if (!unsaid && transaction._started && transaction.mode === 'readwrite' && this.#chance.happens(0.5)) transaction._start()
      else transaction._abort('AbortError')
    }
    connection.close()
  }

  /** The battery is out: writes that did not ask to be strict may not have reached the disk. */
  powerLost(): void {
    const raw = this.#raw()
    for (const [store, records] of this.#beforeUnsafe ?? []) {
      const into = raw?.rawObjectStores.get(store)?.records
      if (!into) continue
      into.clear()
      for (const [key, value] of records) into.put({ key, value })
    }
    this.#beforeUnsafe = null
  }

  /** The backup of one phone, put onto another. */
  copyOf(other: Disk): void {
    this.clear()
    for (const [key, value] of other.local) this.local.set(key, value)
    this.becomes(other.#raw().version, other.records())
  }

  /** Every record, by store. */
  records(): Record<string, [string, unknown][]> {
    const stores = [...this.#raw().rawObjectStores] as [string, any][]
    return Object.fromEntries(stores.map(([name, { records }]) => [name, [...records.values()].map(({ key, value }: any) => [key, structuredClone(value)])]))
  }

  /** As an app of that version of the database left it. */
  becomes(version: number, stores: Record<string, [string, unknown][]>): void {
    const of = this.api
    const fresh = new of.Database('meantime', version)
    for (const [name, records] of Object.entries(stores)) {
      const store = new of.ObjectStore(fresh, name, null, false)
      for (const [key, value] of records) store.records.put({ key, value })
      fresh.rawObjectStores.set(name, store)
    }
    this.#factory._databases.set('meantime', fresh)
  }

  /** All site data cleared, by the person or by the browser. */
  clear(): void {
    this.#factory._databases.clear()
    this.local.clear()
    this.#beforeUnsafe = null
  }

  #raw(): any {
    return this.#factory._databases.get('meantime')
  }

  #notOpened(): unknown {
    this.hurt('closed')
    const request = new this.api.FDBOpenDBRequest()
    this.#loop.after(5, () => {
      request.readyState = 'done'
      request.error = new DOMException('Internal error', 'UnknownError')
      const event = new this.api.FakeEvent('error', { bubbles: true, cancelable: true })
      event.eventPath = []
      request.dispatchEvent(event)
    })
    return request
  }

  /** Chrome says that a phone is full only by the abort of a transaction whose every request succeeded. */
  #hookCommits(): void {
    const { FDBTransaction, FDBDatabase } = this.api
    const disk = this
    const start = FDBTransaction.prototype._start
    FDBTransaction.prototype._start = function (this: Transaction) {
      const writes = this.mode === 'readwrite' && this._rollbackLog.length > 0
      const atItsEnd = this._state !== 'finished' && !this._requests.some(({ request }: any) => request.readyState !== 'done')
      if (writes && atItsEnd && disk.#chance.happens(disk.trouble.full)) {
        disk.hurt('full')
        this._abort('QuotaExceededError')
      } else if (writes && atItsEnd && disk.#chance.happens(disk.trouble.broken)) {
        disk.hurt('broken')
        this._abort('UnknownError')
      } else start.call(this)
    }
    const transaction = FDBDatabase.prototype.transaction
    FDBDatabase.prototype.transaction = function (this: Connection, names: unknown, mode: string, options?: { durability?: string }) {
      if (mode === 'readwrite' && options?.durability !== 'strict') disk.#beforeUnsafe ??= disk.#copied()
      return transaction.call(this, names, mode, options)
    }
  }

  #copied(): Map<string, [unknown, unknown][]> {
    const stores = [...(this.#raw()?.rawObjectStores ?? [])] as [string, any][]
    return new Map(stores.map(([name, { records }]) => [name, [...records.values()].map((one: any) => [one.key, one.value])]))
  }
}
