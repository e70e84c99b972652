// After a course of treatment: that it has ended, until when it can be read, one's own copy, and what stays.
import '../styles/forms.scss'
import { useState } from 'preact/hooks'
import Check from './Check.tsx'
import Feedback from './Feedback.tsx'
import { to } from './go.ts'
import { Heading } from './parts/Heading.tsx'
import { checkDays, hasChecks, keepChecks, saidOf, sheetHere, stayingWell } from '../actions/afterwards.ts'
import { isClosed } from '../actions/closed.ts'
import { here, keepsNothing } from '../actions/keeps.ts'
import { download } from '../actions/leave.ts'
import { halfWritten } from './parts/halfWritten.ts'
import { plainCopy } from './parts/plainCopy.ts'
import { dated } from './parts/saidBesides.ts'
import type { ScreenProps } from './props.ts'
import type { Snapshot } from '../store/snapshot.ts'
import { dayOf } from '../sync/days.ts'
import { unsent } from '../sync/kept.ts'
import { en } from '../words/en.ts'
import { over } from '../words/over.ts'
import { dayInWords, speak } from '../words/speak.ts'

const t = speak(over)
const MONTHS = [3, 6, 12]

export default function Over(props: ScreenProps) {
  const { all, parts: [name] } = props
  const today = dayOf(new Date())
  // What was written in checks stays in reach when another course has begun.
  if (name === 'check' && (all.ownChecks?.kept.length || hasChecks(all.ownChecks, today))) return <Check {...props} />
  if (!all.courseOver) return <p><a href={to()}>{speak(en)('app.today')}</a></p>
  const isOver = isClosed(all.courseOver, today)
  if (name === 'feedback' && !isOver) return <Feedback {...props} />
  return isOver ? <Closed all={all} today={today} /> : <Ended all={all} today={today} />
}

function Ended({ all, today }: { all: Snapshot; today: string }) {
  const { ended_on, read_until } = all.courseOver!
  const plan = stayingWell(all)
  return (
    <>
      <Heading caption={dayInWords(today)}>{t('title')}</Heading>
      <p>{t('ended', { day: dated(ended_on) })} <strong>{t('until', { day: dated(read_until) })}</strong></p>
      <Left all={all} finish />
      <Copy all={all} today={today} />
      <Turn all={all} />
      {plan && <p><a href={to('entry', plan.revision.entry_id)}>{t('plan-read')}</a></p>}
      <p><a href={to('history')}>{t('wrote')}</a></p>
      <Feelings all={all} />
      <Checks all={all} today={today} />
      <p class="small-print">{speak(en)('today.not-emergency')}</p>
    </>
  )
}

/** After the reading date: nothing is gone yet, the copy comes first, and the person removes it when they want to. */
function Closed({ all, today }: { all: Snapshot; today: string }) {
  return (
    <>
      <Heading caption={dayInWords(today)}>{t('closed')}</Heading>
      <p>{t('closed-text', { day: dated(all.courseOver!.read_until) })} {t('closed-copy')}</p>
      <Left all={all} />
      <Copy all={all} today={today} />
      <p><a href={to('data')}>{t('closed-remove')}</a></p>
      <Turn all={all} />
      {hasChecks(all.ownChecks, today) && <Checks all={all} today={today} />}
    </>
  )
}

/** What is not sent and what is not finished; `finish`: it can still be gone on with. */
function Left({ all, finish = false }: { all: Snapshot; finish?: boolean }) {
  const left = all.revisions.filter(unsent).length
  const begun = halfWritten(all)
  return (
    <>
      {left > 0 && <p class="notice" data-unsent={left}>{t('unsent', { n: left })}</p>}
      {begun.length > 0 && (
        <section class="notice" data-half={begun.length}>
          <p>{t('half', { n: begun.length })}</p>
          <ul>{begun.map(({ key, title, way }) => <li key={key}>{finish && way ? <a href={to(...way)}><bdi>{title}</bdi></a> : <bdi>{title}</bdi>}</li>)}</ul>
          <p>{finish && `${t('half-finish')} `}{t('half-copy')}</p>
        </section>
      )}
    </>
  )
}

function Copy({ all, today }: { all: Snapshot; today: string }) {
  const [failed, fail] = useState(false)
  const save = () => {
    try {
      download('meantime.txt', plainCopy(all, today))
      fail(false)
    } catch {
      fail(true)
    }
  }
  return (
    <section>
      <h2 class="nhsuk-heading-m">{t('copy')}</h2>
      <p>{t('copy-text')}</p>
      <button type="button" class="nhsuk-button wide" onClick={save}>{t('download')}</button>
      <p class="small-print">{t('copy-hint')}</p>
      {failed && <p role="alert" class="problem">{t('copy-not')}</p>}
    </section>
  )
}

function Turn({ all }: { all: Snapshot }) {
  const { signposts } = all.courseOver!
  return (
    <section>
      <h2 class="nhsuk-heading-m">{t('turn')}</h2>
      {signposts.split('\n').filter(Boolean).map((line, n) => <p key={n}><bdi>{line}</bdi></p>)}
      <p>{t('help')} <a href={to('help')}>{speak(en)('app.help')}</a></p>
    </section>
  )
}

function Feelings({ all }: { all: Snapshot }) {
  if (!sheetHere(all, all.courseOver?.worksheets?.feedback?.id)) return null
  const said = saidOf(all) !== null
  return (
    <section>
      <h2 class="nhsuk-heading-m">{t('feedback')}</h2>
      <p>{t(said ? 'feedback-said' : 'feedback-text')}</p>
      <p><a href={to('feedback')}>{t(said ? 'feedback-change' : 'feedback-open')}</a></p>
    </section>
  )
}

/** Kept or not is their own choice, made here and told to nobody. */
function Checks({ all, today }: { all: Snapshot; today: string }) {
  const checks = all.ownChecks
  const kept = hasChecks(checks, today)
  const next = kept ? checkDays(checks).find((day) => day >= today) : undefined
  const sheet = sheetHere(all, all.courseOver?.worksheets?.check?.id)
  if (!kept && !sheet) return null
  return (
    <section>
      <h2 class="nhsuk-heading-m">{t('check')}</h2>
      <p>{t('check-text')} <strong>{t('check-nobody')}</strong> {t(here('check-here'))}</p>
      {kept
        ? <><p>{!keepsNothing() && t('check-until', { day: dated(checks.until) })} {next && t('check-next', { day: dated(next) })}</p><p><a class="nhsuk-button nhsuk-button--secondary" href={to('check')}>{t('check-open')}</a></p></>
        : (
          <div role="group" aria-label={t('check-how-long')}>
            <p>{t('check-how-long')}</p>
            <div class="ways">
              {MONTHS.map((n) => <button type="button" key={n} class="nhsuk-button nhsuk-button--secondary" onClick={() => void keepChecks(sheet!.id, n, today)}>{t('check-months', { n })}</button>)}
            </div>
          </div>
        )}
    </section>
  )
}
