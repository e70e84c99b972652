// Fetches what changed elsewhere, page by page; each page and its cursor are written in one transaction.
import { adopted } from './adopted.ts'
import { keepOwnWords } from '../store/ownWords.ts'
import { isWanted } from './risk.ts'
import { gone, unnamed } from './unnamed.ts'
import { stayInWords } from './wording.ts'
import { json } from '../api/request.ts'
import { pull, worksheet } from '../api/sync.ts'
import { FIRST_SETTINGS, isStill, meta, NO_SYNC, type Device, type Settings, type SyncMark } from '../store/meta.ts'
import { SAID_BY_SERVICE, STORES_OF_SERVICE } from '../store/fromService.ts'
import { inOne, readAll, write, type Reading, type Write } from '../store/records.ts'
import { pulled, type Received } from '../store/revisions.ts'
import { refused, type Verdict } from '../sync/acknowledged.ts'
import { isOpenTo } from '../sync/open.ts'
import { retryAfter } from '../sync/backoff.ts'
import type { Kept } from '../sync/kept.ts'
import type { Assignment, Change, PullBody, Revision } from '../sync/wire.ts'
import type { Worksheet } from '../worksheet/definition.ts'

export type Pulled = { verdict: Verdict | null; moved: boolean; retryAfter: number | null }

/** Pull until there is no more. `verdict` is what stopped it; null: everything is here. */
export async function pullChanges(device: Device, from: SyncMark, now: () => Date): Promise<Pulled> {
  let { cursor, etag } = from
  let moved = false
  for (;;) {
    const reply = await pull(device.device_id, cursor, etag)
    const verdict = refused(reply)
    if (verdict) return { verdict, moved, retryAfter: retryAfter(reply.retryAfter, now().getTime()) }
    if (reply.status === 304) break
    const page = json<PullBody>(reply)
    if (!page || !Array.isArray(page.changes)) return { verdict: { kind: 'offline' }, moved, retryAfter: null }
    etag = page.more ? null : reply.etag
    const kept = await keepPage(device, cursor, page, etag)
    if (!kept) return { verdict: { kind: 'later' }, moved, retryAfter: null }
    if ('instead' in kept) {
      ({ cursor, etag } = kept.instead)
      continue
    }
    // The worker shows own words for as long as it finds them.
    if (kept.taken) await keepOwnWords(kept.taken.reminder, () => isStill(device))
    moved ||= page.changes.length > 0
    cursor = page.cursor
    if (!page.more) break
  }
  await fetchMissingWorksheets()
  await stayInWords()
  return { verdict: null, moved, retryAfter: null }
}

/**
 * One page in one transaction. `taken`: the settings if another phone's word changed them. `instead`: not kept, for it does
 * not follow what is here now (another tab pulled meanwhile, or all is to be pulled afresh); what does goes on from there.
 * Null, and nothing is kept, where somebody else signed in while it was on its way: it is not theirs, and they would miss
 * what their own pulls leave out.
 */
function keepPage(
  device: Device, asked: string, page: PullBody, etag: string | null,
): Promise<{ taken: Settings | null } | { instead: SyncMark } | null> {
  return inOne([...STORES_OF_SERVICE, 'drafts', 'revisions', 'meta'], async (reading, change) => {
    if (!(await isStill(device, reading))) return null
    const before = (await reading.get<SyncMark>('meta', 'sync')) ?? NO_SYNC
    if (before.cursor !== asked) return { instead: before }
    const left = await unnamed(reading, asked ? before.unnamed ?? [] : null, page.changes)
    for (const one of page.changes) {
      const written = await writeFor(one, device.client_id, (id) => reading.get<Kept>('revisions', id))
      if (written) change(written)
    }
    if (!page.more) (await gone(reading, left)).forEach(change)
    const taken = page.changes.some(saysSetting) ? await settingsTaken(reading, device) : null
    if (taken) change({ store: 'meta', key: 'settings', body: taken })
    const damaged = await lostThere(before, page.changes, (id) => reading.get<Kept>('revisions', id))
    change({ store: 'meta', key: 'next_appointment', body: page.next_appointment })
    change({ store: 'meta', key: 'appointment_news', body: page.appointment_news ?? null })
    change({ store: 'meta', key: 'course_over', body: page.course_over ?? null })
    change({ store: 'meta', key: 'sync', body: { ...before, cursor: page.cursor, etag, damaged, unnamed: page.more ? left : [] } })
    return { taken }
  })
}

/** The settings as another phone's word leaves them, if it changes them. */
async function settingsTaken(reading: Reading, { client_id }: Device): Promise<Settings | null> {
  const own = (await reading.all<Kept>('revisions')).filter((kept) => kept.owner === client_id)
  const settings = { ...FIRST_SETTINGS, ...(await reading.get<Settings>('meta', 'settings')) }
  const now = adopted(settings, own)
  return now === settings ? null : now
}

/** A setting or a choice about research; one of this phone's own too, for only now it is known whether another was later. */
function saysSetting({ kind, body }: Change): boolean {
  return kind === 'revision' && ['setting', 'research'].includes((body as { revision?: Revision }).revision?.subject?.kind ?? '')
}

async function writeFor(
  { seq, kind, id, body }: Change, owner: string, known: (id: string) => Promise<Kept | undefined>,
): Promise<Write | null> {
  const store = SAID_BY_SERVICE[kind as keyof typeof SAID_BY_SERVICE]
  if (store) return { store, key: id, body }
  if (kind === 'handover') return { store: 'meta', key: kind, body }
  if (kind === 'service') return { store: 'meta', key: 'service', body }
  if (kind === 'damaged') return givenBack(await known(id), body.content_hash)
  if (kind !== 'revision') return null
  return { store: 'revisions', key: id, body: pulled(body as Received, await known(id), owner, seq) }
}

/**
 * What the service cannot read any more, and this phone holds as it was: it is sent once more, and counts as sent no longer.
 * An empty hash says that not even that can be read there: then what this phone holds is all there is.
 */
function givenBack(kept: Kept | undefined, content_hash: unknown): Write | null {
  if (!kept || kept.staff || kept.state !== 'sent' || ![kept.content_hash, ''].includes(content_hash as string)) return null
  return { store: 'revisions', key: kept.revision.revision_id, body: { ...kept, state: 'pending' } }
}

/** What the service cannot read any more, and this phone never had: known about, until somebody gives it back. */
async function lostThere(
  before: SyncMark, changes: Change[], known: (id: string) => Promise<Kept | undefined>,
): Promise<string[]> {
  const lost = new Set(before.cursor ? before.damaged : [])
  for (const { kind, id } of changes) {
    if (kind === 'damaged' && !(await known(id))) lost.add(id)
    if (kind === 'revision') lost.delete(id)
  }
  return [...lost]
}

/**
 * Definitions that an assignment names and this phone lacks, or has in the other form: with questions about risk where
 * the service answers for them, without where it does not. What cannot be had now is asked for next time.
 */
async function fetchMissingWorksheets(): Promise<void> {
  const service = await meta('service')
  const whole = service?.asks_about_risk === true
  const kept = (await readAll<Worksheet>('worksheets')).filter((sheet) => !('english' in sheet))
  const here = new Set(kept.filter((sheet) => isWanted(sheet, whole)).map((sheet) => `${sheet.id}.v${sheet.version}`))
  const { check = null, feedback = null } = (await meta('course_over'))?.worksheets ?? {}
  const named = [...(await readAll<Assignment>('assignments')).map((assignment) => assignment.worksheet), check, feedback]
  for (const wanted of named) {
    if (!wanted || !isOpenTo(wanted, service) || here.has(`${wanted.id}.v${wanted.version}`)) continue
    here.add(`${wanted.id}.v${wanted.version}`)
    const sheet = await definition(wanted.id, wanted.version, whole)
    if (sheet) await write([{ store: 'worksheets', key: `${wanted.id}.v${wanted.version}`, body: sheet }])
  }
}

/** The whole of it may be refused though it was to be had a moment ago: then the rest is better than nothing. */
async function definition(id: string, version: number, whole: boolean): Promise<Worksheet | null> {
  const reply = await worksheet(id, version, whole)
  const sheet = refused(reply) ? null : json<Worksheet>(reply)
  if (sheet?.id === id) return sheet
  return whole ? definition(id, version, false) : null
}
