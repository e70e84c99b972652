// The few records there is one of, as the app keeps them: whose phone this is, where the sync stands, how the app is set.
import type { Answers } from '../worksheet/definition.ts'
import type { FromService } from './fromService.ts'
import type { CourseOver, Handover, Look, Service, Study, WordsOf } from '../sync/wire.ts'

export type Device = {
  device_id: string
  client_id: string
  epoch: string
  paired_at: string
  display: string
  preferred_name: string
  shared_phone: boolean
  /** Not signed in any more: everything is kept, nothing is sent until a new code is typed. */
  locked: boolean
  /** The service ended this device: nothing more is shown; what was unsent has been counted. */
  revoked: { unsent: number; at: string } | null
}
export type SyncMark = {
  cursor: string
  etag: string | null
  last_sent_at: string | null
  last_contact_at: string | null
  /** What the service told at the last contact: of this phone how much was ever saved and is there; what other phones never sent. */
  counts?: { made: number; stored: number; elsewhere: number }
  /** Ids of what was damaged at the service, and never was on this phone. */
  damaged?: string[]
  /** In a pull from nothing: what lay here before, and no page named yet. What the last one leaves is not there any more. */
  unnamed?: FromService[]
  failures: number
  next_try_at: number
  app_too_old: boolean
}
/** Days of the calendar, both included. */
export type Days = { from: string; until: string }
/** `most`: how many a day at most; `steady`: as often as set, even when nobody answers. */
export type ReminderRule = {
  on: boolean; at: string; weekdays: number[]; level: 0 | 1 | 2; words: string; quiet: { from: string; until: string } | null
  pause?: Days | null; shift?: (Days & { at: string; quiet?: { from: string; until: string } | null }) | null; most?: 1 | 2; steady?: boolean
}
export type Settings = {
  text_size: 'usual' | 'large' | 'largest'
  one_question: boolean
  language: string
  /** Notifications wanted at all: on a shared phone people may say no. */
  notifications: boolean
  /** Minutes without a touch after which a phone with a PIN locks. */
  lock_after: number
  /** Asked to leave nothing behind after each use. */
  leave_nothing: boolean
  reminder: ReminderRule
  /** The day before each appointment; not there until somebody chose. */
  appointment_reminder?: { on: boolean; at: string }
  /** The steps of the first opening that are done. */
  welcome: 'what' | 'shared' | 'reminder' | 'finished'
  last_opened_on: string | null
  research: 'yes' | 'no' | null
  /** Whether they may be asked about taking part in research, and the studies they were asked to. */
  research_contact?: 'yes' | 'no' | null
  studies?: Study[]
  /** What came of the last try to make reminders reach this phone. */
  reach: string | null
  /** The zone the server was last told. */
  zone: string | null
  /** The zone in which they said that nothing is to move. */
  zone_kept?: string | null
  /** When the newest look that Today has told of was taken. */
  looks_told: string | null
  /** The hand-over that this phone has told of. */
  handover_told: string | null
  /** How many records that cannot be opened My data has told of. */
  unreadable_told?: number
}
/** The monthly check somebody keeps for themself after their course: it never leaves this phone. */
export type OwnChecks = { sheet: string; until: string; first: string; kept: { id: string; day: string; sheet: string; answers: Answers }[] }
/** What became of an appointment: a row of docs/appointments.md, when it was to be, and when it or the next one is now. */
export type AppointmentNews = { what: string; was: string | null; now: string | null } | null
export type NextAppointment = { starts_at: string; local: string; mode: string } | null

export type Meta = {
  device: Device
  sync: SyncMark
  settings: Settings
  service: Service
  next_appointment: NextAppointment
  appointment_news: AppointmentNews
  course_over: CourseOver
  own_checks: OwnChecks
  device_seq: number
  /** Something was saved again under another id: what is begun from it goes on from that one. */
  minted: true
  /** Who had looked, when it was last asked. */
  looks: { checked_at: string; looks: Look[] }
  /** The last one: who looks after this with them, and from when. */
  handover: Handover
  /** Codes of reminders that were tapped, which the server was not yet told. */
  opened: string[]
  /** The words of the language that was chosen; none for English. */
  words: WordsOf
}

export const NO_SYNC: SyncMark = {
  cursor: '', etag: null, last_sent_at: null, last_contact_at: null, failures: 0, next_try_at: 0, app_too_old: false,
}
export const FIRST_SETTINGS: Settings = {
  text_size: 'usual', one_question: false, language: 'en', notifications: true, lock_after: 5, leave_nothing: false,
  reminder: { on: false, at: '18:00', weekdays: [0, 1, 2, 3, 4, 5, 6], level: 1, words: '', quiet: null },
  welcome: 'what', last_opened_on: null, research: null, reach: null, zone: null, looks_told: null, handover_told: null,
}
