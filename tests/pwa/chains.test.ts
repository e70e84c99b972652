// Chains of changes by one person on one phone, some of whose ids are taken at the service: by another thing, or by what was
// changed on the way. Whatever came of it, nothing written is lost, and no thing is said to have two states.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ANNA, anna, ASSIGNMENT, freshPhone } from './phone.ts'
import { following } from '../../pwa/src/actions/changeEntry.ts'
import { cycle } from '../../pwa/src/actions/cycle.ts'
import { entries } from '../../pwa/src/actions/historyView.ts'
import { meta } from '../../pwa/src/store/meta.ts'
import { revisionsOf, save } from '../../pwa/src/store/revisions.ts'
import { contentHash } from '../../pwa/src/sync/canonical.ts'
import { digest } from '../../pwa/src/sync/digest.ts'
import { heads, type Kept } from '../../pwa/src/sync/kept.ts'
import type { Revision } from '../../pwa/src/sync/wire.ts'

const SEEDS = Number(process.env.CHAIN_SEEDS ?? 40)
const FIRST = Number(process.env.CHAIN_FIRST ?? 1)
const STEPS = 14
const subject = { kind: 'entry' as const, assignment_id: ASSIGNMENT }
const said = (revision: Revision) => String((revision.payload.answers as { words?: string } | undefined)?.words ?? '')

/** Numbers from 0 to 1 out of one seed. */
function chance(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** What the service does with a batch (server/entries/actions.py), told to this one phone, over a network that spoils things. */
class Spoiling {
  readonly stored = new Map<string, { revision: Revision; hash: string; seq: number; own: boolean }>()
  readonly aside: Revision[] = []
  calm = false
  readonly #next: () => number
  readonly #seen = new Set<string>()

  constructor(next: () => number) {
    this.#next = next
    globalThis.fetch = (async (path: string, init: RequestInit) => this.#answer(String(path), init)) as typeof fetch
  }

  /** What nothing else of the same entry follows. */
  heads(): Revision[] {
    const all = [...this.stored.values()].map(({ revision }) => revision)
    return all.filter((one) => !all.some(({ entry_id, parents }) => entry_id === one.entry_id && parents.includes(one.revision_id)))
  }

  #happens(probability: number): boolean {
    return !this.calm && this.#next() < probability
  }

  #answer(path: string, init: RequestInit): Response {
    const body = init.body ? JSON.parse(String(init.body)) : null
    if (path.endsWith('/push')) {
      const results = body.revisions.map((revision: Revision) => this.#take(revision))
      if (this.#happens(0.15)) throw new TypeError('Failed to fetch')
      const told = results.map((one: object) => (this.#happens(0.15) ? { ...one, content_hash: 'spoilt' } : one)).filter(() => !this.#happens(0.1))
      return answer({ batch_id: body.batch_id, epoch: 'e1', results: told })
    }
    if (path.includes('/pull')) return this.#pull(new URL(path, 'http://phone').searchParams.get('cursor')!)
    if (!path.endsWith('/contact')) return answer({ code: 'not-found' }, 404)
    const ids = [...this.stored.keys()]
    const same = digest(ids).sha256 === body.digest.sha256
    const here = new Set<string>(body.ids ?? [])
    const lists = { missing_here: ids.filter((id) => !here.has(id)), missing_there: [...here].filter((id) => !this.stored.has(id)) }
    return answer({ same, count: ids.length, ...(!same && body.ids && lists) })
  }

  /** Stored, a duplicate, or aside: words that are pushed for the first time may find their id taken, or be changed on the way. */
  #take(pushed: Revision): object {
    let revision = pushed
    if (!this.#seen.has(said(pushed))) {
      if (this.#happens(0.1)) this.#put({ ...pushed, entry_id: pushed.revision_id, parents: [], payload: { answers: { words: 'of another thing' }, kept: false } }, false)
      else if (this.#happens(0.15)) revision = { ...pushed, payload: { answers: { words: 'changed on the way' }, kept: false } }
    }
    this.#seen.add(said(pushed))
    const [revision_id, content_hash] = [revision.revision_id, contentHash(revision)]
    const known = this.stored.get(revision_id)
    if (!known) this.#put(revision, true)
    const status = !known ? 'stored' : known.hash === content_hash ? 'duplicate' : 'quarantined'
    if (status === 'quarantined') this.aside.push(revision)
    return { revision_id, content_hash, status, ...(status === 'quarantined' && { code: 'id-reused' }) }
  }

  #put(revision: Revision, own: boolean): void {
    this.stored.set(revision.revision_id, { revision, hash: contentHash(revision), seq: this.stored.size + 1, own })
  }

  #pull(cursor: string): Response {
    if (this.#happens(0.15)) throw new TypeError('Failed to fetch')
    const changes = [...this.stored.values()].filter(({ seq }) => seq > Number(cursor || 0)).map(({ revision, hash, seq, own }) => ({
      seq, kind: 'revision', id: revision.revision_id,
      body: { revision, content_hash: hash, received_at: '2026-11-22T10:00:00.000Z', saved_at: revision.created_at, order: seq, mine: own, device: own ? 'd-1' : null, staff: false },
    }))
    return answer({ epoch: 'e1', cursor: String(this.stored.size), more: false, server_time: '', next_appointment: null, changes })
  }
}

function answer(body: object, status = 200): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json', 'X-Sync-Protocol': '1' } })
}

/** One story: a person who never uses two devices writes, changes, and leaves pages open; the network spoils things; then it does not. */
async function story(seed: number): Promise<void> {
  await freshPhone()
  const next = chance(seed)
  const server = new Spoiling(next)
  let minute = 0
  const now = () => new Date(Date.UTC(2026, 10, 22, 9, minute))
  const run = () => cycle(now, () => 0.5, true)
  const wrote = new Set<string>()
  const shown = new Map<string, string>()
  let page: ReturnType<typeof following> | null = null
  const write = async (from: ReturnType<typeof following> | null) => {
    const words = `own ${wrote.size + 1}`
    wrote.add(words)
    const kept = await save({ subject, ...from, payload: { answers: { words }, kept: false } }, { ...anna, now: now() })
    shown.set(kept.revision.entry_id, words)
  }
  const own = async () => entries(await revisionsOf(ANNA)).map((states) => states[0]!).filter(({ revision }) => shown.has(revision.entry_id))
  for (let step = 0; step < STEPS; step++) {
    minute += 1
    const what = next()
    const here: Kept[] = await own()
    if (what < 0.15 || here.length === 0) await write(null)
    else if (what < 0.4) await run()
    else if (what < 0.55) page = following(here[Math.floor(next() * here.length)]!)
    else if (page) {
      await write(page)
      page = null
    } else await write(following(here[Math.floor(next() * here.length)]!))
  }
  // The page that is still open is saved last of all: what happened to what it shows meanwhile, nobody told it.
  if (page) await run()
  if (page) await write(page)
  server.calm = true
  for (let round = 0; round < 6; round++) await run()
  const all = await revisionsOf(ANNA)
  const [there, here] = [server.heads(), heads(all)].map((some) => {
    const states = some.map((one) => ('revision' in one ? one.revision : one))
    return [...shown.keys()].map((id) => states.filter(({ entry_id }) => entry_id === id).map(said))
  })
  const wanted = [...shown.values()].map((words) => [words])
  assert.deepEqual(there, wanted, `seed ${seed}: what the service shows of each`)
  assert.deepEqual(here, wanted, `seed ${seed}: what the phone shows of each`)
  const arrived = new Set([...server.stored.values()].map(({ revision }) => said(revision)))
  assert.deepEqual([...wrote].filter((words) => !arrived.has(words)), [], `seed ${seed}: what never arrived`)
  assert.deepEqual(all.filter(({ state }) => state !== 'sent').map(({ state }) => state), [], `seed ${seed}: all is sent`)
  assert.deepEqual(digest(all.map(({ revision }) => revision.revision_id)), digest([...server.stored.keys()]), `seed ${seed}: both hold the same`)
  // Each number came: with what was stored, or with what was put aside because its id was taken.
  const numbers = new Set([...server.aside, ...[...server.stored.values()].filter((one) => one.own).map(({ revision }) => revision)].map((one) => one.device_seq))
  const made = (await meta('device_seq')) ?? 0
  assert.deepEqual([...Array(made).keys()].filter((number) => !numbers.has(number + 1)), [], `seed ${seed}: numbers that never came`)
}

// 616: what took the place of a taken one was itself rewritten while the service had it already.
const seeds = [...Array.from({ length: SEEDS }, (_, at) => FIRST + at), 616]
for (const seed of new Set(seeds)) test(`chain ${seed}: one person, one phone, one state of each thing, and all of it there`, () => story(seed))
