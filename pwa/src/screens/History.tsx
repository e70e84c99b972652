// What I did: four weeks in words and dots, what I wrote, what was looked at together.
import '../styles/forms.scss'
import { useEffect } from 'preact/hooks'
import { to } from './go.ts'
import { FirstFew } from './parts/FirstFew.tsx'
import { Heading } from './parts/Heading.tsx'
import { SavedState } from './parts/SavedState.tsx'
import { Takeaways } from './parts/Takeaways.tsx'
import { MARKS, stateInWords } from './parts/states.ts'
import { titleOf } from './parts/titleOf.ts'
import { placeOf } from '../actions/counts.ts'
import { dayOfDot, entries, weeks, type Week } from '../actions/historyView.ts'
import { told } from '../actions/lookedAt.ts'
import type { ScreenProps } from './props.ts'
import type { Snapshot } from '../store/snapshot.ts'
import { dayOf } from '../sync/days.ts'
import type { Standing } from '../sync/standing.ts'
import { later } from '../words/later.ts'
import { lock } from '../words/lock.ts'
import { dayInWords, speak } from '../words/speak.ts'

const t = speak(later)
export default function History({ all }: ScreenProps) {
  const today = dayOf(new Date())
  const shown = weeks(all, today)
  const written = entries(all.revisions)
  const empty = shown.every((week) => week.dots.length === 0) && written.length === 0
  return (
    <>
      <Heading>{t('history.title')}</Heading>
      {empty ? <><p class="lede">{t('history.empty')}</p><p>{t('history.empty-text')}</p></> : <p>{t('history.text')}</p>}
      {!empty && shown.map((week) => <WeekOf week={week} today={today} key={week.from} />)}
      {all.settings.leave_nothing && <p class="small-print">{speak(lock)('nothing-hidden')}</p>}
      <Together all={all} />
      <Takeaways all={all} />
      {written.length > 0 && <h2 class="nhsuk-heading-m">{t('history.entries')}</h2>}
      <FirstFew few={8} about={t('history.entries')} wrap={(shown) => <ul class="entries">{shown}</ul>} items={written.map(([head, ...others]) => {
        const { revision, state } = head!
        return (
          <li key={revision.entry_id}>
            <a href={to('entry', revision.entry_id)}>{titleOf(all, revision.subject.assignment_id)}</a>
            <span class="entries__when">{dayInWords(revision.happened_at.local)}, {revision.happened_at.local.slice(11)}</span>
            {revision.kind === 'delete' && <p class="small-print">{t('entry.removed')}</p>}
            {others.length > 0 && <p>{t(others.some((one) => one.revision.kind === 'delete') ? 'entry.removed-there' : 'entry.both')}</p>}
            <SavedState state={state} />
          </li>
        )
      })} />
    </>
  )
}

/** "Not yet" for what can still be done, "no answer" for what nobody said anything about. */
function words(standing: Standing, today: string): string {
  // Of what is for when something happens, only what was answered is on show (weeks).
  const silent = standing.state !== 'not_done' && placeOf(standing, today, false) === 'not'
  return silent ? t('history.no-answer') : stateInWords(standing)
}

function WeekOf({ week, today }: { week: Week; today: string }) {
  const day = dayInWords(week.from, true)
  const title = week.ago === 0 ? t('history.this-week', { day }) : week.ago === 1 ? t('history.last-week', { day }) : t('history.week', { day })
  const said = [
    week.of > 0 && t(week.tried > 0 ? 'history.summary-tried' : 'history.summary', { done: week.done, tried: week.tried, of: week.of }),
    week.ahead > 0 && t('history.ahead', { n: week.ahead }),
    week.moved > 0 && t('history.moved', { n: week.moved }),
    week.exempt > 0 && t('history.exempt', { n: week.exempt }),
  ].filter(Boolean).join(' ')
  return (
    <section class="week">
      <h2 class="nhsuk-heading-s week__title">{title}</h2>
      <p class="week__said">{said || t('history.nothing-week')}</p>
      {week.dots.length > 0 && (
        <>
          <p class="week__dots" aria-hidden="true">{week.dots.map(({ standing }) => MARKS[standing.state]).join(' ')}</p>
          <details class="nhsuk-details">
            <summary class="nhsuk-details__summary"><span class="nhsuk-details__summary-text">{t('history.days')}<span class="nhsuk-u-visually-hidden">: {title}</span></span></summary>
            <ul class="nhsuk-details__text week__days">
              {week.dots.map(({ standing, title: name }) => (
                <li key={`${standing.assignment_id}/${standing.slot}`}>
                  <span aria-hidden="true" class="week__dot">{MARKS[standing.state]}</span>
                  <span>{standing.state === 'open' && standing.opens_on !== standing.due_on ? t('history.any-time') : dayInWords(dayOfDot(standing), true)} · <bdi>{name}</bdi><br />{words(standing, today)}</span>
                </li>
              ))}
            </ul>
          </details>
        </>
      )}
    </section>
  )
}

function Together({ all }: { all: Snapshot }) {
  const newest = [...all.reviews].sort((a, b) => (a.at < b.at ? 1 : -1))
  // Seen here, it is no news on Today.
  useEffect(() => { if (newest[0] && newest[0].at > (all.settings.looks_told ?? '')) void told(newest) }, [newest[0]?.at])
  if (newest.length === 0) return null
  return (
    <section>
      <h2 class="nhsuk-heading-m">{t('history.together')}</h2>
      <FirstFew few={3} about={t('history.together')} wrap={(shown) => shown} items={newest.map((review) => (
        <article class="review" key={review.review_id} data-review={review.mark}>
          <h3 class="nhsuk-heading-s">{titleOf(all, review.assignment_id)}</h3>
          <p>{t(`history.${review.mark}`)}</p>
          {review.line && <blockquote>{review.line}</blockquote>}
          <p class="small-print">{t('history.by', { who: review.by, day: dayInWords(dayOf(new Date(review.at))) })}</p>
        </article>
      ))} />
    </section>
  )
}
