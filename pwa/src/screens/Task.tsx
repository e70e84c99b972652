// One task: why this, for me; my plan; how to do it; and the ways to answer.
import '../styles/forms.scss'
import { to } from './go.ts'
import { back } from './parts/Back.tsx'
import { DoneWhen } from './parts/DoneWhen.tsx'
import { Guide } from './parts/Guide.tsx'
import { Heading } from './parts/Heading.tsx'
import { PlanRows } from './parts/PlanRows.tsx'
import { ReminderApart } from './parts/ReminderApart.tsx'
import { TaskWays } from './parts/TaskCard.tsx'
import { Together } from './parts/Together.tsx'
import { howOften } from './parts/howOften.ts'
import { settle } from './parts/settle.ts'
import { takeaways } from '../actions/personal.ts'
import { movedTo } from '../actions/movedTo.ts'
import { timesApart } from '../actions/reminderTime.ts'
import { set } from '../actions/say.ts'
import { cardOf } from '../actions/todayView.ts'
import type { ScreenProps } from './props.ts'
import { dayOf } from '../sync/days.ts'
import { en } from '../words/en.ts'
import { later } from '../words/later.ts'
import { notes } from '../words/notes.ts'
import { sheet as words } from '../words/sheet.ts'
import { dayInWords, speak } from '../words/speak.ts'

const t = speak(words)
const common = speak(en)
const l = speak(later)
const n = speak(notes)

export default function Task({ all, parts: [, id, slot] }: ScreenProps) {
  const today = dayOf(new Date())
  const assignment = all.assignments.find((one) => one.assignment_id === id)
  if (!assignment) return <><Heading>{common('app.not-found')}</Heading><p>{common('app.not-found-text')}</p><p><a href={to()}>{common('app.today')}</a></p></>
  const card = cardOf(all, assignment, today, slot)
  const { sheet, plan } = card
  const small = sheet?.sizes?.small
  const apart = timesApart(all.settings.reminder, plan)
  const moved = movedTo(all, plan)
  const move = async () => {
    if (apart) await set({ reminder: { ...all.settings.reminder, at: apart.planned } }).then(settle)
  }
  const taken = assignment.agreed_in ? takeaways(all.revisions).get(assignment.agreed_in) : undefined
  const [review] = all.reviews.filter((one) => one.assignment_id === id).sort((a, b) => (a.at < b.at ? 1 : -1))
  return (
    <>
      {back()}
      <Heading>{assignment.title}</Heading>
      <h2 class="nhsuk-heading-s">{t('why')}</h2>
      <p class="reason">{assignment.reason}</p>
      <p class="small-print">{t('together', { who: assignment.agreed_with, day: dayInWords(assignment.agreed_on) })}</p>
      {assignment.state === 'open' ? <TaskWays card={card} today={today} onTask /> : <p class="notice">{t('ended')}</p>}
      {review && (
        <div class="review" data-review={review.mark}>
          <p>{l(`history.${review.mark}`)}</p>
          {review.line && <blockquote>{review.line}</blockquote>}
          <p class="small-print">{l('history.by', { who: review.by, day: dayInWords(dayOf(new Date(review.at))) })}</p>
        </div>
      )}
      <h2 class="nhsuk-heading-s">{n('often')}</h2>
      <p data-often>{[howOften(assignment.rhythm), assignment.until && t('often.until', { day: dayInWords(assignment.until) })].filter(Boolean).join(' · ')}</p>
      <h2 class="nhsuk-heading-s">{t('plan')}</h2>
      <PlanRows plan={plan} />
      {assignment.state === 'open' && <ReminderApart apart={apart} settings={all.settings} waits={all.service?.reminders_wait} now={() => void move()} />}
      {moved && <p class="small-print" data-moved>{n('remind.moved', { at: moved, who: assignment.agreed_with })}</p>}
      <Together all={all} assignment={assignment} plan={plan} />
      {taken && (
        <section data-taken>
          <h2 class="nhsuk-heading-s">{l('takeaway')}</h2>
          <blockquote class="taken">{taken.text}</blockquote>
          {taken.byStaff && <p class="small-print">{l('takeaway.by-staff')}</p>}
        </section>
      )}
      {small && <><h2 class="nhsuk-heading-s">{t('small')}</h2><p>{small}</p></>}
      <DoneWhen assignment={assignment} sheet={sheet} />
      {sheet && <Guide sheet={sheet} assignment={assignment} />}
      {assignment.worksheet && !sheet && <p class="notice">{t('not-here')}</p>}
      {sheet?.who_sees
        ? <><h2 class="nhsuk-heading-s">{t('who-sees')}</h2><p data-who>{sheet.who_sees}</p><p><a href={to('who')}>{t('who-more')}</a></p></>
        : <p><a href={to('who')}>{t('who-sees')}</a></p>}
    </>
  )
}
