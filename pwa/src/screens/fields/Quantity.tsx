// Numbers, days, times, moments and lengths of time, by the phone's own pickers.
import { useState } from 'preact/hooks'
import { numberFrom } from './odd.ts'
import type { FieldProps } from './Question.tsx'
import type { Field, Json } from '../../worksheet/definition.ts'
import { sheet } from '../../words/sheet.ts'
import { numberInDigits, speak, spoken } from '../../words/speak.ts'

const t = speak(sheet)

/** A number; what cannot be read as one is kept as it was typed, and said to be odd. */
export function Num({ field, id, value, hint, set }: FieldProps) {
  // The text as typed: "2." and "-" are on the way to a number, and must not jump.
  const [typed, type] = useState(asTyped(value))
  const shown = value === null && typed.trim() !== '' ? '' : value !== null && (numberFrom(typed, spoken()) ?? typed) !== value ? asTyped(value) : typed
  const put = (text: string) => {
    type(text)
    set(text.trim() === '' ? null : numberFrom(text, spoken()) ?? text)
  }
  return (
    <span class="with-unit">
      <input class="nhsuk-input nhsuk-input--width-5" id={id} inputMode={keys(field)} autocomplete="off"
        value={shown} aria-describedby={[hint, field.unit && `${id}-unit`].filter(Boolean).join(' ') || undefined} onInput={(event) => put(event.currentTarget.value)} />
      {field.unit && <span id={`${id}-unit`}>{field.unit}</span>}
    </span>
  )
}

function asTyped(value: Json): string {
  return typeof value === 'number' ? numberInDigits(value) : typeof value === 'string' ? value : ''
}

/** A phone's number keys have no minus, and may have no point. */
function keys({ min, step, integer }: Field): 'text' | 'numeric' | 'decimal' {
  if (min === null || min < 0) return min === null ? 'decimal' : 'text'
  return integer || (step !== null && Number.isInteger(step)) ? 'numeric' : 'decimal'
}

export function Day({ id, value, hint, set }: FieldProps) {
  return <Picked type="date" id={id} value={value} hint={hint} set={set} />
}

export function Time({ id, value, hint, set }: FieldProps) {
  return <Picked type="time" id={id} value={value} hint={hint} set={set} />
}

type PickedProps = Pick<FieldProps, 'id' | 'value' | 'hint' | 'set'> & { type: 'date' | 'time' }

function Picked({ type, id, value, hint, set }: PickedProps) {
  return (
    <input class="nhsuk-input time-input" type={type} id={id} value={typeof value === 'string' ? value : ''} aria-describedby={hint}
      onInput={(event) => set(event.currentTarget.value || null)} />
  )
}

/** A day and a time of it: `2026-03-04T23:15`. While one of them is missing it is kept as it is, and said to be odd. */
export function Moment({ id, value, set }: FieldProps) {
  const [day = '', time = ''] = typeof value === 'string' ? value.split('T') : []
  const put = (d: Json, at: Json) => set(d || at ? `${d ?? ''}T${at ?? ''}` : null)
  return (
    <div class="moment">
      <div>
        <label class="nhsuk-label" for={`${id}-day`}>{t('day')}</label>
        <Picked type="date" id={`${id}-day`} value={day} hint={undefined} set={(next) => put(next, time)} />
      </div>
      <div>
        <label class="nhsuk-label" for={`${id}-time`}>{t('time')}</label>
        <Picked type="time" id={`${id}-time`} value={time} hint={undefined} set={(next) => put(day, next)} />
      </div>
    </div>
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
  return numberFrom(text.replace(/[^\d\u0660-\u0669\u06F0-\u06F9]/g, ''), 'en') ?? 0
}
