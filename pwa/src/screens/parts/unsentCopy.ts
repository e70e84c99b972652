// What would be lost with this phone, for the person to take along: plain words, in the order in which they were saved.
import { asText, checks, heading, notFinished, planLines, rows, written } from './plainCopy.ts'
import { aboutRows } from './halfWritten.ts'
import { inRows } from './inRows.ts'
import { answered, dated, feedback, titled } from './saidBesides.ts'
import type { Snapshot } from '../../store/snapshot.ts'
import { unsent, type Kept } from '../../sync/kept.ts'
import type { AnswerPayload, Plan } from '../../sync/wire.ts'
import type { Answers, Json } from '../../worksheet/definition.ts'
import { en } from '../../words/en.ts'
import { later } from '../../words/later.ts'
import { over } from '../../words/over.ts'
import { settings as words } from '../../words/settings.ts'
import { sheet } from '../../words/sheet.ts'
import { speak } from '../../words/speak.ts'

const t = speak(words)
const l = speak(later)
const common = speak(en)

/** What is not sent, what the service could not take, what is not finished, and monthly checks. Pure. */
export function unsentCopy(all: Snapshot, today: string): string {
  const saved = [...all.revisions].sort((a, b) => a.revision.device_seq - b.revision.device_seq)
  const waits = saved.filter(unsent)
  const refused = saved.filter(({ state }) => state === 'refused')
  return asText([
    `Meantime\n${dated(today)}`,
    ...(waits.length > 0 ? [heading(t('data.unsent', { n: waits.length })), ...waits.map((one) => inWords(all, one))] : []),
    ...(refused.length > 0 ? [heading(t('copy.refused')), ...refused.map((one) => inWords(all, one))] : []),
    ...notFinished(all),
    ...checks(all),
  ])
}

function inWords(all: Snapshot, one: Kept): string {
  const { subject, kind, payload } = one.revision
  if (kind === 'delete') return lines(titled(all, one), l('entry.removed'))
  switch (subject.kind) {
    case 'entry': return lines(written(all, one), payload.kept ? speak(sheet)('keep') : '')
    case 'answer': return lines(answered(all, one), said(payload as AnswerPayload))
    case 'plan': return lines(titled(all, one), payload.confirmed ? t('copy.plan-yes') : changedPlan(payload))
    case 'agenda': return lines(l('question.title'), titled(all, one), String(payload.text ?? ''))
    case 'research': return lines(t('research'), titled(all, one), t(payload.choice === 'yes' ? 'research.yes' : 'research.no'))
    case 'sharing': return lines(titleOfEntry(all, String(payload.entry_id)), titled(all, one), l(payload.shared ? 'entry.share' : 'entry.keep'))
    default: return setting(all, one)
  }
}

function changedPlan({ plan, parts }: { [name: string]: Json }): string {
  return planLines((plan ?? {}) as Partial<Plan>, Array.isArray(parts) ? parts.map(String) : [])
}

/** Said by one tap; *not today* has its reasons instead. */
function said({ answer }: AnswerPayload): string {
  return answer === 'not_today' ? l('not.title') : common(`state.${answer}`)
}

function titleOfEntry(all: Snapshot, entry_id: string): string {
  const entry = all.revisions.find(({ revision }) => revision.entry_id === entry_id)
  return entry ? titled(all, entry) : ''
}

function setting(all: Snapshot, one: Kept): string {
  const { name, value, ...rest } = one.revision.payload
  const whole: { [part: string]: Json } = value === undefined ? {} : { value }
  const parts = value && typeof value === 'object' && !Array.isArray(value) ? value : whole
  if (name === 'about_me') return lines(t('about'), titled(all, one), ...rows(aboutRows(Object.fromEntries(Object.entries(parts).map(([part, text]) => [part, text === '' ? l('merge.empty') : text])))))
  if (name === 'takeaway') return lines(l('takeaway'), titled(all, one), takenFrom(all, parts), String(parts.text || l('merge.empty')))
  if (name === 'feedback') return lines(speak(over)('feedback'), feedback(all, one))
  return lines(t('copy.setting'), titled(all, one), ...rows(inRows(null, { name, ...parts, ...rest } as Answers)))
}

function takenFrom(all: Snapshot, { appointment_id }: { [part: string]: Json }): string {
  const met = all.appointments.find((one) => one.appointment_id === appointment_id)
  return met ? l('takeaway.of', { day: dated(met.local) }) : ''
}

function lines(...parts: string[]): string {
  return parts.filter(Boolean).join('\n')
}
