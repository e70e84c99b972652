// What goes over the wire: the shapes of docs/protocol.md, and nothing else.
import type { Answers, Json, Worksheet } from '../worksheet/definition.ts'

export type SubjectKind = 'entry' | 'answer' | 'plan' | 'agenda' | 'setting' | 'research' | 'sharing'

export type Revision = {
  revision_id: string
  entry_id: string
  subject: { kind: SubjectKind; assignment_id?: string; slot?: string }
  parents: string[]
  kind: 'save' | 'delete' | 'restore'
  form_key?: string
  form_version?: number
  wording?: { language: string; sha256: string }
  payload: { [key: string]: Json }
  happened_at: { local: string; zone: string; utc_offset: number }
  medium: 'worksheet' | 'said' | 'paper' | 'phone_call'
  entered_by: 'client' | 'practitioner'
  helped_by: 'none' | 'interpreter' | 'supporter'
  device_seq: number
  created_at: string
  app_version: string
  schema_version: 1
}

/** A study that the client was asked to: its text, by version, and what they said last. */
export type Study = { study_id: string; name: string; text: number; words: string; choice: 'given' | 'withdrawn' | null; over: boolean }
export type EntryPayload = { answers: Answers; kept: boolean; size?: Size; short?: boolean; safe_now?: SafeNow }
/** "Do you feel able to keep yourself safe right now?" */
export type SafeNow = 'yes' | 'not_sure' | 'no'
export type Outcome = 'smaller' | 'another_day' | 'swap' | 'keep'
export type AnswerPayload = {
  answer: 'done' | 'tried' | 'nothing_happened' | 'not_today' | 'exempt'
  outcome?: Outcome
  barrier?: string
  words?: string
  moved_to?: string
  swap_assignment_id?: string
}
export type Size = 'small' | 'usual' | 'bigger'
export type Mark = 'reviewed' | 'carry_over' | 'make_smaller' | 'stop'

export type Plan = {
  when: string
  where: string
  with_whom: string
  how_long: string
  reminder: string
  obstacle: string
  then: string
  confidence: number | null
  at: string | null
  weekdays: number[] | null
}
export type Rhythm = { kind: string; times?: number; weekdays?: number[] }

export type Assignment = {
  assignment_id: string
  worksheet: { id: string; version: number; needs_procedure?: true } | null
  title: string
  reason: string
  plan: Partial<Plan>
  rhythm: Rhythm
  from: string
  until: string | null
  agreed_on: string
  /** The appointment it was agreed in, if any. */
  agreed_in?: string | null
  size: Size
  state: 'open' | 'withdrawn' | 'ended'
  version: number
  done_rule: Json
  agreed_with: string
  /** Whose version this is; only a practitioner's is asked about. */
  made_by?: 'client' | 'practitioner'
  /** What changed since it was agreed, newest first. */
  changes?: PlanChange[]
}
/** One part of what was agreed, as it was and as it is; nothing said is "" or null. */
export type Changed = { part: string; was: Json; now: Json }
export type PlanChange = { at: string; by: 'client' | 'practitioner'; who: string; parts: Changed[]; not_taken?: { part: string; now: Json }[] }
export type OccurrenceState =
  | 'open' | 'done' | 'partial' | 'tried' | 'not_done' | 'nothing_happened' | 'exempt' | 'moved' | 'withdrawn'
export type Occurrence = {
  assignment_id: string
  slot: string
  opens_on: string
  due_on: string
  state: OccurrenceState
  barrier: string | null
  size: Size | null
  moved_to: string | null
  done_at: string | null
}
export type Review = { review_id: string; assignment_id: string; mark: Mark; line: string; at: string; by: string }
export type Appointment = {
  appointment_id: string
  starts_at: string
  local: string
  zone: string
  mode: string
  state: string
}
/** Without an assignment it was about everything planned that day. */
export type Delivery = { code: string; assignment_id: string | null; slot: string | null; local_date: string; at: string }
/** From that day on `to` looks after this with the client. */
export type Handover = { handover_id: string; to: string; from: string }
/** Somebody of the service opened a page about this client. */
export type Look = { at: string; by: string; what: string }
export type Service = {
  name: string
  nation: string
  crisis: { number: string; hours: string; name: string }
  reading_promise: string
  /** It has a response procedure: worksheets come with their questions about risk. */
  asks_about_risk?: boolean
  /** Nobody asked them yet, alone, how to reach them safely: no reminder is sent before. */
  reminders_wait?: boolean
  demo: boolean
  /** The languages a phone may choose besides English. */
  languages?: Offered[]
}
/** `draft`: nobody has checked its words. `help_checked`: somebody has, of *Help now* and *who sees this*. */
export type Offered = { code: string; name: string; state: 'checked' | 'draft'; help_checked: boolean }
/** The app's words in one language, and the wording of each worksheet in it; `whole`: of those with questions about risk. */
export type WordsOf = {
  language: string
  sha256: string
  catalogues: { [catalogue: string]: { [key: string]: string | { [form: string]: string } } }
  worksheets: { [worksheet: string]: string }
  whole?: { [worksheet: string]: string }
}
/** A worksheet in another language: `english` names the texts that are not translated, or not any more. */
export type Translated = Worksheet & { english: string[]; english_title: string }

/** What there is to fill in after a course, and which worksheet its staying well plan is. */
export type Afterwards = { check: { id: string; version: number } | null; feedback: { id: string; version: number } | null; plan: string }
/** The course of treatment has ended; null while one is open. `signposts`: where to turn, in lines. */
export type CourseOver = { episode_id: string; ended_on: string; read_until: string; signposts: string; worksheets: Afterwards } | null

export type Change = { seq: number; kind: string; id: string; body: { [key: string]: unknown } }
export type PullBody = {
  epoch: string
  cursor: string
  more: boolean
  server_time: string
  next_appointment: { starts_at: string; local: string; mode: string } | null
  appointment_news?: { what: string; was: string | null; now: string | null } | null
  course_over?: CourseOver
  changes: Change[]
}
export type PushResult = { revision_id: string | null; content_hash: string; status: string; code?: string; message?: string }
