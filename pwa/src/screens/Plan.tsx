// Changing one's own plan for a task.
import '../styles/forms.scss'
import { useState } from 'preact/hooks'
import { go, to } from './go.ts'
import { back } from './parts/Back.tsx'
import { Heading } from './parts/Heading.tsx'
import { PLAN_PARTS } from './parts/PlanRows.tsx'
import { ReminderApart } from './parts/ReminderApart.tsx'
import { timesApart } from '../actions/reminderTime.ts'
import { changePlan, set } from '../actions/say.ts'
import { differing } from '../actions/plans.ts'
import { planOf } from '../actions/todayView.ts'
import { TooLong } from '../sync/wellFormed.ts'
import type { ScreenProps } from './props.ts'
import { later } from '../words/later.ts'
import { sheet as words } from '../words/sheet.ts'
import { speak } from '../words/speak.ts'

const t = speak(words)

export default function Plan({ all, parts: [, id] }: ScreenProps) {
  const assignment = all.assignments.find((one) => one.assignment_id === id)
  // What was there when the page was opened: what comes from the service meanwhile is no change of theirs.
  const [{ opened, version }] = useState(() => ({ opened: assignment ? planOf(all, assignment) : {}, version: assignment?.version ?? 0 }))
  const [plan, change] = useState(opened)
  const [moves, move] = useState(false)
  const [trouble, setTrouble] = useState<string | null>(null)
  if (!assignment) return null
  const apart = timesApart(all.settings.reminder, plan)
  const save = async (event: Event) => {
    event.preventDefault()
    try {
      // What was left as it is changes nothing, and is told to nobody.
      const parts = differing(opened, plan)
      if (parts.length > 0) await changePlan(assignment.assignment_id, plan, parts, version)
      if (moves && apart && !apart.quiet) await set({ reminder: { ...all.settings.reminder, at: apart.planned } })
      go(to('task', assignment.assignment_id), true)
    } catch (error) {
      setTrouble(error instanceof TooLong ? t('trouble.too-long') : speak(later)('not-saved'))
    }
  }
  const put = (part: string, value: string | null) => change((before) => ({ ...before, [part]: value }))
  return (
    <form onSubmit={save} noValidate>
      {back()}
      <Heading caption={assignment.title}>{t('plan.title')}</Heading>
      <p>{t('plan.text')}</p>
      <p class="notice">{t('not-emergency')}</p>
      <div class="nhsuk-form-group">
        <label class="nhsuk-label nhsuk-label--s" for="plan-at">{t('plan.at')}</label>
        <input class="nhsuk-input time-input" type="time" id="plan-at" value={plan.at ?? ''} onInput={(event) => put('at', event.currentTarget.value || null)} />
        <ReminderApart apart={apart} settings={all.settings} waits={all.service?.reminders_wait} moves={moves} put={move} />
      </div>
      {PLAN_PARTS.map((part) => (
        <div class="nhsuk-form-group" key={part}>
          <label class="nhsuk-label nhsuk-label--s" for={`plan-${part}`}>{t(`plan.${part}`)}</label>
          <textarea class="nhsuk-textarea" rows={1} maxLength={2000} id={`plan-${part}`} value={plan[part] ?? ''} onInput={(event) => put(part, event.currentTarget.value)} />
        </div>
      ))}
      {trouble && <p role="alert" class="problem">{trouble}</p>}
      <button type="submit" class="nhsuk-button wide">{t('plan.save')}</button>
    </form>
  )
}
