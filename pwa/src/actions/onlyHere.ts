// What is on this phone and nowhere else, though nothing of it waits to be sent. Pure.
import { begun } from './offered.ts'
import type { Snapshot } from '../store/snapshot.ts'

/** How much is lost when this phone is cleared and all is sent: what is not finished, monthly checks, and what the service could not take. */
export function onlyHere({ revisions, drafts, ownChecks }: Pick<Snapshot, 'revisions' | 'drafts' | 'ownChecks'>): number {
  const refused = revisions.filter(({ state }) => state === 'refused')
  return refused.length + drafts.filter(begun).length + (ownChecks?.kept.length ?? 0)
}
