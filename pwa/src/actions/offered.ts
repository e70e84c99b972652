// What a worksheet offers as filled in already: the day it is about. It is no answer of theirs until something else is said.
import type { Occurrence } from '../sync/wire.ts'
import type { Answers, Worksheet } from '../worksheet/definition.ts'

export { begun } from '../store/begun.ts'

/** By convention of the worksheets, a question of this name asks which day the whole page is about. */
const THE_DAY = 'date'

/** The day this is written for: when it was done, if that was said, else the slot's own day, else today. */
export function dayAbout(local: string | null, slot: Pick<Occurrence, 'slot' | 'moved_to'> | null, today: string): string {
  if (local) return local.slice(0, 10)
  // `2026-11-22#1`; a slot of a week or an interval has no day, and one that was moved is done on another.
  const dated = /^(\d{4}-\d{2}-\d{2})#/.exec(slot?.slot ?? '')?.[1]
  return dated && !slot?.moved_to ? dated : today
}

/** The answers to start an empty worksheet with. */
export function offered(sheet: Worksheet | null, day: string): Answers {
  const asked = sheet?.fields.some((field) => field.id === THE_DAY && field.type === 'date' && field.show_when === null)
  return asked ? { [THE_DAY]: day } : {}
}
