// Under a plan: who changed what since, whether it looks right, and the way to change it.
import { useState } from 'preact/hooks'
import { howOften } from './howOften.ts'
import { settle } from './settle.ts'
import { to } from '../go.ts'
import { asksAbout, isConfirmed } from '../../actions/asks.ts'
import { changesOf } from '../../actions/plans.ts'
import { confirmPlan } from '../../actions/say.ts'
import { hasPlan } from '../../actions/todayView.ts'
import { dayOf } from '../../sync/days.ts'
import type { Snapshot } from '../../store/snapshot.ts'
import type { Assignment, Changed, Plan, PlanChange, Rhythm } from '../../sync/wire.ts'
import type { Json } from '../../worksheet/definition.ts'
import { notes } from '../../words/notes.ts'
import { sheet as words } from '../../words/sheet.ts'
import { dayInWords, speak, weekdayName } from '../../words/speak.ts'

const t = speak(words)

export function Together({ all, assignment, plan }: { all: Snapshot; assignment: Assignment; plan: Partial<Plan> }) {
  const [trouble, setTrouble] = useState(false)
  const yes = async () => {
    try {
      await confirmPlan(assignment.assignment_id, assignment.version)
      settle()
    } catch {
      setTrouble(true)
    }
  }
  const change = <p><a href={to('plan', assignment.assignment_id)}>{t(hasPlan(plan) ? 'plan.change' : 'plan.make')}</a></p>
  return (
    <>
      <Changes changes={changesOf(all, assignment)} />
      {asksAbout(all, assignment) ? (
        <div class="review" data-right>
          <p><strong>{t('right')}</strong></p>
          <button type="button" class="nhsuk-button nhsuk-button--secondary" onClick={() => void yes()}>{t('right.yes')}</button>
          {change}
          {trouble && <p role="alert" class="problem">{t('right.not-saved')}</p>}
        </div>
      ) : change}
      {isConfirmed(all, assignment) && <p class="small-print" role="status">{t('right.said')}</p>}
    </>
  )
}

function Changes({ changes: [newest, ...older] }: { changes: PlanChange[] }) {
  if (!newest) return null
  return (
    <div>
      <One change={newest} />
      {older.length > 0 && (
        <details class="nhsuk-details">
          <summary class="nhsuk-details__summary"><span class="nhsuk-details__summary-text">{t('changed.earlier')}</span></summary>
          <div class="nhsuk-details__text">{older.map((change) => <One change={change} key={change.at} />)}</div>
        </details>
      )}
    </div>
  )
}

function One({ change: { at, by, who, parts, not_taken: left = [] } }: { change: PlanChange }) {
  const day = dayInWords(dayOf(new Date(at)))
  if (left.length > 0) {
    return (
      <div data-not-taken>
        <p class="small-print">{t('changed.also', { day })}</p>
        <ul class="nhsuk-list nhsuk-list--bullet">{left.map(({ part, now }) => <li key={part}>{difference({ part, was: '', now })}</li>)}</ul>
      </div>
    )
  }
  return (
    <>
      <p class="small-print">{by === 'client' ? t('changed.you', { day }) : t('changed.they', { who, day })}</p>
      <ul class="nhsuk-list nhsuk-list--bullet">{parts.map((part) => <li key={part.part}>{difference(part)}</li>)}</ul>
    </>
  )
}

function difference({ part, was, now }: Changed): string {
  const values = { part: nameOf(part), was: inWords(part, was), now: inWords(part, now) }
  return t(values.was && values.now ? 'changed.both' : values.now ? 'changed.now' : 'changed.was', values)
}

function nameOf(part: string): string {
  if (part === 'reason') return t('why')
  if (part === 'rhythm') return speak(notes)('often')
  const own = `changed.${part}` as 'changed.title'
  return own in words ? t(own) : t(`plan.${part}` as 'plan.when')
}

function inWords(part: string, value: Json): string {
  if (value === null || value === '') return ''
  if (part === 'rhythm') return howOften(value as Rhythm)
  if (part === 'size') return t(`changed.${value as 'small'}`)
  if (part === 'weekdays') return (value as number[]).map((day) => weekdayName(day)).join(', ')
  return part === 'until_date' ? dayInWords(String(value)) : String(value)
}
