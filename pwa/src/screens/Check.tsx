// The monthly check somebody keeps for themself: it stays on this phone, and nobody at the service reads it.
import { useState } from 'preact/hooks'
import { go, to } from './go.ts'
import { back } from './parts/Back.tsx'
import { Heading } from './parts/Heading.tsx'
import { Reading } from './parts/Guide.tsx'
import { OwnForm } from './parts/OwnForm.tsx'
import { inRows } from './parts/inRows.ts'
import { dated } from './parts/saidBesides.ts'
import { calendar, keepCheck, sheetHere, stopChecks } from '../actions/afterwards.ts'
import { here } from '../actions/keeps.ts'
import { download } from '../actions/leave.ts'
import type { ScreenProps } from './props.ts'
import { dayOf } from '../sync/days.ts'
import { over } from '../words/over.ts'
import { speak } from '../words/speak.ts'

const t = speak(over)

export default function Check({ all, parts: [, just] }: ScreenProps) {
  const { sheet: id, kept, first, until } = all.ownChecks!
  const sheet = sheetHere(all, id)
  const save = async (answers: Parameters<typeof keepCheck>[2]) => {
    await keepCheck(sheet!, dayOf(new Date()), answers)
    go(to('check', 'saved'), true)
    scrollTo(0, 0)
  }
  const remind = () => download('meantime.ics', calendar({ first, until }, new Date()))
  return (
    <>
      {back()}
      <Heading>{t('check')}</Heading>
      <div class="nhsuk-inset-text"><p><strong>{t('check-nobody')}</strong> {t(here('check-here'))}</p><p>{t('help')}</p></div>
      {just === 'saved' && <p class="notice" role="status">{t(here('check-saved'))}</p>}
      {just !== 'saved' && (sheet ? <OwnForm sheet={sheet} draft={id} start={{}} label={t(here('check-save'))} save={save} /> : <p>{t('not-here')}</p>)}
      {kept.length > 0 && <h2 class="nhsuk-heading-m">{t('check-before')}</h2>}
      {kept.map(({ id, day, sheet: key, answers }) => (
        <details class="nhsuk-details" key={id}>
          <summary class="nhsuk-details__summary"><span class="nhsuk-details__summary-text">{dated(day)}</span></summary>
          <div class="nhsuk-details__text"><Reading rows={inRows(all.translated.get(key) ?? all.worksheets.get(key) ?? null, answers)} /></div>
        </details>
      ))}
      {until >= dayOf(new Date()) && (
        <>
          <p><button type="button" class="nhsuk-button nhsuk-button--secondary" onClick={remind}>{t('check-calendar')}</button></p>
          <p class="small-print">{t('check-calendar-hint')}</p>
        </>
      )}
      <Stop />
    </>
  )
}

function Stop() {
  const [sure, ask] = useState(false)
  if (!sure) return <p><button type="button" class="link" onClick={() => ask(true)}>{t('check-stop')}</button></p>
  return (
    <div role="group" aria-label={t('check-stop')}>
      <p>{t('check-stop-sure')}</p>
      <div class="ways">
        <button type="button" class="nhsuk-button nhsuk-button--secondary" onClick={() => void stopChecks().then(() => go(to(), true))}>{t('check-stop-yes')}</button>
        <button type="button" class="nhsuk-button nhsuk-button--secondary" onClick={() => ask(false)}>{t('check-stop-no')}</button>
      </div>
    </div>
  )
}
