// Numbers, days, times and lengths of time, by the phone's own pickers.
import { useState } from 'preact/hooks'
import type { FieldProps } from './Question.tsx'
import type { Json } from '../../worksheet/definition.ts'
import { sheet } from '../../words/sheet.ts'
import { speak } from '../../words/speak.ts'

const t = speak(sheet)

export function Num({ field, id, value, hint, set }: FieldProps) {
  // The text as typed: "2." and "-" are on the way to a number, and must not jump.
  const [typed, type] = useState(typeof value === 'number' ? String(value) : '')
  const shown = typeof value === 'number' && Number(typed.replace(',', '.')) !== value ? String(value) : typed
  const put = (text: string) => {
    type(text)
    const number = Number(text.replace(',', '.'))
    set(text.trim() === '' || !Number.isFinite(number) ? null : number)
  }
  return (
    <span class="with-unit">
      <input class="nhsuk-input nhsuk-input--width-5" id={id} inputMode={field.step && field.step < 1 ? 'decimal' : 'numeric'} autocomplete="off"
        value={shown} aria-describedby={hint} onInput={(event) => put(event.currentTarget.value)} />
      {field.unit && <span>{field.unit}</span>}
    </span>
  )
}

export function Day({ id, value, hint, set }: FieldProps) {
  return <Picked type="date" id={id} value={value} hint={hint} set={set} />
}

export function Time({ id, value, hint, set }: FieldProps) {
  return <Picked type="time" id={id} value={value} hint={hint} set={set} />
}

function Picked({ type, id, value, hint, set }: Omit<FieldProps, 'field'> & { type: 'date' | 'time' }) {
  return (
    <input class="nhsuk-input time-input" type={type} id={id} value={typeof value === 'string' ? value : ''} aria-describedby={hint}
      onInput={(event) => set(event.currentTarget.value || null)} />
  )
}

/** Kept in minutes. */
export function Duration({ id, value, set }: FieldProps) {
  const minutes = typeof value === 'number' ? value : null
  const hours = minutes === null ? '' : String(Math.floor(minutes / 60))
  const rest = minutes === null ? '' : String(minutes % 60)
  const put = (h: string, m: string) => {
    const next: Json = h.trim() === '' && m.trim() === '' ? null : whole(h) * 60 + whole(m)
    set(next)
  }
  return (
    <div class="duration">
      <label>
        <input class="nhsuk-input nhsuk-input--width-2" id={`${id}-h`} inputMode="numeric" autocomplete="off" value={hours} onInput={(event) => put(event.currentTarget.value, rest)} />
        {t('hours')}
      </label>
      <label>
        <input class="nhsuk-input nhsuk-input--width-2" id={`${id}-m`} inputMode="numeric" autocomplete="off" value={rest} onInput={(event) => put(hours, event.currentTarget.value)} />
        {t('minutes-unit')}
      </label>
    </div>
  )
}

function whole(text: string): number {
  return Math.max(0, Math.floor(Number(text.replace(/\D/g, '')) || 0))
}
