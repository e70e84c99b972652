// One agreed task on Today: why, and three ways to answer: do it now, done, not today.
import { useState } from 'preact/hooks'
import { SavedState } from './SavedState.tsx'
import { plannedAt } from './plannedAt.ts'
import { settle } from './settle.ts'
import { MARKS, saidBy, stateInWords } from './states.ts'
import { go, to } from '../go.ts'
import { here } from '../../actions/keeps.ts'
import { laterStage } from '../../actions/stages.ts'
import type { Card } from '../../actions/todayView.ts'
import { entryOf, type Standing } from '../../sync/standing.ts'
import { en } from '../../words/en.ts'
import { speak } from '../../words/speak.ts'

const t = speak(en)
// Fetched when first wanted: Today opens with little.
const answering = () => import('../../actions/answer.ts')
type Props = { card: Card; today: string }

export function TaskCard({ card, today }: Props) {
  const { assignment, standing } = card
  const page = to('task', assignment.assignment_id, standing?.slot)
  return (
    <article class="card" data-assignment={assignment.assignment_id}>
      <h3 class="nhsuk-heading-s card__title"><a href={page}>{assignment.title}</a></h3>
      <p class="card__why"><span class="card__label">{t('today.why')}</span> <bdi>{assignment.reason}</bdi></p>
      <Facts card={card} />
      <TaskWays card={card} today={today} />
    </article>
  )
}

/** The three ways to answer, or what was answered. */
export function TaskWays({ card, today, onTask = false }: Props & { onTask?: boolean }) {
  const { standing } = card
  const open = !standing || standing.state === 'open' || (standing.state === 'moved' && standing.moved_to === today)
  return (
    <>
      {open ? <Ways card={card} onTask={onTask} /> : <Answered card={card} standing={standing} />}
      {card.said && <Answered card={card} standing={card.said} />}
    </>
  )
}

function Facts({ card: { plan, standing, progress, draft, sheet } }: { card: Card }) {
  const small = sheet?.sizes?.small
  const facts = [
    plannedAt({ ...plan, weekdays: null }),
    progress && progress.of > 0 && t(`today.${progress.span}-${progress.tried > 0 ? 'tried' : 'done'}`, progress),
    standing?.state === 'open' && standing.size === 'small' && (small ? t('today.small-words', { words: small }) : t('today.small')),
    draft && t(here('today.started')),
  ].filter(Boolean)
  return facts.length > 0 ? <ul class="card__facts">{facts.map((fact) => <li key={fact as string}>{fact}</li>)}</ul> : null
}

function Ways({ card: { assignment, standing, draft }, onTask }: { card: Card; onTask: boolean }) {
  const written = assignment.worksheet !== null
  const [trouble, setTrouble] = useState(false)
  const id = assignment.assignment_id
  const done = async () => {
    try {
      await (await answering()).answer({ assignment_id: id, slot: standing!.slot }, { answer: 'done' })
      settle()
    } catch {
      setTrouble(true)
    }
  }
  const hidden = <span class="nhsuk-u-visually-hidden">: {assignment.title}</span>
  const write = assignment.worksheet
    ? to('write', id, draft ? draft.slot ?? 'any' : standing?.slot ?? 'any')
    : to('task', id, standing?.slot)
  return (
    <div class="ways">
      {(written || !onTask) && (
        <a class={written ? 'nhsuk-button ways__do' : 'nhsuk-button nhsuk-button--secondary ways__do'} href={write} data-way="do">
          {t(draft ? 'today.carry-on' : written ? 'today.do' : 'today.look')}{hidden}
        </a>
      )}
      {standing && (
        <>
          <button type="button" class={written ? 'nhsuk-button nhsuk-button--secondary' : 'nhsuk-button'} data-way="done" onClick={() => void done()}>{t('today.done')}{hidden}</button>
          <button type="button" class="nhsuk-button nhsuk-button--secondary" data-way="not-today"
            onClick={() => go(to('not-today', id, standing.slot))}>{t('today.not-today')}{hidden}</button>
        </>
      )}
      {trouble && <p role="alert" class="nhsuk-error-message">{t('app.broken')}</p>}
    </div>
  )
}

function Answered({ card: { assignment, sheet }, standing }: { card: Card; standing: Standing }) {
  const about = { assignment_id: assignment.assignment_id, slot: standing.slot }
  const said = standing.by?.revision.subject.kind === 'answer'
  const hidden = <span class="nhsuk-u-visually-hidden">: {assignment.title}</span>
  const theirs = saidBy(standing) === 'client'
  const change = theirs && (said
    ? <button type="button" class="link" onClick={() => void answering().then((module) => module.takeBack(about)).then(settle)}>{t('today.undo')}{hidden}</button>
    : <a href={to(unfinished(standing, sheet) ? 'edit' : 'entry', standing.by!.revision.entry_id)}>
      {t(unfinished(standing, sheet) ? 'today.carry-on' : 'today.change')}{hidden}</a>)
  return (
    <div class="answered" role="status">
      <p class="answered__state"><span aria-hidden="true" class="answered__mark" data-state={standing.state}>{MARKS[standing.state]}</span> {stateInWords(standing)}</p>
      {theirs && <SavedState state={standing.by!.state} />}
      {saidBy(standing) === 'staff' && <p>{t('state.by-staff')}</p>}
      <p class="answered__ways">
        {change}
        {said && assignment.worksheet && standing.state === 'done' && <a href={to('write', about.assignment_id, about.slot)}>{t('today.write')}{hidden}</a>}
        {!said && assignment.worksheet && <a href={to('write', about.assignment_id, 'any')}>{t('today.more')}{hidden}</a>}
      </p>
    </div>
  )
}

/** A sheet in parts (plan now, how it went later) is opened again where it was left. */
function unfinished({ state, by }: Standing, sheet: Card['sheet']): boolean {
  if ((sheet?.stages.length ?? 0) < 2 || !by) return false
  return state === 'partial' || state === 'tried' || laterStage(sheet, entryOf(by).answers) !== null
}
