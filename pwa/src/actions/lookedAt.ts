// What a practitioner looked at since this phone last said so: said once, on Today, and then no more.
import { setHere } from './setHere.ts'
import { addDays, dayOf } from '../sync/days.ts'
import type { Review } from '../sync/wire.ts'

/** Older looks are no news; they stay in What I did. */
const NEWS_FOR_DAYS = 14

/** The looks not told yet, newest first. `told`: the newest one this phone has told. Pure. */
export function untold(reviews: Review[], told: string | null, today: string): Review[] {
  const since = addDays(today, -NEWS_FOR_DAYS)
  return reviews.filter(({ at }) => (told === null || at > told) && dayOf(new Date(at)) >= since).sort((a, b) => (a.at < b.at ? 1 : -1))
}

/** Note that these were told. */
export function told([newest]: Review[]): Promise<void> {
  return newest ? setHere({ looks_told: newest.at }) : Promise.resolve()
}
