// When and where a plan says, in one line.
import type { Plan } from '../../sync/wire.ts'
import { en } from '../../words/en.ts'
import { isolated, speak, weekdayName } from '../../words/speak.ts'

const t = speak(en)

/** On Mondays · At 13:30 · after lunch · kitchen; "" where none of it is planned. */
export function plannedAt({ at, when, where, weekdays }: Partial<Plan>): string {
  const days = (weekdays ?? []).map((day) => weekdayName(day)).join(', ')
  return [days, at && t('today.at', { time: at }), when, where].filter(Boolean).map((part) => isolated(part!)).join(' · ')
}
