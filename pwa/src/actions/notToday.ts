// "Not today": which reasons are offered, and what each way on says. Pure.
import type { AnswerPayload, Outcome } from '../sync/wire.ts'
import type { Worksheet } from '../worksheet/definition.ts'

/** For a task whose worksheet names none. */
const LIKELIEST = ['forgot', 'no_time', 'too_low', 'too_anxious', 'unwell_physical', 'not_clear']
/** Offered beside them whatever the worksheet names, each by a button of its own. */
const ALWAYS = new Set(['no_trigger', 'something_else', 'prefer_not_say'])
const MOST = 6

export type Barrier = { code?: string; words?: string }

/** At most six, the worksheet's likeliest first; `known` says whether this app has words for one. */
export function offeredBarriers(sheet: Pick<Worksheet, 'barriers'> | undefined, known: (code: string) => boolean): string[] {
  const named = (sheet?.barriers ?? []).filter((code) => known(code) && !ALWAYS.has(code))
  return (named.length > 0 ? named : LIKELIEST).slice(0, MOST)
}

/** What the first tap says. Not being well enough is exempt: it is not counted. */
export function firstSaid(barrier: Barrier): AnswerPayload {
  return { answer: barrier.code === 'unwell_physical' ? 'exempt' : 'not_today', ...named(barrier) }
}

/** What a way on says. Keeping it for next time leaves it uncounted for somebody who was not well enough. */
export function wayOn(barrier: Barrier | null, outcome: Outcome, more: Partial<AnswerPayload> = {}): AnswerPayload {
  const answer = outcome === 'keep' && barrier?.code === 'unwell_physical' ? 'exempt' : 'not_today'
  return { answer, outcome, ...named(barrier), ...more }
}

function named(barrier: Barrier | null): Partial<AnswerPayload> {
  return { ...(barrier?.code && { barrier: barrier.code }), ...(barrier?.words && { words: barrier.words }) }
}
