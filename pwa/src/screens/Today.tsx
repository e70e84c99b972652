// What is planned today and what can be done any time. Nothing red, no backlog.
import { useState } from 'preact/hooks'
import { to } from './go.ts'
import { lazy } from './lazy.tsx'
import { Heading } from './parts/Heading.tsx'
import { Asked } from './parts/Asked.tsx'
import { Looked } from './parts/Looked.tsx'
import { TaskCard } from './parts/TaskCard.tsx'
import { retryNow } from '../actions/sending.ts'
import { todayView, type Card, type TodayView } from '../actions/todayView.ts'
import { dayOf, ownZone } from '../sync/days.ts'
import type { Snapshot } from '../store/snapshot.ts'
import { keepsNothing } from '../actions/keeps.ts'
import { en } from '../words/en.ts'
import { clockTime, dayInWords, speak } from '../words/speak.ts'

const t = speak(en)
const Handed = lazy(() => import('./parts/Handed.tsx'))
const Later = lazy(() => import('./parts/Later.tsx'))
const Clock = lazy(() => import('./parts/Clock.tsx'))
const Notes = lazy(() => import('./parts/TodayNotes.tsx'))
const News = lazy(() => import('./parts/AppointmentNews.tsx'))

export default function Today({ all, gap }: { all: Snapshot; gap: boolean }) {
  const today = dayOf(new Date())
  const view = todayView(all, today)
  const [later, wantLater] = useState(false)
  const empty = view.planned.length + view.anyTime.length === 0
  return (
    <>
      <Heading caption={dayInWords(today)}>{gap ? t('today.welcome-back') : t('today.hello')}</Heading>
      {gap && <p>{t('today.welcome-back-text')}</p>}
      <SentLine all={all} view={view} />
      {view.twice.length + all.unreadable > 0 && <Notes all={all} twice={view.twice} />}
      {all.nextAppointment && all.nextAppointment.local >= today && <p class="appointment">{t('today.next', { when: appointment(all.nextAppointment.local) })}</p>}
      {all.appointmentNews && <News news={all.appointmentNews} />}
      <Looked all={all} today={today} />
      {all.handover && all.handover.handover_id !== all.settings.handover_told && <Handed handover={all.handover} today={today} />}
      {moved(all) && <Clock here={ownZone()} there={all.settings.zone!} />}
      <Asked all={all} today={today} />
      {empty && !view.synced && <p>{t('today.first-pull')}</p>}
      {view.synced && view.planned.length === 0 && <Nothing some={!empty} />}
      <Cards title={t('today.planned')} cards={view.planned} today={today} />
      <Cards title={t('today.any-time')} cards={view.anyTime} today={today} />
      <ul class="nhsuk-list more">
        {all.settings.notifications && all.settings.reminder.on && view.planned.length > 0 && <li>{later ? <Later all={all} /> : <button type="button" class="link" onClick={() => wantLater(true)}>{t('today.later')}</button>}</li>}
        <li><a href={to('earlier')}>{t('today.earlier')}</a></li>
        <li><a href={to('question')}>{t('today.question')}</a></li>
      </ul>
      <p class="small-print">{t('today.not-emergency')} {t(all.kept === 'unsealed' ? 'anyone.open' : `anyone.${all.kept}`)}</p>
    </>
  )
}

/** This phone shows another clock than the one they live by here, and they were not asked yet. */
function moved({ courseOver, settings: { zone, zone_kept } }: Snapshot): boolean {
  const here = ownZone()
  return !courseOver && !!zone && zone !== here && zone_kept !== here
}

function Nothing({ some }: { some: boolean }) {
  return (
    <div class="nothing">
      <p class="nothing__line">{t('today.nothing')}</p>
      {!some && <p>{t('today.nothing-text')}</p>}
    </div>
  )
}

function Cards({ title, cards, today }: { title: string; cards: Card[]; today: string }) {
  if (cards.length === 0) return null
  return (
    <section>
      <h2 class="nhsuk-heading-m">{title}</h2>
      {cards.map((card) => <TaskCard card={card} today={today} key={card.assignment.assignment_id} />)}
    </section>
  )
}

function SentLine({ all, view }: { all: Snapshot; view: TodayView }) {
  const [trying, setTrying] = useState(false)
  const again = async () => {
    setTrying(true)
    await retryNow()
    setTrying(false)
  }
  if (all.device?.locked) {
    return <p class="sent-line"><a href={to('code')}>{view.unsent ? t('today.locked', { n: view.unsent }) : t('today.locked-none')}</a></p>
  }
  return (
    <div class="sent-line" role="status">
      {view.unsent > 0 && <p>{keepsNothing() ? t('saved.open') : t('today.unsent', { n: view.unsent })}{' '}
        <button type="button" class="link" onClick={again} disabled={trying}>{t(trying ? 'today.trying' : 'today.try-now')}</button></p>}
      {view.notReached && <p>{t('today.not-reached')}</p>}
      {view.allSent && <p>{view.lastSent ? t('today.all-sent', { time: when(view.lastSent) }) : t('today.nothing-to-send')}</p>}
      {view.notAccepted > 0 && <p><a href={to('history')}>{t('today.kept-aside', { n: view.notAccepted })}</a></p>}
      {all.sync.app_too_old && <p>{t('today.too-old')}</p>}
    </div>
  )
}

function when(moment: string): string {
  const day = dayOf(new Date(moment))
  return day === dayOf(new Date()) ? clockTime(moment) : `${dayInWords(day, true)} ${clockTime(moment)}`
}

function appointment(local: string): string {
  return `${dayInWords(local)}, ${local.slice(11, 16)}`
}
