// The check at the end of a cycle: one hash over all revisions known here as stored by the server.
import { sha256 } from './sha256.ts'

/** Count, and SHA-256 of the sorted ids joined by line feeds. Ids are lower-case hex: any sort is the same. */
export function digest(ids: Iterable<string>): { count: number; sha256: string } {
  const sorted = [...new Set(ids)].sort()
  return { count: sorted.length, sha256: sha256(sorted.join('\n')) }
}
