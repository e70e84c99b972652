// Something I did earlier: which task, which day, about what time; then its worksheet, or one tap.
import '../styles/forms.scss'
import { useState } from 'preact/hooks'
import { go, to } from './go.ts'
import { back } from './parts/Back.tsx'
import { Heading } from './parts/Heading.tsx'
import type { ScreenProps } from './props.ts'
import { addDays, dayOf, localOf } from '../sync/days.ts'
import type { Assignment } from '../sync/wire.ts'
import { later } from '../words/later.ts'
import { sheet as words } from '../words/sheet.ts'
import { dayInWords, speak } from '../words/speak.ts'

const t = speak(later)

export default function Earlier({ all }: ScreenProps) {
  const today = dayOf(new Date())
  const [day, setDay] = useState(addDays(today, -1))
  const [time, setTime] = useState('12:00')
  const [late, setLate] = useState<string | null>(null)
  const tasks = all.assignments.filter((one) => one.state === 'open' || one.state === 'ended')
  const sheetOf = (one: Assignment) => (one.worksheet ? all.worksheets.get(`${one.worksheet.id}.v${one.worksheet.version}`) : undefined)
  const open = (one: Assignment) => {
    const local = earliest(`${day}T${time}`, localOf(new Date()))
    const sheet = sheetOf(one)
    const hours = (Date.parse(`${localOf(new Date())}Z`) - Date.parse(`${local}Z`)) / 3_600_000
    if (sheet?.backfill_hours && hours > sheet.backfill_hours) return setLate(sheet.backfill_note ?? '')
    go(to('write', one.assignment_id, 'any', local))
  }
  const days = Array.from({ length: 14 }, (_, ago) => addDays(today, -ago))
  return (
    <>
      {back()}
      <Heading>{t('earlier.title')}</Heading>
      <p>{t('earlier.text')}</p>
      {tasks.length === 0 ? <p>{t('earlier.none')}</p> : (
        <>
          <div class="nhsuk-form-group">
            <label class="nhsuk-label nhsuk-label--s" for="day">{t('earlier.day')}</label>
            <select class="nhsuk-select" id="day" value={day} onChange={(event) => { setDay(event.currentTarget.value); setLate(null) }}>
              {days.map((one, ago) => <option value={one} key={one}>{ago === 0 ? t('earlier.today') : ago === 1 ? t('earlier.yesterday') : dayInWords(one)}</option>)}
            </select>
          </div>
          <div class="nhsuk-form-group">
            <label class="nhsuk-label nhsuk-label--s" for="time">{t('earlier.time')}</label>
            <input class="nhsuk-input time-input" type="time" id="time" value={time} onInput={(event) => { setTime(event.currentTarget.value || time); setLate(null) }} />
          </div>
          <h2 class="nhsuk-heading-s">{t('earlier.which')}</h2>
          {late !== null && <p class="notice" role="alert">{late}</p>}
          <ul class="taps">
            {tasks.map((one) => <li key={one.assignment_id}><button type="button" class="tap" onClick={() => open(one)}>{one.title}</button></li>)}
          </ul>
          <p class="small-print">{speak(words)('not-emergency')}</p>
        </>
      )}
    </>
  )
}

/** Nobody did anything in the future: a later time today means now. */
function earliest(local: string, now: string): string {
  return local > now ? now : local
}
