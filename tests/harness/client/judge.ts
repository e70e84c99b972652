// What must be true whatever happened (trust.md A3, I1 to I9). A broken promise is written down, with its moment.
import { ask, type Answered, type Stored } from './server.ts'
import { contentHash } from '../../../pwa/src/sync/canonical.ts'
import type { Kept } from '../../../pwa/src/sync/kept.ts'
import type { Snapshot } from '../../../pwa/src/store/snapshot.ts'
import type { Loop } from './loop.ts'
import type { Phone, Tab } from './phone.ts'
import type { Request } from './network.ts'

export type Kind = 'loss' | 'duplicate' | 'stuck' | 'foreign' | 'back' | 'differ' | 'silent' | 'error'
export type Broken = { kind: Kind; what: string }
export type Told = { hash: string; owner: string; phone: Phone }
type Shown = { states: Map<string, Kept['state']>; owner: string; cursor: number; device: string | undefined }

/** So long, in milliseconds, may a phone need from hearing that something is missing until all that it holds says so. */
const PUTTING_RIGHT = 1_000
const RESENT = new Set(['pending', 'sending', 'needs_sign_in'])

export class Judge {
  readonly broken: Broken[] = []
  /** Every revision of which somebody was told that it is saved. */
  readonly told = new Map<string, Told>()
  /** Every revision that a phone has shown, or may show, as sent. */
  readonly sent = new Set<string>()
  /** Whose words each mark is in: each save has a mark of its own. */
  readonly marks: string[] = []
  /** Whose each assignment is. */
  readonly agreedWith = new Map<string, string>()
  readonly traced: string[] = []
  /** From a restore until the end, what was sent may be missing: phones bring it again. */
  restored = false
  readonly #shown = new Map<Phone, Shown>()
  /** Since when: a look while the phone puts it right is not the last that may show it. */
  readonly #mayResend = new Map<Phone, number>()
  /** Phones that were told of a restored server, and its epoch: they begin afresh, in some steps, until they are of it. */
  readonly #beginsAfresh = new Map<Phone, string>()
  readonly #loop: Loop

  constructor(loop: Loop) {
    this.#loop = loop
  }

  trace(what: string): void {
    this.traced.push(`${new Date(this.#loop.now).toISOString()} ${what}`)
  }

  breaks(kind: Kind, what: string): void {
    this.broken.push({ kind, what })
    this.trace(`BROKEN ${kind}: ${what}`)
  }

  /** Words nobody else writes. */
  mark(owner: string): string {
    this.marks.push(owner)
    return `«${this.marks.length - 1}»`
  }

  saved(kept: Kept, phone: Phone): void {
    const { revision, content_hash, owner } = kept
    this.told.set(revision.revision_id, { hash: content_hash, owner, phone })
    this.trace(`${phone.name} says saved ${revision.revision_id.slice(-6)} ${revision.subject.kind} ${revision.kind} seq ${revision.device_seq}`)
    if (contentHash(revision) !== content_hash) this.breaks('differ', `hash of ${revision.revision_id}`)
  }

  /** A phone heard an answer: who it is, what was acknowledged, what allows it to send again. */
  heard(phone: Phone, request: Request, answer: Answered): void {
    this.trace(`${phone.name} ${request.method} ${request.path.slice(0, 60)} → ${answer.status} ${answer.body.length}`)
    const body = parsed(answer.body)
    const paired = request.path.endsWith('/pair') && answer.status === 201
    // A new beginning, a restored server, a difference: then all is pulled again, or what is missing sent again.
    const missing = [body?.missing_there, body?.missing_here] as (unknown[] | undefined)[]
    // Signed out, it hears of it where it asks who it is.
    const toldEpoch = body?.code === 'epoch-changed' || (request.path.endsWith('/device') && answer.status === 200)
    if (toldEpoch && body?.epoch) this.#beginsAfresh.set(phone, String(body.epoch))
    if (paired || answer.status === 409 || missing.some((ids) => ids?.length)) this.#mayResend.set(phone, this.#loop.now)
    if (!request.path.endsWith('/push')) return
    const pushed = JSON.parse(request.body!) as { batch_id: string; revisions: Kept['revision'][] }
    if (answer.status !== 200 || answer.headers['x-sync-protocol'] !== '1' || body?.batch_id !== pushed.batch_id) return
    const hashes = new Map(pushed.revisions.map((one) => [one.revision_id, contentHash(one)]))
    for (const result of (body.results ?? []) as { revision_id: string; content_hash: string; status: string }[]) {
      const proven = hashes.get(result.revision_id) === result.content_hash
      if (!proven) continue
      if (['stored', 'duplicate', 'stored_conflict'].includes(result.status)) this.sent.add(result.revision_id)
      else if (result.status !== 'quarantined' || !this.#isAboutGone(pushed.revisions, result.revision_id)) this.breaks('silent', `${result.status} ${JSON.stringify(result)}`)
    }
  }

  /** It is about something that was agreed after the copy that was put back: then, and only then, it may be put aside. */
  #isAboutGone(revisions: Kept['revision'][], id: string): boolean {
    const about = revisions.find(({ revision_id }) => revision_id === id)?.subject.assignment_id ?? ''
    return this.agreedWith.has(about) && !ask<Stored>('stored').agreed.includes(about)
  }

  /** What a screen shows now, against what it showed before. */
  looked(tab: Tab, all: Snapshot): void {
    const { phone } = tab
    const owner = all.device?.client_id ?? ''
    for (const mark of JSON.stringify(all.revisions).matchAll(/«(\d+)»/g)) {
      if (this.marks[Number(mark[1])] !== owner) this.breaks('foreign', `${phone.name} shows the words of another person`)
    }
    for (const { assignment_id } of [...all.assignments, ...all.occurrences]) {
      if (this.agreedWith.get(assignment_id) !== owner) this.breaks('foreign', `${phone.name} holds what was agreed with another person`)
    }
    const states = new Map(all.revisions.map((kept) => [kept.revision.revision_id, kept.state]))
    const cursor = Number(all.sync.cursor.split('.').pop() || 0)
    const before = this.#shown.get(phone)
    if (all.unreadable > 0) this.breaks('loss', `${all.unreadable} records of ${phone.name} cannot be read`)
    if (before?.owner === owner && !this.#mayResend.has(phone) && !this.#beginsAfresh.has(phone)) {
      for (const [id, state] of before.states) {
        if (state === 'sent' && RESENT.has(states.get(id) ?? '')) this.breaks('back', `${phone.name} shows ${id} as unsent again`)
        if (state === 'sent' && !states.has(id)) this.breaks('back', `${phone.name} no longer shows ${id}`)
      }
      // One that has become another device since, by a code whose answer was lost, fetches all from the beginning.
      const sameDevice = before.device === all.device?.device_id
      if (sameDevice && cursor < before.cursor) this.breaks('back', `${phone.name} went back from ${before.cursor} to ${cursor}`)
    }
    if (this.#loop.now - (this.#mayResend.get(phone) ?? 0) >= PUTTING_RIGHT) this.#mayResend.delete(phone)
    if (this.#beginsAfresh.get(phone) === all.device?.epoch) this.#beginsAfresh.delete(phone)
    this.#shown.set(phone, { states, owner, cursor, device: all.device?.device_id })
    for (const [id, state] of states) if (state === 'sent') this.sent.add(id)
    for (const [id, one] of this.told) {
      if (one.phone === phone && one.owner === owner && !states.has(id)) this.breaks('loss', `${id} was saved on ${phone.name} and is not shown`)
    }
  }

  /** Forget what a phone showed: its data were cleared. */
  forgets(phone: Phone): void {
    this.#shown.delete(phone)
  }

  /** I1, I2, I3 as far as they can be seen from outside at any moment. */
  now(phones: Phone[]): void {
    const { hashes, words, whose, aside } = ask<Stored>('stored')
    const here = new Set(phones.flatMap((phone) => [...phone.disk.keys('revisions')]))
    const put = new Set(aside)
    if (put.size < aside.length) this.breaks('duplicate', `put aside ${aside.length} times, and is ${put.size}`)
    for (const id of this.sent) if (!(id in hashes) && !put.has(id) && !this.restored) this.breaks('loss', `${id} shows as sent and the server has not got it`)
    for (const [id, { hash, phone }] of this.told) {
      if (hashes[id] && hashes[id] !== hash) this.breaks('differ', `${id} is stored as something else`)
      if (!hashes[id] && !here.has(id)) this.breaks('loss', `${id} was saved on ${phone.name} and is nowhere`)
    }
    for (const [mark, owner] of Object.entries(whose)) {
      if (this.marks[Number(mark.slice(1, -1))] !== owner) this.breaks('foreign', `${mark} is stored with another person's`)
    }
    for (const [mark, ids] of Object.entries(words)) if (ids.length > 1) this.breaks('duplicate', `${mark} was saved once and is stored as ${ids.join(' ')}`)
  }

  /** After a restore: what the copy lacks and no phone holds is gone by rule; all else has to come back. */
  afterRestore(phones: Phone[]): number {
    const { hashes } = ask<Stored>('stored')
    const here = new Set(phones.flatMap((phone) => [...phone.disk.keys('revisions')]))
    const gone = [...new Set([...this.sent, ...this.told.keys()])].filter((id) => !(id in hashes) && !here.has(id))
    gone.forEach((id) => [this.sent.delete(id), this.told.delete(id)])
    this.restored = true
    return gone.length
  }

  /** At rest: nothing waits, and every replica of one person holds and shows the same. */
  atRest(looks: { phone: Phone; all: Snapshot; shown: Kept[][] }[]): void {
    this.restored = false
    const { hashes, heads, aside, agreed } = ask<Stored>('stored')
    const put = new Set(aside)
    for (const id of this.told.keys()) if (put.has(id) && id in hashes) this.breaks('duplicate', `${id} is stored, and put aside too`)
    for (const { phone, all, shown } of looks) {
      const waiting = all.revisions.filter(({ state, revision }) => state !== 'sent' && !(state === 'quarantined' && put.has(revision.revision_id)))
      if (waiting.length > 0) this.breaks('stuck', `${phone.name}: ${waiting.length} wait, as ${[...new Set(waiting.map(({ state }) => state))].join()}`)
      const theirs = ask<string[]>('ids', { client_id: all.device!.client_id })
      const ours = new Set(all.revisions.map(({ revision }) => revision.revision_id))
      const missing = theirs.filter((id) => !ours.has(id))
      if (missing.length > 0) this.breaks('differ', `${phone.name} lacks ${missing.length} of ${theirs.length}`)
      this.#agreesOnWork(phone, all, agreed)
      for (const [head] of shown) {
        const { entry_id, revision_id } = head!.revision
        if (heads[entry_id] && heads[entry_id] !== revision_id) this.breaks('differ', `${phone.name} shows another state of ${entry_id} than the server`)
      }
    }
    for (const [id] of this.told) if (!(id in hashes) && !put.has(id)) this.breaks('loss', `${id} was saved and never arrived`)
    for (const id of this.sent) if (!(id in hashes) && !put.has(id)) this.breaks('loss', `${id} showed as sent and is not stored`)
  }

  /** What is to be done: on the phone as at the service, but for what somebody is writing about just now. */
  #agreesOnWork(phone: Phone, all: Snapshot, agreed: string[]): void {
    const { client_id } = all.device!
    const begun = new Set(all.drafts.map(({ assignment_id }) => assignment_id))
    const theirs = [...agreed.filter((id) => this.agreedWith.get(id) === client_id), ...ask<string[]>('due', { client_id })]
    const ours = [...all.assignments.map((one) => one.assignment_id), ...all.occurrences.map((one) => `${one.assignment_id}/${one.slot}`)]
    const missing = theirs.filter((one) => !ours.includes(one))
    const gone = ours.filter((one) => !theirs.includes(one) && !begun.has(one.split('/')[0]!))
    if (missing.length + gone.length > 0) this.breaks('differ', `${phone.name} lacks work ${missing.join()}, and shows ${gone.join()} that is not there`)
  }
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return null
  }
}
