// Everything the screens draw, read in one go, so that what they show belongs together.
import { database } from './database.ts'
import type { Draft } from './drafts.ts'
import { FIRST_SETTINGS, NO_SYNC, type Meta } from './meta.ts'
import { open, unreadable } from './sealed.ts'
import type { Kept } from '../sync/kept.ts'
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
}

/** All of it, for the person this phone belongs to now. */
export async function snapshot(): Promise<Snapshot> {
  const db = await database()
  const transaction = db.transaction([...db.objectStoreNames], 'readonly')
  const all = async <T>(name: Parameters<typeof transaction.objectStore>[0]) =>
    (await transaction.objectStore(name).getAll()).map((record) => open<T>(record)).filter((body) => body !== undefined)
  const one = async <Name extends keyof Meta>(name: Name) => open<Meta[Name]>(await transaction.objectStore('meta').get(name))
  const [device, sync, settings, service, next, news, over, checks, looks, handover, words, assignments, occurrences, reviews, appointments, deliveries, revisions, drafts, worksheets] =
    await Promise.all([
      one('device'), one('sync'), one('settings'), one('service'), one('next_appointment'), one('appointment_news'), one('course_over'), one('own_checks'), one('looks'), one('handover'), one('words'), all<Assignment>('assignments'),
      all<Occurrence>('occurrences'), all<Review>('reviews'), all<Appointment>('appointments'), all<Delivery>('deliveries'),
      all<Kept>('revisions'), all<Draft>('drafts'), all<Worksheet>('worksheets'),
    ])
  return {
    device: device ?? null, sync: { ...NO_SYNC, ...sync }, settings: { ...FIRST_SETTINGS, ...settings },
    service: service ?? null, nextAppointment: next ?? null, appointmentNews: news ?? null, courseOver: over ?? null, ownChecks: checks ?? null, looks: looks ?? null, handover: handover ?? null, words: words ?? null, assignments: assignments.map((one) => asShown(one, service)), occurrences, reviews, appointments, deliveries,
    revisions: revisions.filter((kept) => kept.owner === device?.client_id), drafts: drafts.filter(({ put_by }) => !put_by),
    worksheets: byKey(worksheets.filter((sheet) => !('english' in sheet))),
    translated: byKey(worksheets.filter((sheet) => 'english' in sheet && sheet.language === settings?.language)), unreadable: unreadable(),
  }
}

/** What is nothing without its questions about risk is filled in together while the service does not answer for them. */
function asShown(assignment: Assignment, service: Service | undefined): Assignment {
  return isOpenTo(assignment.worksheet, service) ? assignment : { ...assignment, worksheet: null }
}

function byKey(sheets: Worksheet[]): Map<string, Worksheet> {
  return new Map(sheets.map((sheet) => [`${sheet.id}.v${sheet.version}`, sheet]))
}
