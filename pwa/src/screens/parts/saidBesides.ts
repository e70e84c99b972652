// What somebody said outside a worksheet, for their own copy: not today, questions, about me, takeaways, feedback. Pure.
import { sheetHere } from '../../actions/afterwards.ts'
import { aboutMe, takeaways } from '../../actions/personal.ts'
import { aboutRows } from './halfWritten.ts'
import { inRows } from './inRows.ts'
import type { Snapshot } from '../../store/snapshot.ts'
import { heads, type Kept } from '../../sync/kept.ts'
import type { AnswerPayload, Outcome, SubjectKind } from '../../sync/wire.ts'
import type { Answers } from '../../worksheet/definition.ts'
import { later } from '../../words/later.ts'
import { over } from '../../words/over.ts'
import { settings } from '../../words/settings.ts'
import { dayInWords, speak } from '../../words/speak.ts'

const t = speak(later)
const OUTCOMES: { [outcome in Outcome]: keyof typeof later & string } = { smaller: 'not.smaller', another_day: 'not.another', swap: 'not.swap', keep: 'not.keep' }

export type Part = { heading: string; each: string[] }

/** Each kind under its own heading; a kind of which nothing was said is left out. */
export function saidBesides(all: Snapshot): Part[] {
  const parts = [
    { heading: t('not.title'), each: living(all, 'answer').filter(({ revision: { payload } }) => payload.answer === 'not_today' || payload.words).map((one) => answered(all, one)) },
    { heading: t('question.title'), each: living(all, 'agenda').map((one) => asked(all, one)) },
    { heading: t('takeaway'), each: takenAway(all) },
    { heading: speak(settings)('about'), each: ofThemself(all) },
    { heading: speak(over)('feedback'), each: ofCourses(all) },
  ]
  return parts.filter(({ each }) => each.length > 0)
}

/** `Sunday 22 November 2026`. */
export function dated(day: string): string {
  return `${dayInWords(day)} ${day.slice(0, 4)}`
}

/** The newest state of each that was not taken back, the newest first. */
function living(all: Snapshot, kind: SubjectKind): Kept[] {
  const found = heads(all.revisions).filter(({ revision }) => revision.subject.kind === kind && revision.kind !== 'delete')
  return found.sort((a, b) => (a.revision.happened_at.local < b.revision.happened_at.local ? 1 : -1))
}

export function titled(all: Snapshot, { revision }: Kept): string {
  const id = revision.subject.assignment_id ?? revision.payload.assignment_id
  const title = all.assignments.find((one) => one.assignment_id === id)?.title
  return [title, dated(revision.happened_at.local)].filter(Boolean).join(', ')
}

export function answered(all: Snapshot, one: Kept): string {
  const { barrier, outcome, words, moved_to, swap_assignment_id } = one.revision.payload as AnswerPayload
  const why = barrier && `barrier.${barrier}` in later ? t(`barrier.${barrier}` as keyof typeof later & string) : ''
  const instead = all.assignments.find(({ assignment_id }) => assignment_id === swap_assignment_id)?.title
  const which = [moved_to && dated(moved_to), instead].filter(Boolean).map((part) => `: ${part}`).join('')
  return [titled(all, one), why, words, outcome && OUTCOMES[outcome] && `${t(OUTCOMES[outcome])}${which}`].filter(Boolean).join('\n')
}

function asked(all: Snapshot, one: Kept): string {
  return `${titled(all, one)}\n${String(one.revision.payload.text ?? '')}`
}

function takenAway(all: Snapshot): string[] {
  return [...takeaways(all.revisions)].map(([id, { text }]) => {
    const met = all.appointments.find(({ appointment_id }) => appointment_id === id)
    return met ? `${dated(met.local)}\n${text}` : text
  })
}

function ofThemself(all: Snapshot): string[] {
  const { words, interpreter } = aboutMe(all.revisions)
  const rows = aboutRows(words).map(([label, text]) => `${label} ${text}`)
  const lines = [...rows, ...(interpreter ? [speak(settings)('about.interpreter')] : [])]
  return lines.length > 0 ? [lines.join('\n')] : []
}

/** What was last said of each course: of another course is the next state of the same setting, so heads are not enough. */
function ofCourses(all: Snapshot): string[] {
  const said = all.revisions.filter(({ revision: { subject, kind, payload } }) => subject.kind === 'setting' && kind !== 'delete' && payload.name === 'feedback')
  const last = new Map(said.sort((a, b) => (a.revision.created_at < b.revision.created_at ? -1 : 1)).map((one) => [one.revision.payload.episode_id, one]))
  return [...last.values()].map((one) => feedback(all, one))
}

/** What was said of one course. */
export function feedback(all: Snapshot, { revision: { payload, happened_at } }: Kept): string {
  const { worksheet, version } = payload
  const sheet = all.worksheets.get(`${worksheet}.v${version}`) ?? sheetHere(all, String(worksheet))
  return [dated(happened_at.local), ...inRows(sheet, (payload.answers ?? {}) as Answers).map(([label, text]) => `${label}: ${text}`)].join('\n')
}
