// Whether a phone has been through its first pages, and whether it was not opened for long. Pure.
import { daysBetween } from '../sync/days.ts'
import type { Snapshot } from '../store/snapshot.ts'

/** After so many days without opening, only today and "welcome back" are shown. */
const A_GAP_IN_DAYS = 7

/** The last of those pages asks for a reminder: of an ended course it is left out, since there is nothing to be reminded of. */
export function isSetUp({ settings, courseOver }: Pick<Snapshot, 'settings' | 'courseOver'>): boolean {
  return settings.welcome === 'finished' || (settings.welcome === 'reminder' && !!courseOver)
}

/** Whether to welcome them back. */
export function isGap({ last_opened_on }: Pick<Snapshot['settings'], 'last_opened_on'>, today: string): boolean {
  return last_opened_on !== null && daysBetween(last_opened_on, today) >= A_GAP_IN_DAYS
}
