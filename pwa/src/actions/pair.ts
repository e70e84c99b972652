// Makes this phone somebody's, once, with a code.
import { APP_VERSION } from './around.ts'
import { forgetOwnWords } from '../store/ownWords.ts'
import { installed, platform } from './platform.ts'
import { json, ours } from '../api/request.ts'
import { installCode, pair, service, type Paired } from '../api/signIn.ts'
import type { Draft } from '../store/drafts.ts'
import { changeMeta, FIRST_SETTINGS, meta, NO_SYNC, setMeta, type Device, type OwnChecks, type Settings } from '../store/meta.ts'
import { fromService, STORES_OF_SERVICE } from '../store/fromService.ts'
import { inOne, type Reading, type Write } from '../store/records.ts'
import { dropPin, hasPin } from '../store/wrapping.ts'
import { CODE_LENGTH, plainCode } from '../sync/code.ts'
import { ownZone } from '../sync/days.ts'
import type { Kept } from '../sync/kept.ts'
import type { Service } from '../sync/wire.ts'

export type PairRefusal =
  | 'incomplete' | 'offline' | 'invite-unknown' | 'invite-expired' | 'invite-used' | 'invite-burned' | 'invite-someone-else'
  | 'too-many-tries'

/** Pair with what was typed or came in the link. Null: this phone is paired, and says so to every screen. */
export async function pairPhone(typed: string): Promise<PairRefusal | null> {
  const answer = await askToPair(typed)
  if (typeof answer === 'string') return answer
  await moveIn(answer, new Date())
  return null
}

/** Ask with a code. `locked`: who this phone was, if what it holds is locked. */
export async function askToPair(typed: string, locked?: string): Promise<Paired | PairRefusal> {
  const code = plainCode(typed)
  if (code.length !== CODE_LENGTH) return 'incomplete'
  const reply = await pair({
    code, platform: platform(), display: installed() ? 'standalone' : 'browser', shared_phone: false,
    zone: ownZone(), language: (await meta('settings'))?.language ?? 'en', app_version: APP_VERSION,
    ...(locked && { device_id: locked }),
  })
  const body = ours(reply) ? json<Paired>(reply) : null
  return body?.client_id ? body : refusal(reply.marker === '1' ? json<{ code: string }>(reply)?.code : undefined)
}

/** A 15-minute code for the installed app of the same person; null when there is no network. */
export async function codeForApp(): Promise<{ code: string; expires_at: string } | null> {
  const reply = await installCode()
  return ours(reply) ? json(reply) : null
}

/** The service's own crisis number, before anybody is paired; kept, so that it is there offline. */
export async function learnService(): Promise<void> {
  if (await meta('device')) return
  const reply = await service()
  const body = ours(reply) ? json<Service>(reply) : null
  if (body?.crisis) await setMeta('service', { ...EMPTY_SERVICE, ...body })
}

const EMPTY_SERVICE: Service = { name: '', nation: 'england', crisis: { number: '', hours: '', name: '' }, reading_promise: '', demo: false }

/** This phone is theirs from now on. A PIN that somebody else chose is asked for no more. */
export async function moveIn(body: Paired, now: Date): Promise<void> {
  const before = await meta('device')
  const another = before && before.client_id !== body.client_id
  if (another) {
    if (await hasPin()) await dropPin()
    await forgetOwnWords()
  }
  await inOne([...STORES_OF_SERVICE, 'meta', 'drafts', 'revisions'], async (reading, change) => {
    const before = await reading.get<Device>('meta', 'device')
    const same = before?.client_id === body.client_id
    const settings = await reading.get<Partial<Settings>>('meta', 'settings')
    const device: Device = {
      device_id: body.device_id, client_id: body.client_id, epoch: body.epoch, paired_at: now.toISOString(),
      display: installed() ? 'standalone' : 'browser', preferred_name: body.me.preferred_name,
      shared_phone: false, locked: false, revoked: null,
    }
    const put = (key: string, value: unknown): Write => ({ store: 'meta', key, body: value })
    change(put('device', device))
    change(put('service', body.service))
    change(put('sync', NO_SYNC))
    // The language is chosen before the code is typed; else it is the one the service knows them by.
    const language = settings?.language && settings.language !== 'en' ? settings.language : body.me.language ?? 'en'
    const known = { ...FIRST_SETTINGS, language, ...(same ? settings : null) }
    // A choice made here may still wait to be sent; it is compared at the next opening.
    const { research, research_contact, studies } = body.me
    const told = { research: known.research ?? research ?? null, research_contact: known.research_contact ?? research_contact ?? null, studies: known.studies ?? studies ?? [] }
    change(put('settings', { ...known, zone: ownZone(), zone_kept: null, ...told }))
    if (same) await sendWhatWaited(reading, change, body.client_id)
    else {
      await putBy(reading, change, before?.client_id, body.client_id)
      await moveOut(reading, change)
    }
  })
  // Again: a pull for the one before may have kept them until now, and none does from here on.
  if (another) await forgetOwnWords()
}

async function sendWhatWaited(reading: Reading, change: (write: Write) => void, owner: string): Promise<void> {
  for (const kept of await reading.all<Kept>('revisions')) {
    if (kept.owner !== owner || kept.state !== 'needs_sign_in') continue
    change({ store: 'revisions', key: kept.revision.revision_id, body: { ...kept, state: 'pending' } })
  }
}

/** Another person's pulled data go; what they wrote and did not send stays, hidden, until they sign in again. */
async function moveOut(reading: Reading, change: (write: Write) => void): Promise<void> {
  for (const one of await fromService(reading)) change({ ...one, remove: true })
  for (const key of ['looks', 'opened', 'next_appointment', 'appointment_news', 'course_over']) change({ store: 'meta', key, remove: true })
}

/** What one person began or keeps only on this phone is put by, where no screen shows it; what `to` had put by is back. */
async function putBy(reading: Reading, change: (write: Write) => void, from: string | undefined, to: string): Promise<void> {
  const drafts = await reading.all<Draft>('drafts')
  const checks = await reading.get<OwnChecks>('meta', 'own_checks')
  const back = await reading.get<OwnChecks>('meta', `own_checks/${to}`)
  for (const one of drafts.filter(({ put_by }) => !put_by)) {
    change({ store: 'drafts', key: one.key, remove: true })
    if (from) change({ store: 'drafts', key: `${from}/${one.key}`, body: { ...one, put_by: from } })
  }
  for (const { put_by, ...one } of drafts.filter((one) => one.put_by === to)) {
    change({ store: 'drafts', key: `${put_by}/${one.key}`, remove: true })
    change({ store: 'drafts', key: one.key, body: one })
  }
  change({ store: 'meta', key: 'own_checks', remove: true })
  if (from && checks) change({ store: 'meta', key: `own_checks/${from}`, body: checks })
  if (!back) return
  change({ store: 'meta', key: `own_checks/${to}`, remove: true })
  change({ store: 'meta', key: 'own_checks', body: back })
}

/** The person says somebody else may look at this phone. */
export async function sharedPhone(shared: boolean): Promise<void> {
  await changeMeta('device', { shared_phone: shared })
}

function refusal(code: string | undefined): PairRefusal {
  const known: PairRefusal[] = ['invite-unknown', 'invite-expired', 'invite-used', 'invite-burned', 'invite-someone-else', 'too-many-tries']
  return known.find((one) => one === code) ?? (code ? 'invite-unknown' : 'offline')
}
