// How revisions are called now whose ids were taken at the service, so that they were saved again under others. Pure.
import type { Kept } from './kept.ts'

/** Where each went: by the id that was taken or said once more, what it is now. */
export type Placed = Map<string, Kept>

/** These parents, as they are called now: what took the place of one may have been said once more since. */
export function renamed(parents: string[], placed: Placed): string[] {
  return [...new Set(parents.map((id) => called(id, placed)))]
}

function called(id: string, placed: Placed): string {
  const now = placed.get(id)?.revision.revision_id
  return now ? called(now, placed) : id
}
