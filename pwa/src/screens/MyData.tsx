// My data: take a copy, see what is not sent, remove this phone.
import '../styles/forms.scss'
import { useEffect, useState } from 'preact/hooks'
import { to } from './go.ts'
import { back } from './parts/Back.tsx'
import { Heading } from './parts/Heading.tsx'
import { OnlyHere } from './parts/OnlyHere.tsx'
import { Lost } from './parts/Lost.tsx'
import { Looks } from './parts/Looks.tsx'
import { plainCopy } from './parts/plainCopy.ts'
import { TakeCopy } from './parts/TakeCopy.tsx'
import { here } from '../actions/keeps.ts'
import { download, myData, removePhone } from '../actions/leave.ts'
import { onlyHere } from '../actions/onlyHere.ts'
import { setHere } from '../actions/setHere.ts'
import { retryNow } from '../actions/sending.ts'
import type { ScreenProps } from './props.ts'
import type { Snapshot } from '../store/snapshot.ts'
import { dayOf } from '../sync/days.ts'
import { unsent } from '../sync/kept.ts'
import { later } from '../words/later.ts'
import { over } from '../words/over.ts'
import { settings as words } from '../words/settings.ts'
import { speak } from '../words/speak.ts'

const t = speak(words)
const l = speak(later)

export default function MyData({ all }: ScreenProps) {
  const left = all.revisions.filter(unsent).length
  const refused = all.revisions.filter(({ state }) => state === 'refused').length
  const lost = all.sync.damaged?.length ?? 0
  const copy = () => download('meantime.txt', plainCopy(all, dayOf(new Date())))
  const forComputers = () => void myData().then((text) => download('meantime.json', text))
  return (
    <>
      {back()}
      <Heading>{t('data.title')}</Heading>
      <p>{t(here('data.text'))}</p>
      <button type="button" class="nhsuk-button nhsuk-button--secondary" onClick={copy}>{t('data.plain')}</button>
      <p class="small-print">{t('data.download-hint')} {all.kept === 'pin' && t('data.download-pin')}</p>
      <p><button type="button" class="link" onClick={forComputers}>{t('data.download')}</button> <span class="small-print">{t('data.computers')}</span></p>
      {left > 0 && <p><strong>{t('data.unsent', { n: left })}</strong></p>}
      {refused > 0 && <p><strong>{t(here('data.refused'), { n: refused })}</strong></p>}
      {left + refused > 0 ? <TakeCopy all={all} /> : <p>{t('data.none-unsent')}</p>}
      {left + refused === 0 && <Arrived counts={all.sync.counts} />}
      {lost > 0 && <p class="notice">{t('data.damaged', { n: lost })}</p>}
      {all.unreadable > 0 && <Unreadable all={all} />}
      {all.device && !all.device.revoked && <Looks known={all.looks} />}
      <OnlyHere all={all} />
      {all.ownChecks?.kept.length ? <p><a href={to('check')}>{speak(over)('check-before')}</a></p> : null}
      <Remove all={all} copy={copy} />
    </>
  )
}

/** Sealed under a key that is gone, or damaged: told here, and then Today says it no more. */
function Unreadable({ all: { unreadable, settings } }: { all: Snapshot }) {
  useEffect(() => { if (unreadable !== (settings.unreadable_told ?? 0)) void setHere({ unreadable_told: unreadable }) }, [unreadable])
  return (
    <div class="notice">
      <p>{t('data.unreadable', { n: unreadable })}</p>
      <p>{t('data.unreadable-why')}</p>
    </div>
  )
}

/** Counted by the service, at the last contact, so only while nothing waits here: what was saved here and is there, and what another phone never sent. */
function Arrived({ counts }: { counts: Snapshot['sync']['counts'] }) {
  if (!counts?.made && !counts?.elsewhere) return null
  return (
    <>
      {counts.made > 0 && <p class="small-print">{l('counts.here', { n: counts.made, stored: counts.stored })}</p>}
      {counts.elsewhere > 0 && <p class="notice">{l('counts.elsewhere', { n: counts.elsewhere })}</p>}
    </>
  )
}

function Remove({ all, copy }: { all: Snapshot; copy: () => void }) {
  const unsentCount = all.revisions.filter(unsent).length
  const own = unsentCount + onlyHere(all)
  const [step, move] = useState<'start' | 'sure' | 'offline'>('start')
  const [sending, setSending] = useState(false)
  const [tried, setTried] = useState(false)
  const remove = async (anyway: boolean) => {
    const { wiped } = await removePhone(anyway)
    if (wiped) location.replace('/')
    else move('offline')
  }
  const sendFirst = async () => {
    setSending(true)
    await retryNow()
    setSending(false)
    setTried(true)
  }
  return (
    <section>
      <h2 class="nhsuk-heading-m">{t('remove')}</h2>
      <p>{t('remove.text')}</p>
      {step === 'start' && <button type="button" class="nhsuk-button nhsuk-button--secondary" onClick={() => move('sure')}>{t('remove.start')}</button>}
      {step !== 'start' && (
        <div role="group" aria-label={t('remove')}>
          {own + all.others > 0 && (
            <div class="problem" role="alert">
              {unsentCount > 0 && <p><strong>{t('remove.unsent', { n: unsentCount })}</strong></p>}
              {unsentCount > 0 && <button type="button" class="nhsuk-button" disabled={sending} onClick={() => void sendFirst()}>{t(sending ? 'remove.sending' : 'remove.send-first')}</button>}
              {unsentCount > 0 && tried && !sending && <p>{t('remove.not-sent')}</p>}
              <Lost all={all} />
              {own > 0 && <p><button type="button" class="link" onClick={copy}>{t('remove.data')}</button></p>}
            </div>
          )}
          {step === 'offline' && <p role="alert">{t('remove.offline')}</p>}
          <div class="stack">
            <button type="button" class="nhsuk-button nhsuk-button--secondary wide" onClick={() => void remove(step === 'offline')}>{t(step === 'offline' ? 'remove.anyway' : 'remove.sure')}</button>
            <button type="button" class="nhsuk-button wide" onClick={() => move('start')}>{t('remove.cancel')}</button>
          </div>
        </div>
      )}
    </section>
  )
}
