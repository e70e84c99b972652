// Whether the time to read after a course is over. Pure.
import type { CourseOver } from '../sync/wire.ts'

/** On its last day it can still be read. */
export function isClosed(over: CourseOver | undefined, today: string): boolean {
  return !!over && today > over.read_until
}
