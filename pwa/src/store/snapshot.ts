// Everything the screens draw, read in one go, so that what they show belongs together.
import { STORES, type StoreName } from './database.ts'
import { begun } from './begun.ts'
import type { Draft } from './drafts.ts'
import { keptHow, lockedBy, type KeptHow, type Lock } from './keys.ts'
import { FIRST_SETTINGS, NO_SYNC, type Meta, type OwnChecks } from './kinds.ts'
import { lying, opened } from './lying.ts'
import { openFront, unreadable } from './sealed.ts'
import { unsent, type Kept } from '../sync/kept.ts'
import { isOpenTo } from '../sync/open.ts'
import type { Appointment, Assignment, Delivery, Occurrence, Review, Service } from '../sync/wire.ts'
import type { Worksheet } from '../worksheet/definition.ts'

export type Snapshot = {
  device: Meta['device'] | null
  sync: Meta['sync']
  settings: Meta['settings']
  service: Meta['service'] | null
  nextAppointment: Meta['next_appointment']
  appointmentNews: Meta['appointment_news']
  courseOver: Meta['course_over']
  ownChecks: Meta['own_checks'] | null
  looks: Meta['looks'] | null
  handover: Meta['handover'] | null
  /** The words of the language that was chosen, once they are here. */
  words: Meta['words'] | null
  assignments: Assignment[]
  occurrences: Occurrence[]
  reviews: Review[]
  appointments: Appointment[]
  deliveries: Delivery[]
  revisions: Kept[]
  drafts: Draft[]
  /** By `<id>.v<N>`. */
  worksheets: Map<string, Worksheet>
  /** Those of them that were translated into the language chosen, and are here. */
  translated: Map<string, Worksheet>
  unreadable: number
  /** What has to be done before anything here can be read; then nothing above but a few settings is filled. */
  lock: Lock | null
  /** How it lies here, for the sentences that say who could read it. */
  kept: KeptHow
  /** How much waits to be sent behind the lock. */
  waiting: number
  /** How much other people left here that no service has: of theirs, nothing but the number. */
  others: number
}

/** All of it, for the person this phone belongs to now. While it is locked: what stands in front of what is sealed. */
export async function snapshot(): Promise<Snapshot> {
  const before = lockedBy()
  before.catch(() => {}) // The database itself may not open: then reading says so.
  const found = await lying(STORES)
  const all = await opened<unknown>(found, openFront)
  // Locked or opened in between, it is not whole: it counts as locked, and is drawn again.
  const lock = await before ?? await lockedBy()
  const every = <T>(store: StoreName) => all.flatMap((one) => (one.store === store ? [one.body as T] : []))
  const metas = new Map(all.flatMap(({ store, key, body }) => (store === 'meta' ? [[key, body]] : [])))
  const one = <Name extends keyof Meta>(name: Name) => metas.get(name) as Meta[Name] | undefined
  const fates = lock ? found.flatMap(({ store, record }) => (store === 'revisions' ? (record as { front?: Fate }).front ?? [] : [])) : every<Kept>('revisions')
  const [device, settings, service, worksheets] = [one('device'), one('settings'), one('service'), every<Worksheet>('worksheets')]
  return {
    device: device ?? null, sync: { ...NO_SYNC, ...one('sync') }, settings: { ...FIRST_SETTINGS, ...settings },
    service: service ?? null, nextAppointment: one('next_appointment') ?? null, appointmentNews: one('appointment_news') ?? null,
    courseOver: one('course_over') ?? null, ownChecks: one('own_checks') ?? null, looks: one('looks') ?? null,
    handover: one('handover') ?? null, words: one('words') ?? null,
    assignments: every<Assignment>('assignments').map((assignment) => asShown(assignment, service)),
    occurrences: every('occurrences'), reviews: every('reviews'), appointments: every('appointments'), deliveries: every('deliveries'),
    revisions: every<Kept>('revisions').filter((kept) => kept.owner === device?.client_id && !(settings?.leave_nothing && isGone(kept))),
    drafts: every<Draft>('drafts').filter(({ put_by }) => !put_by),
    worksheets: byKey(worksheets.filter((sheet) => !('english' in sheet))),
    translated: byKey(worksheets.filter((sheet) => 'english' in sheet && sheet.language === settings?.language)), unreadable: unreadable(),
    lock, kept: await keptHow(device !== undefined),
    waiting: lock ? fates.filter((fate) => fate.owner === device?.client_id && unsent(fate)).length : 0,
    others: fates.filter((fate) => fate.owner !== device?.client_id && (unsent(fate) || fate.state === 'refused')).length
      + every<Draft>('drafts').filter((draft) => draft.put_by && begun(draft)).length
      + [...metas].flatMap(([key, body]) => (key.startsWith('own_checks/') ? (body as OwnChecks).kept : [])).length,
  }
}

/** Of a sealed revision, what can be seen while it is locked. */
type Fate = Pick<Kept, 'state' | 'owner'>

/** Asked to leave nothing behind: what was written and has arrived goes from view. It stays sealed, for a service that is restored. */
function isGone({ state, seen, revision: { subject } }: Kept): boolean {
  return state === 'sent' && seen && ['entry', 'answer', 'agenda'].includes(subject.kind)
}

/** What is nothing without its questions about risk is filled in together while the service does not answer for them. */
function asShown(assignment: Assignment, service: Service | undefined): Assignment {
  return isOpenTo(assignment.worksheet, service) ? assignment : { ...assignment, worksheet: null }
}

function byKey(sheets: Worksheet[]): Map<string, Worksheet> {
  return new Map(sheets.map((sheet) => [`${sheet.id}.v${sheet.version}`, sheet]))
}
