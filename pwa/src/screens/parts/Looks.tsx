// Who has looked at what this person sent, by day: asked for when it is opened, and kept for when there is no signal.
import { useEffect } from 'preact/hooks'
import { FirstFew } from './FirstFew.tsx'
import { learnLooks, looksByDay } from '../../actions/looks.ts'
import type { Snapshot } from '../../store/snapshot.ts'
import { dayOf } from '../../sync/days.ts'
import { help } from '../../words/help.ts'
import { clockTime, dayInWords, speak } from '../../words/speak.ts'

const t = speak(help)
type What = 'entry' | 'appointment' | 'plan' | 'urgent' | 'phone' | 'client'
const WHAT: What[] = ['entry', 'appointment', 'plan', 'urgent', 'phone', 'client']
const FEW_DAYS = 5

export function Looks({ known }: { known: Snapshot['looks'] }) {
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
