// What stands under an answer: what is odd about it, how much room is left, and that it is from last time.
import type { Field, Json } from '../../worksheet/definition.ts'
import { lengthOf, odd } from './odd.ts'
import { sheet } from '../../words/sheet.ts'
import { speak } from '../../words/speak.ts'

const t = speak(sheet)
/** From so much of its room on, a text says how much is left. */
const NEARLY_FULL = 0.75

/** Said once the person has gone on, or at once where it was there when the page opened. It never stops a save. */
export function Note({ id, field, value, left }: { id: string; field: Field; value: Json; left: boolean }) {
  const said = odd(field, value)
  const shown = said && (left || said.key === 'odd.too-long') ? t(said.key, said.values) : null
  return <p class="field-note" id={id} role="status" data-odd={shown ? said!.key : undefined}>{shown ?? room(field, value)}</p>
}

function room({ type, max_length }: Field, value: Json): string | null {
  if (type !== 'text' || !max_length) return null
  const used = typeof value === 'string' ? lengthOf(value) : 0
  return used < max_length * NEARLY_FULL ? null : t('room', { n: max_length - used })
}

/** Whether a field of this kind can have something said under it. */
export function hasNote(field: Field): boolean {
  return ['number', 'duration', 'moment', 'list'].includes(field.type) || (field.type === 'text' && Boolean(field.max_length))
}

/** The answer is from last time, and can be taken away with one tap. */
export function FromBefore({ clear }: { clear: () => void }) {
  return <p class="from-before">{t('carried')} <button type="button" class="link" onClick={clear}>{t('clear')}</button></p>
}
