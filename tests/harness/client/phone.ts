// A phone: its disk, its network, its clock, and the tabs in which the shipped app runs until it is killed.
import { Disk } from './disk.ts'
import { Network } from './network.ts'
import type { Chance, Loop } from './loop.ts'
import type { Globals } from './program.ts'
import type * as App from './app.ts'

type Program = { app: (globals: Partial<Globals>) => typeof App; storage: (globals: Record<string, unknown>) => Record<string, any> }
type Listener = (event: unknown) => void
type Lock = { tab: Tab; done: boolean }

/** One phone. `skew`: how far its clock is from the true one. `locks`: whether its browser knows Web Locks. */
export class Phone {
  skew = 0
  readonly tabs: Tab[] = []
  readonly disk: Disk
  readonly network: Network
  readonly locks: Map<string, Lock> | null
  readonly program: Program
  readonly loop: Loop
  readonly chance: Chance
  readonly name: string

  constructor(name: string, program: Program, loop: Loop, chance: Chance, counted: Record<string, number>) {
    this.name = name
    this.program = program
    this.loop = loop
    this.chance = chance
    this.disk = new Disk(program.storage, loop, chance, (kind) => (counted[`disk_${kind}`] = (counted[`disk_${kind}`] ?? 0) + 1))
    this.network = new Network(loop, chance, counted)
    this.locks = chance.happens(0.7) ? new Map() : null
  }

  now(): number {
    return this.loop.now + this.skew
  }

  open(visible = true): Tab {
    const tab = new Tab(this, visible)
    this.tabs.push(tab)
    void tab.app.keepInStep()
    return tab
  }

  kill(tab: Tab): void {
    tab.die()
    this.tabs.splice(this.tabs.indexOf(tab), 1)
  }

  killAll(): void {
    for (const tab of [...this.tabs]) this.kill(tab)
  }

  online(yes: boolean): void {
    const back = yes && !this.network.online
    this.network.online = yes
    if (back) for (const tab of this.tabs) tab.tell('online')
  }
}

/** One tab with an instance of the app. A dead one can do nothing more: nothing it says reaches disk, network or clock. */
export class Tab {
  alive = true
  visible: boolean
  readonly app: typeof App
  readonly phone: Phone
  readonly #listeners = new Map<string, Listener[]>()
  readonly #connections = new Set<any>()
  #channel: { onmessage: Listener | null } | null = null

  constructor(phone: Phone, visible: boolean) {
    this.phone = phone
    this.visible = visible
    this.app = phone.program.app(this.#globals())
  }

  /** Whether this tab is the one that sends. */
  get sends(): boolean {
    return [...(this.phone.locks ?? [])].some(([, lock]) => lock.tab === this)
  }

  /** An event of the window or the document. */
  tell(name: string): void {
    for (const listener of this.#listeners.get(name) ?? []) listener({ type: name })
  }

  show(visible: boolean): void {
    if (this.visible === visible) return
    this.visible = visible
    this.tell('visibilitychange')
  }

  die(): void {
    this.alive = false
    for (const connection of this.#connections) this.phone.disk.cut(connection)
    for (const [name, lock] of this.phone.locks ?? []) if (lock.tab === this) this.phone.locks!.delete(name)
  }

  #globals(): Partial<Globals> {
    const { phone } = this
    const { api } = phone.disk
    const Clock = clockOf(() => phone.now())
    const window = {
      indexedDB: this.#indexedDB(), IDBDatabase: api.FDBDatabase, IDBObjectStore: api.FDBObjectStore, IDBIndex: api.FDBIndex,
      IDBCursor: api.FDBCursor, IDBTransaction: api.FDBTransaction, IDBRequest: api.FDBRequest, IDBKeyRange: api.FDBKeyRange,
      fetch: (path: string, init: RequestInit) => phone.network.fetch(path, init, () => this.alive),
      setTimeout: (run: () => void, delay = 0) => this.#later(run, delay),
      clearTimeout: (timer: any) => timer && phone.loop.cancel(timer),
      setInterval: () => 0, clearInterval: () => {},
      Date: Clock, Math: mathOf(phone.chance), crypto: this.#crypto(), navigator: this.#navigator(),
      document: { addEventListener: this.#listen, visibilityState: 'visible', querySelector: () => null },
      addEventListener: this.#listen, removeEventListener: () => {},
      localStorage: storage(phone.disk.local, () => this.alive), sessionStorage: storage(new Map(), () => this.alive),
      BroadcastChannel: this.#channels(), matchMedia: () => ({ matches: false }), location: { hash: '', origin: 'http://localhost' },
      console: { ...console, error: () => {}, warn: () => {} },
    }
    Object.defineProperty(window.document, 'visibilityState', { get: () => (this.visible ? 'visible' : 'hidden') })
    return { ...window, globalThis: window, window, self: window }
  }

  readonly #listen = (name: string, listener: Listener) => {
    this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), listener])
  }

  #later(run: () => void, delay: number, ready?: Promise<unknown>) {
    return this.alive ? this.phone.loop.after(delay, () => this.alive && run(), ready) : null
  }

  #indexedDB() {
    const opened = (connection: any) => {
      this.#connections.add(connection)
      if (!this.alive) this.phone.disk.cut(connection)
    }
    const silent = () => new this.phone.disk.api.FDBOpenDBRequest()
    return {
      open: (name: string, version?: number) => (this.alive ? this.phone.disk.open(name, version, opened) : silent()),
      deleteDatabase: (name: string) => (this.alive ? this.phone.disk.delete(name) : silent()),
    }
  }

  #navigator() {
    return { userAgent: 'Android', maxTouchPoints: 5, ...(this.phone.locks && { locks: { request: this.#lock } }) }
  }

  /** Web Locks, as far as the app uses them: one holder, and nobody waits. */
  readonly #lock = (name: string, _: unknown, work: (lock: object | null) => Promise<unknown>) => {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    this.#later(() => {
      const locks = this.phone.locks!
      if (locks.has(name)) return void work(null).then(resolve, reject)
      const held = { tab: this, done: false }
      locks.set(name, held)
      const free = () => locks.get(name) === held && locks.delete(name)
      work({ name }).finally(free).then(resolve, reject)
    }, 1)
    return promise
  }

  #channels() {
    const { phone } = this
    const tab = this
    return class {
      onmessage: Listener | null = null
      constructor() {
        tab.#channel = this
      }
      postMessage(data: unknown) {
        if (!tab.alive) return
        for (const other of phone.tabs) if (other !== tab) other.#later(() => other.#channel?.onmessage?.({ data }), 1)
      }
    }
  }

  /** Real cryptography with the seed's numbers; what takes real time arrives in the order of the simulated one. */
  #crypto() {
    const { chance } = this.phone
    const subtle = new Proxy(crypto.subtle, {
      get: (real, name: keyof SubtleCrypto) => (...all: unknown[]) => {
        const done = (real[name] as (...all: unknown[]) => Promise<unknown>).apply(real, all)
        const { promise, resolve } = Promise.withResolvers<unknown>()
        this.#later(() => resolve(done), 0.1, done)
        return promise
      },
    })
    const getRandomValues = (bytes: Uint8Array) => {
      for (let n = 0; n < bytes.length; n++) bytes[n] = chance.below(256)
      return bytes
    }
    return { subtle, getRandomValues }
  }
}

function clockOf(now: () => number): DateConstructor {
  return class extends Date {
    constructor(...given: unknown[]) {
      super(...((given.length === 0 ? [Math.floor(now())] : given) as [number]))
    }
    static override now(): number {
      return Math.floor(now())
    }
  } as unknown as DateConstructor
}

function mathOf(chance: Chance): Math {
  return Object.create(Math, { random: { value: () => chance.next() } }) as Math
}

function storage(kept: Map<string, string>, alive: () => boolean) {
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void (alive() && kept.set(key, String(value))),
    removeItem: (key: string) => void (alive() && kept.delete(key)),
    clear: () => void (alive() && kept.clear()),
  }
}
