// What became of an occurrence, as the client reads it: a mark and words, the same wherever they stand.
import type { Standing } from '../../sync/standing.ts'
import type { OccurrenceState } from '../../sync/wire.ts'
import { en } from '../../words/en.ts'
import { dayInWords, speak } from '../../words/speak.ts'
import { keepsNothing } from '../../actions/keeps.ts'
import type { State } from '../../sync/kept.ts'

const t = speak(en)

/** A mark for each state; never a cross. */
export const MARKS: { [state in OccurrenceState]: string } = {
  done: '✓', partial: '◐', tried: '◐', moved: '→', not_done: '–', nothing_happened: '–', exempt: '–', open: '○', withdrawn: '',
}

/** Whose word it is: only their own answer can be undone here, and only that was sent from a phone. */
export function saidBy({ by }: Pick<Standing, 'by'>): 'client' | 'staff' | null {
  return by && (by.staff ? 'staff' : 'client')
}

/** What the chosen way really did. */
export function stateInWords({ state, moved_to, by }: Pick<Standing, 'state' | 'moved_to' | 'by'>): string {
  if (state === 'moved') return moved_to ? t('state.moved', { day: dayInWords(moved_to) }) : t('state.moved-somewhere')
  const outcome = by?.revision.subject.kind === 'answer' ? by.revision.payload.outcome : null
  if (state === 'not_done' && outcome === 'keep') return t('state.kept')
  if (state === 'tried' && outcome === 'swap') return t('state.swapped')
  return t(`state.${state}`)
}

const NAMES = {
  pending: 'here', sending: 'here', sent: 'sent', needs_sign_in: 'sign-in', quarantined: 'quarantined', refused: 'refused',
} as const
/** Where nothing is on the phone, it must not say so. */
const OPEN = { here: 'open', 'sign-in': 'sign-in-unkept', refused: 'refused-unkept', sent: 'sent', quarantined: 'quarantined' } as const
export type SavedName = (typeof NAMES)[State] | (typeof OPEN)[keyof typeof OPEN]

/** Which words say where this is. */
export function savedName(state: State): SavedName {
  return keepsNothing() ? OPEN[NAMES[state]] : NAMES[state]
}
