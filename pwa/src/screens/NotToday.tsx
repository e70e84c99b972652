// Not today: one tap why, optional; then smaller, another day, swap, or keep. Saved at the first tap, changed by the next.
import '../styles/forms.scss'
import { useState } from 'preact/hooks'
import { go, to } from './go.ts'
import { back } from './parts/Back.tsx'
import { Heading, NextHeading } from './parts/Heading.tsx'
import { SavedState } from './parts/SavedState.tsx'
import { AnotherDay, Smaller, Swap } from './parts/Outcomes.tsx'
import { answer } from '../actions/answer.ts'
import { here } from '../actions/keeps.ts'
import { firstSaid, offeredBarriers, wayOn, type Barrier } from '../actions/notToday.ts'
import type { ScreenProps } from './props.ts'
import { TooLong } from '../sync/wellFormed.ts'
import type { AnswerPayload, Outcome } from '../sync/wire.ts'
import { later } from '../words/later.ts'
import { sheet as words } from '../words/sheet.ts'
import { speak } from '../words/speak.ts'

const t = speak(later)
const isKnown = (code: string) => `barrier.${code}` in later

export default function NotToday({ all, parts: [, id, slot] }: ScreenProps) {
  const assignment = all.assignments.find((one) => one.assignment_id === id)
  const [barrier, why] = useState<Barrier | null>(null)
  const [outcome, choose] = useState<Outcome | null>(null)
  const [trouble, setTrouble] = useState<string | null>(null)
  if (!assignment || !slot) return null
  const about = { assignment_id: assignment.assignment_id, slot }
  const sheet = assignment.worksheet ? all.worksheets.get(`${assignment.worksheet.id}.v${assignment.worksheet.version}`) : undefined
  const say = async (payload: AnswerPayload): Promise<boolean> => {
    try {
      await answer(about, payload)
      setTrouble(null)
      return true
    } catch (error) {
      setTrouble(error instanceof TooLong ? speak(words)('trouble.too-long') : t('not-saved'))
      return false
    }
  }
  const tell = async (given: Barrier) => {
    if (await say(firstSaid(given))) why(given)
  }
  const finish = async (chosen: Outcome, more: Partial<AnswerPayload> = {}) => {
    if (!(await say(wayOn(barrier, chosen, more)))) return
    if (chosen === 'smaller') choose('smaller')
    else go(to(), true)
  }
  return (
    <>
      {back()}
      <Heading caption={assignment.title}>{t('not.title')}</Heading>
      {trouble && <p role="alert" class="problem">{trouble}</p>}
      {!barrier && <Why codes={offeredBarriers(sheet, isKnown)} event={assignment.rhythm.kind === 'event'} nothings={sheet?.nothing_happened ?? false} tell={tell}
        nothing={async () => { if (await say({ answer: 'nothing_happened' })) go(to(), true) }} />}
      {barrier && !outcome && <WhatNow all={all} barrier={barrier} choose={choose} finish={finish} />}
      {outcome === 'smaller' && <Smaller sheet={sheet} about={about} hasSheet={assignment.worksheet !== null} />}
      {outcome === 'another_day' && <AnotherDay all={all} finish={(moved_to) => void finish('another_day', { moved_to })} />}
      {outcome === 'swap' && <Swap all={all} assignment={assignment} finish={(more) => void finish('swap', more)} />}
    </>
  )
}

function Why({ codes, event, nothings, tell, nothing }: {
  codes: string[]; event: boolean; nothings: boolean; tell: (barrier: Barrier) => void; nothing: () => void
}) {
  const [other, setOther] = useState(false)
  const [words, write] = useState('')
  const nothingHappened = nothings && <li><button type="button" class="tap" onClick={nothing}>{t('barrier.no_trigger')}</button></li>
  return (
    <>
      <p>{t('not.fine')}</p>
      <h2 class="nhsuk-heading-m">{t('not.why')}</h2>
      <p class="nhsuk-hint">{t('not.why-hint')}</p>
      <ul class="taps">
        {event && nothingHappened}
        {codes.map((code) => (
          <li key={code}><button type="button" class="tap" data-barrier={code} onClick={() => tell({ code })}>{t(`barrier.${code}` as keyof typeof later & string)}</button></li>
        ))}
        {!event && nothingHappened}
        <li><button type="button" class="tap" aria-expanded={other} onClick={() => setOther(true)}>{t('not.other')}</button></li>
        {other && (
          <li class="tap__more">
            <label class="nhsuk-label" for="other-words">{t('not.other-words')}</label>
            <textarea class="nhsuk-textarea" id="other-words" rows={2} maxLength={2000} value={words} onInput={(e) => write(e.currentTarget.value)} />
            <button type="button" class="nhsuk-button" onClick={() => tell({ code: 'something_else', words: words.trim() || undefined })}>{t('not.next')}</button>
          </li>
        )}
        <li><button type="button" class="tap" onClick={() => tell({ code: 'prefer_not_say' })}>{t('barrier.prefer_not_say')}</button></li>
      </ul>
      <p><button type="button" class="link" data-way="skip" onClick={() => tell({})}>{t('not.skip')}</button></p>
    </>
  )
}

function WhatNow({ all, barrier, choose, finish }: {
  all: ScreenProps['all']; barrier: Barrier; choose: (outcome: Outcome) => void; finish: (outcome: Outcome) => void
}) {
  const last = all.revisions.reduce((a, b) => (!a || b.revision.device_seq > a.revision.device_seq && b.mine ? b : a), all.revisions[0])
  return (
    <>
      <p role="status">{barrier.code === 'unwell_physical' ? t('not.not-counted') : t(here('not.saved'))}</p>
      {last && <SavedState state={last.state} />}
      <NextHeading>{t('not.what-now')}</NextHeading>
      <ul class="taps">
        <Way name="smaller" click={() => finish('smaller')} />
        <Way name="another" click={() => choose('another_day')} />
        <Way name="swap" click={() => choose('swap')} />
        <Way name="keep" click={() => finish('keep')} />
      </ul>
      <p><a href={to()}>{t('not.enough')}</a></p>
    </>
  )
}

function Way({ name, click }: { name: 'smaller' | 'another' | 'swap' | 'keep'; click: () => void }) {
  return (
    <li>
      <button type="button" class="tap" data-outcome={name} onClick={click}>
        <strong>{t(`not.${name}`)}</strong> <span class="tap__hint">{t(`not.${name}-hint`)}</span>
      </button>
    </li>
  )
}
