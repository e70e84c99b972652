// Who sees what: the rows of the table in words/who-sees.json, in its order; and who has looked.
import '../styles/forms.scss'
import { useEffect } from 'preact/hooks'
import { back } from './parts/Back.tsx'
import { besides } from './parts/Beside.tsx'
import { FirstFew } from './parts/FirstFew.tsx'
import { Heading } from './parts/Heading.tsx'
import { learnLooks, looksByDay } from '../actions/looks.ts'
import type { ScreenProps } from './props.ts'
import type { Snapshot } from '../store/snapshot.ts'
import { dayOf } from '../sync/days.ts'
import { help } from '../words/help.ts'
import { clockTime, dayInWords, speak } from '../words/speak.ts'
import table from '../words/who-sees.json' with { type: 'json' }

const t = speak(help)
type Who = 'client' | 'linked' | 'practitioner' | 'supervisor' | 'service_lead' | 'administrator' | 'researcher' | 'operator'
type What = 'entry' | 'appointment' | 'plan' | 'phone' | 'client'
const WHAT: What[] = ['entry', 'appointment', 'plan', 'phone', 'client']
const FEW_DAYS = 5

export default function WhoSees({ all }: ScreenProps) {
  const b = besides(all)
  return (
    <>
      {back()}
      <Heading>{b('who.title')}</Heading>
      <p class="lede">{b('who.short')}</p>
      {all.service?.reading_promise && <p>{all.service.reading_promise}</p>}
      <dl class="who">
        {table.rows.map(({ who }) => (
          <div key={who} data-who={who}>
            <dt>{b(`who.${who as Who}`)}</dt>
            <dd>{b(`who.${who as Who}-sees`)}</dd>
          </div>
        ))}
      </dl>
      {all.device && !all.device.revoked && <Looks known={all.looks} />}
      <h2 class="nhsuk-heading-m">{b('who.phone')}</h2>
      <p>{b('who.phone-text')} {b('who.draft')}</p>
    </>
  )
}

function Looks({ known }: { known: Snapshot['looks'] }) {
  useEffect(() => void learnLooks(), [])
  const days = looksByDay(known?.looks ?? []).map(({ day, looks }) => (
    <li key={day}>
      <h3 class="nhsuk-heading-s">{dayInWords(day)}</h3>
      <ul class="nhsuk-list">{looks.map((look) => <li key={look.at + look.what}>{lookInWords(look.by, look.what)}</li>)}</ul>
    </li>
  ))
  return (
    <section data-looks>
      <h2 class="nhsuk-heading-m">{t('looks.title')}</h2>
      {!known && <p>{t('looks.not-known')}</p>}
      {known && days.length === 0 && <p>{t('looks.none')}</p>}
      {days.length > 0 && <FirstFew few={FEW_DAYS} items={days} about={t('looks.title')} wrap={(shown) => <ul class="nhsuk-list">{shown}</ul>} />}
      {known && <p class="small-print">{t('looks.checked', { day: dayInWords(dayOf(new Date(known.checked_at))), time: clockTime(known.checked_at) })}</p>}
    </section>
  )
}

function lookInWords(by: string, what: string): string {
  return t(`looks.${WHAT.find((one) => one === what) ?? 'client'}`, { who: by || t('looks.somebody') })
}
