// A rhythm in words: 3 times a week · On these days: Monday, Thursday.
import type { Rhythm } from '../../sync/wire.ts'
import { notes } from '../../words/notes.ts'
import { speak, weekdayName } from '../../words/speak.ts'

const t = speak(notes)
const KINDS = ['once', 'daily', 'per_week', 'weekdays', 'weekly', 'per_appointment', 'monthly', 'event'] as const

/** Nothing for a rhythm of a later version, which this one has no words for. */
export function howOften({ kind, times, weekdays }: Rhythm): string {
  const known = KINDS.find((one) => one === kind)
  return known ? t(`often.${known}`, { n: times ?? 1, days: (weekdays ?? []).map((day) => weekdayName(day)).join(', ') }) : ''
}
