// What "not today" can become: a smaller version, another day, something else instead.
import { useState } from 'preact/hooks'
import { to } from '../go.ts'
import { NextHeading } from './Heading.tsx'
import { otherDays } from '../../actions/todayView.ts'
import type { Snapshot } from '../../store/snapshot.ts'
import { dayOf } from '../../sync/days.ts'
import type { Assignment } from '../../sync/wire.ts'
import type { Worksheet } from '../../worksheet/definition.ts'
import { later } from '../../words/later.ts'
import { dayInWords, speak } from '../../words/speak.ts'

const t = speak(later)

export function Smaller({ sheet, about, hasSheet }: { sheet: Worksheet | undefined; about: { assignment_id: string; slot: string }; hasSheet: boolean }) {
  return (
    <>
      <NextHeading>{t('not.small-title')}</NextHeading>
      <p role="status">{sheet?.sizes?.small ?? t('not.small-text')}</p>
      <div class="stack">
        {hasSheet && <a class="nhsuk-button wide" href={to('write', about.assignment_id, about.slot, '-', 'short')}>{t('not.small-now')}</a>}
        <a class="nhsuk-button nhsuk-button--secondary wide" href={to()}>{t('not.small-later')}</a>
      </div>
    </>
  )
}

export function AnotherDay({ all, finish }: { all: Snapshot; finish: (day: string) => void }) {
  return (
    <>
      <NextHeading>{t('not.which-day')}</NextHeading>
      <ul class="taps">
        {otherDays(dayOf(new Date()), all.nextAppointment?.local ?? null).map((day) => (
          <li key={day}><button type="button" class="tap" onClick={() => finish(day)}>{dayInWords(day)}</button></li>
        ))}
      </ul>
    </>
  )
}

type Swapped = { swap_assignment_id?: string; words?: string }

export function Swap({ all, assignment, finish }: { all: Snapshot; assignment: Assignment; finish: (swapped: Swapped) => void }) {
  const [words, write] = useState('')
  const others = all.assignments.filter((one) => one.state === 'open' && one.assignment_id !== assignment.assignment_id)
  return (
    <>
      <NextHeading>{t('not.which-swap')}</NextHeading>
      <ul class="taps">
        {others.map((one) => (
          <li key={one.assignment_id}><button type="button" class="tap" onClick={() => finish({ swap_assignment_id: one.assignment_id })}>{one.title}</button></li>
        ))}
      </ul>
      <div class="nhsuk-form-group">
        <label class="nhsuk-label nhsuk-label--s" for="swap-words">{t('not.own-words')}</label>
        <textarea class="nhsuk-textarea" id="swap-words" rows={2} maxLength={2000} value={words} onInput={(event) => write(event.currentTarget.value)} />
      </div>
      <button type="button" class="nhsuk-button wide" onClick={() => finish(words.trim() ? { words: words.trim() } : {})}>{t('not.save')}</button>
    </>
  )
}
