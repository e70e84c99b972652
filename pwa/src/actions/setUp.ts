// Whether a phone has been through its first pages. After a course has ended there is nothing to be reminded of.
import type { Snapshot } from '../store/snapshot.ts'

/** The last of those pages asks for a reminder: of an ended course it is left out. Pure. */
export function isSetUp({ settings, courseOver }: Pick<Snapshot, 'settings' | 'courseOver'>): boolean {
  return settings.welcome === 'finished' || (settings.welcome === 'reminder' && !!courseOver)
}
