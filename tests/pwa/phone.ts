// A phone for tests: a fresh database, a server that answers as told, and everything the app's actions need.
import '../../pwa/node_modules/fake-indexeddb/auto/index.mjs'
import { readFileSync } from 'node:fs'
import { wipe } from '../../pwa/src/store/database.ts'
import { setMeta, type Device } from '../../pwa/src/store/meta.ts'
import { contentHash } from '../../pwa/src/sync/canonical.ts'
import type { Revision } from '../../pwa/src/sync/wire.ts'

export const ANNA = '0193512a-7c00-7a11-8b22-00000000000a'
export const DEV = '0193512a-7c00-7a11-8b22-00000000000d'
export const ASSIGNMENT = '0193512a-7c00-7a11-8b22-0000000000a1'

export function vectors<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8')) as T
}

export const device = (parts: Partial<Device> = {}): Device => ({
  device_id: 'd-1', client_id: ANNA, epoch: 'e1', paired_at: '2026-11-22T09:00:00.000Z', display: 'browser',
  preferred_name: 'Anna', shared_phone: false, locked: false, revoked: null, ...parts,
})

/** A browser's local storage, over what the test looks into. */
export function storageOf(kept = new Map<string, string>()): Storage {
  return {
    getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key), clear: () => kept.clear(),
  } as unknown as Storage
}

/** An empty database that belongs to Anna. */
export async function freshPhone(): Promise<void> {
  await wipe()
  await setMeta('device', device())
}

export type Call = { path: string; body: any }
type Told = { status?: number; body?: unknown; headers?: Record<string, string>; html?: string } | 'no-network'

/** A server that keeps what is pushed. `before` may answer instead, once for each call it wants. */
export class Server {
  /** What it says of numbers at the end of a cycle. */
  counts: object = {}
  readonly stored = new Map<string, Revision>()
  readonly calls: Call[] = []
  changes: unknown[] = []
  before: (call: Call) => Told | undefined = () => undefined
  after: (call: Call) => Told | undefined = () => undefined

  constructor() {
    globalThis.fetch = (async (path: string, init: RequestInit) => this.#answer(String(path), init)) as typeof fetch
  }

  pushes(): Call[] {
    return this.calls.filter((call) => call.path.endsWith('/push'))
  }

  #answer(path: string, init: RequestInit): Response {
    const call = { path, body: init.body ? JSON.parse(String(init.body)) : null }
    this.calls.push(call)
    const instead = this.before(call)
    const told = instead ?? this.#usual(call)
    const late = instead ? undefined : this.after(call)
    return this.#response(late ?? told)
  }

  #usual({ path, body }: Call): Told {
    if (path.endsWith('/push')) {
      const results = body.revisions.map((revision: Revision) => {
        const known = this.stored.has(revision.revision_id)
        this.stored.set(revision.revision_id, revision)
        return { revision_id: revision.revision_id, content_hash: contentHash(revision), status: known ? 'duplicate' : 'stored' }
      })
      return { body: { batch_id: body.batch_id, epoch: 'e1', server_time: '', results } }
    }
    if (path.includes('/pull')) {
      return { body: { epoch: 'e1', cursor: 'c1', more: false, server_time: '', next_appointment: null, changes: this.changes }, headers: { ETag: '"1"' } }
    }
    if (path.endsWith('/contact')) return { body: { same: true, count: this.stored.size, ...this.counts } }
    return { status: 404, body: { code: 'missing', message: '', fields: {} } }
  }

  #response(told: Told): Response {
    if (told === 'no-network') throw new TypeError('Failed to fetch')
    if (told.html !== undefined) return new Response(told.html, { status: told.status ?? 200, headers: { 'Content-Type': 'text/html' } })
    const headers = { 'Content-Type': 'application/json', 'X-Sync-Protocol': '1', ...told.headers }
    return new Response(JSON.stringify(told.body), { status: told.status ?? 200, headers })
  }
}

/** An answer for the walking task, ready to save. */
export const doneToday = (slot = '2026-11-22#1') => ({
  subject: { kind: 'answer' as const, assignment_id: ASSIGNMENT, slot }, payload: { answer: 'done' }, medium: 'said' as const,
})
export const anna = { now: new Date('2026-11-22T10:00:00.000Z'), zone: 'Europe/London', owner: ANNA, appVersion: '0.1.0' }
