// The service ended this device: say how much was not sent, let it be copied, then clear.
import '../styles/forms.scss'
import { useEffect, useState } from 'preact/hooks'
import { Heading } from './parts/Heading.tsx'
import { Lost } from './parts/Lost.tsx'
import { Others } from './parts/Others.tsx'
import { TakeCopy } from './parts/TakeCopy.tsx'
import { clearPhone } from '../actions/leave.ts'
import { onlyHere } from '../actions/onlyHere.ts'
import { whileWriting } from '../actions/release.ts'
import type { Snapshot } from '../store/snapshot.ts'
import { unsent } from '../sync/kept.ts'
import { lock } from '../words/lock.ts'
import { settings as words } from '../words/settings.ts'
import { speak } from '../words/speak.ts'

const t = speak(words)
const l = speak(lock)

export default function Ended({ all }: { all: Snapshot }) {
  const left = all.revisions.filter(unsent).length
  const count = all.device?.revoked?.unsent ?? left
  const own = left + onlyHere(all)
  // They have been told: leaving this page clears the phone as the button does.
  useEffect(() => {
    const gone = () => void clearPhone()
    addEventListener('pagehide', gone)
    const allow = whileWriting() // a new release would load this page again, and so clear what they are being told of
    return () => {
      removeEventListener('pagehide', gone)
      allow()
    }
  }, [])
  return (
    <>
      <Heading>{t('ended.title')}</Heading>
      <p>{t('ended.text')}</p>
      <p><strong>{count > 0 ? t('ended.unsent', { n: count }) : t('ended.none')}</strong></p>
      <Lost all={all} />
      {own > 0 && <p>{t('ended.leave')}</p>}
      {own > 0 && <TakeCopy all={all} first />}
      <Clear own={own} others={all.others} />
    </>
  )
}

/** What is nowhere else is asked about a second time, by its number. No copy holds what others left. */
function Clear({ own, others }: { own: number; others: number }) {
  const [sure, ask] = useState(false)
  const clear = () => void clearPhone().then(() => location.replace('/'))
  if (own + others === 0) return <p><button type="button" class="nhsuk-button wide" onClick={clear}>{t('ended.clear')}</button></p>
  if (!sure) return <p><button type="button" class="nhsuk-button nhsuk-button--secondary" onClick={() => ask(true)}>{t('ended.clear')}</button></p>
  return (
    <div role="group" aria-label={t('ended.clear')}>
      <div class="problem" role="alert">
        {own > 0 && <p><strong>{t('ended.sure', { n: own })}</strong></p>}
        <Others count={others} />
      </div>
      <div class="stack">
        <button type="button" class="nhsuk-button nhsuk-button--secondary wide" onClick={clear}>{l('clear.yes')}</button>
        <button type="button" class="nhsuk-button wide" onClick={() => ask(false)}>{l('clear.no')}</button>
      </div>
    </div>
  )
}
