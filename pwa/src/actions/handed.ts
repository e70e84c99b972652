// Somebody else looks after this from a day on: said on Today until the person has said OK, and then no more.
import { setHere } from './setHere.ts'
import { addDays } from '../sync/days.ts'
import type { Handover } from '../sync/wire.ts'

/** An older one is no news to a phone that hears of it first: who it is stands with what is agreed. */
const NEWS_FOR_DAYS = 28

/** Whether it is still to come, has begun of late, or is no news any more. Pure. */
export function handed(handover: Handover, today: string): 'from' | 'now' | null {
  if (!handover.to || handover.from < addDays(today, -NEWS_FOR_DAYS)) return null
  return handover.from > today ? 'from' : 'now'
}

/** Note that this one was told. */
export function handedTold({ handover_id }: Handover): Promise<void> {
  return setHere({ handover_told: handover_id })
}
