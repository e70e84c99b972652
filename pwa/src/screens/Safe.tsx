// After an answer about risk, before the thank-you: whom to call, and one question. Works without a network.
import '../styles/forms.scss'
import { useEffect, useState } from 'preact/hooks'
import { go, to } from './go.ts'
import { besides, type Say } from './parts/Beside.tsx'
import { crisisOf, Emergency, nationOf, OwnService, Talk, Urgent } from './parts/Care.tsx'
import { Heading } from './parts/Heading.tsx'
import { entries, isKept } from '../actions/historyView.ts'
import { sheetOf } from '../actions/judged.ts'
import { whileWriting } from '../actions/release.ts'
import { cardsFor } from '../actions/risk.ts'
import { saySafe } from '../actions/saySafe.ts'
import type { ScreenProps } from './props.ts'
import type { Snapshot } from '../store/snapshot.ts'
import { entryOf } from '../sync/standing.ts'
import type { SafeNow } from '../sync/wire.ts'

const ANSWERS: SafeNow[] = ['yes', 'not_sure', 'no']
type Props = { all: Snapshot; t: Say }

/** `safe/<entry>`. Help is shown whatever is known of the entry. */
export default function Safe({ all, parts: [, id] }: ScreenProps) {
  const t = besides(all)
  const [said, say] = useState<SafeNow | null>(null)
  useEffect(() => whileWriting(), []) // no new release takes this page, and what it says now, from somebody who is calling
  const [head] = entries(all.revisions).find((group) => group[0]!.revision.entry_id === id) ?? []
  const abuse = head ? cardsFor(sheetOf(all.worksheets, head), entryOf(head).answers).includes('safety') : false
  const goOn = () => go(id && head ? to('entry', id, 'saved') : to(), true)
  const answer = async (safe: SafeNow) => {
    if (safe !== 'yes') say(safe)
    if (head) await saySafe(head, safe)
    if (safe === 'yes') goOn()
  }
  if (said) return <Now all={all} t={t} abuse={abuse} goOn={goOn} />
  return (
    <>
      <Heading>{t('safe.title')}</Heading>
      <p>{t('safe.watching')} {t('safe.looks')}{head && isKept(all.revisions, head) && <> {t('safe.kept')}</>}</p>
      {abuse && <Abuse all={all} t={t} />}
      <SomeoneNow all={all} t={t} />
      <section class="safe" aria-labelledby="safe">
        <h2 class="nhsuk-heading-m" id="safe">{t('safe.question')}</h2>
        <div class="safe__ways">
          {ANSWERS.map((one) => (
            <button type="button" class="nhsuk-button nhsuk-button--secondary" data-safe={one} key={one} onClick={() => void answer(one)}>{t(`safe.${one}` as 'safe.yes')}</button>
          ))}
        </div>
        <p class="small-print">{t('safe.question-why')}</p>
        <p><button type="button" class="link" data-safe="skip" onClick={goOn}>{t('safe.skip')}</button></p>
      </section>
    </>
  )
}

/** A few lines that fit above the question. */
function SomeoneNow({ all, t }: Props) {
  const crisis = crisisOf(all)
  return (
    <div class="safe-now">
      <section class="care" aria-labelledby="someone">
        <h2 class="care__title" id="someone">{t('safe.talk')}</h2>
        {nationOf(all) === 'northern-ireland'
          ? <a class="call" href="tel:08088088000">{t('safe.call-lifeline')}</a>
          : <a class="call" href="tel:111">{t('safe.call-111')}</a>}
        {crisis && <a class="call" href={crisis.tel}>{t('safe.call-service', { name: crisis.name, number: crisis.number })}</a>}
        <p><a href="tel:999">{t('safe.call-999')}</a></p>
      </section>
      <div class="nhsuk-inset-text"><p><a href="tel:116123">{t('samaritans')}</a></p></div>
    </div>
  )
}

function Now({ all, t, abuse, goOn }: Props & { abuse: boolean; goOn: () => void }) {
  return (
    <>
      <Heading>{t('safe.now')}</Heading>
      <p>{t('safe.now-text')}</p>
      <Emergency all={all} t={t} />
      <Urgent all={all} t={t} />
      {abuse && <Abuse all={all} t={t} />}
      <OwnService all={all} t={t} />
      <Talk all={all} t={t} />
      <button type="button" class="nhsuk-button wide" data-safe="on" onClick={goOn}>{t('safe.go-on')}</button>
    </>
  )
}

const LINES: { [nation: string]: string } = { england: '08082000247', wales: '08088010800', scotland: '08000271234', 'northern-ireland': '08088021414' }

function Abuse({ all, t }: Props) {
  const nation = nationOf(all) in LINES ? nationOf(all) : 'england'
  return (
    <section class="care" aria-labelledby="abuse">
      <h2 class="care__title" id="abuse">{t('abuse.title')}</h2>
      <p>{t('abuse.text')}</p>
      <a class="call" href={`tel:${LINES[nation]}`}>{t(`abuse.${nation}` as 'abuse.england')}</a>
      <p>{t('abuse.danger')}</p>
      <p>{t('abuse.seen')}</p>
    </section>
  )
}
