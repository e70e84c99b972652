// The person's own copy: what was agreed and all that they wrote, finished or not, in plain words that any phone or computer opens.
import { entries } from '../../actions/historyView.ts'
import { sheetOf } from '../../actions/judged.ts'
import { planOf } from '../../actions/todayView.ts'
import { halfWritten } from './halfWritten.ts'
import { inRows } from './inRows.ts'
import { dated, saidBesides } from './saidBesides.ts'
import type { Snapshot } from '../../store/snapshot.ts'
import type { Kept } from '../../sync/kept.ts'
import type { Plan } from '../../sync/wire.ts'
import { entryOf } from '../../sync/standing.ts'
import { help } from '../../words/help.ts'
import { over } from '../../words/over.ts'
import { later } from '../../words/later.ts'
import { sheet as words } from '../../words/sheet.ts'
import { speak, unmarked, weekdayName } from '../../words/speak.ts'

const t = speak(over)
const plan = speak(words)

/** All of it as text, the newest entry first. Pure. */
export function plainCopy(all: Snapshot, today: string): string {
  const parts = [
    `Meantime\n${dated(today)}`,
    ...(all.courseOver ? [`${t('ended', { day: dated(all.courseOver.ended_on) })}\n${all.courseOver.signposts}`] : []),
    heading(t('copy-agreed')),
    ...all.assignments.map((one) => [one.title, dated(one.agreed_on), one.reason, planLines(planOf(all, one))].filter(Boolean).join('\n')),
    heading(speak(later)('history.entries')),
    ...entries(all.revisions).flat().filter(({ revision }) => revision.kind !== 'delete').map((entry) => written(all, entry)),
    ...saidBesides(all).flatMap(({ heading: about, each }) => [heading(about), ...each]),
    ...notFinished(all),
    ...checks(all),
  ]
  return asText(parts)
}

/** What was written in monthly checks, which is on this phone and nowhere else. Pure. */
export function checksCopy(all: Snapshot): string {
  return asText(checks(all))
}

export function checks({ ownChecks, worksheets }: Snapshot): string[] {
  if (!ownChecks?.kept.length) return []
  const each = ownChecks.kept.map(({ day, sheet, answers }) => [dated(day), ...rows(inRows(worksheets.get(sheet) ?? null, answers))].join('\n'))
  return [heading(t('check')), ...each]
}

export function asText(parts: string[]): string {
  return unmarked(`${parts.map((part) => part.trim()).filter(Boolean).join('\n\n')}\n`).replace(/[\u2066-\u2069]/g, '')
}

export function written(all: Snapshot, entry: Kept): string {
  const { subject, happened_at } = entry.revision
  const sheet = sheetOf(all.worksheets, entry)
  const title = all.assignments.find((one) => one.assignment_id === subject.assignment_id)?.title ?? sheet?.title ?? ''
  return [`${title}, ${dated(happened_at.local)}, ${happened_at.local.slice(11)}`, ...rows(inRows(sheet, entryOf(entry).answers)), ...howWritten(entry)].join('\n')
}

/** What was said besides the answers. The usual size is said nowhere; a word that nobody knows counts as not said. */
function howWritten(entry: Kept): string[] {
  const { size, short, safe_now } = entryOf(entry)
  const safe = speak(help)
  return [
    ...(size === 'small' || size === 'bigger' ? [`${plan('changed.size')}: ${plan(`changed.${size}`)}`] : []),
    ...(short ? [plan('short-on')] : []),
    ...(safe_now && `safe.${safe_now}` in help ? [`${safe('safe.question')}: ${safe(`safe.${safe_now}`)}`] : []),
  ]
}

export function notFinished(all: Snapshot): string[] {
  const begun = halfWritten(all)
  if (begun.length === 0) return []
  return [heading(t('half-mark')), ...begun.map(({ title, rows: said }) => [`${title} (${t('half-mark')})`, ...rows(said)].join('\n'))]
}

/** Its time first, as on the screen; a part that was `changed` is there though it was left empty. */
export function planLines(agreed: Partial<Plan>, changed: string[] = []): string {
  const days = (agreed.weekdays ?? []).map((day) => weekdayName(day))
  const time = [...days, ...(agreed.at ? [agreed.at] : [])].join(', ')
  const parts = (['when', 'where', 'with_whom', 'how_long', 'reminder', 'obstacle', 'then'] as const).map((name) => [name, agreed[name]] as const)
  const left = (name: string) => (changed.includes(name) || (name === 'at' && changed.includes('weekdays')) ? speak(later)('merge.empty') : '')
  return ([['at', time], ...parts] as const).map(([name, text]) => [plan(`plan.${name}`), text || left(name)])
    .filter(([, text]) => text).map(([label, text]) => `${label}: ${text}`).join('\n')
}

export function rows(read: [string, string][]): string[] {
  return read.map(([label, text]) => `${label}: ${text}`)
}

export function heading(text: string): string {
  return `== ${text} ==`
}
