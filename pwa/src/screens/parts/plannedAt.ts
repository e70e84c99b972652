// When and where a plan says, in one line.
import type { Plan } from '../../sync/wire.ts'
import { en } from '../../words/en.ts'
import { isolated, speak, weekdayName } from '../../words/speak.ts'

const t = speak(en)

/** Monday · after lunch · At 13:30 · kitchen; "" where none of it is planned. */
export function plannedAt({ at, when, where, weekdays }: Partial<Plan>): string {
  const days = (weekdays ?? []).map((day) => weekdayName(day)).join(', ')
  return [days, when, at && t('today.at', { time: at }), where].filter(Boolean).map((part) => isolated(part!)).join(' · ')
}
