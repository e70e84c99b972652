// The service ended this device: say how much was not sent, let it be copied, then clear.
import '../styles/forms.scss'
import { useEffect } from 'preact/hooks'
import { CopyButton } from './parts/CopyButton.tsx'
import { Heading } from './parts/Heading.tsx'
import { OnlyHere } from './parts/OnlyHere.tsx'
import { Others } from './parts/Others.tsx'
import { clearPhone } from '../actions/leave.ts'
import type { Snapshot } from '../store/snapshot.ts'
import { unsent } from '../sync/kept.ts'
import { settings as words } from '../words/settings.ts'
import { speak } from '../words/speak.ts'

const t = speak(words)

export default function Ended({ all }: { all: Snapshot }) {
  const left = all.revisions.filter(unsent)
  const count = all.device?.revoked?.unsent ?? left.length
  // They have been told: leaving this page clears the phone as the button does.
  useEffect(() => {
    const gone = () => void clearPhone()
    addEventListener('pagehide', gone)
    return () => removeEventListener('pagehide', gone)
  }, [])
  return (
    <>
      <Heading>{t('ended.title')}</Heading>
      <p>{t('ended.text')}</p>
      <p><strong>{count > 0 ? t('ended.unsent', { n: count }) : t('ended.none')}</strong></p>
      {left.length > 0 && <CopyButton text={JSON.stringify(left.map((kept) => kept.revision), null, 2)} label={t('data.copy')} />}
      <OnlyHere all={all} />
      <Others count={all.others} />
      <p><button type="button" class="nhsuk-button wide" onClick={() => void clearPhone().then(() => location.replace('/'))}>{t('ended.clear')}</button></p>
    </>
  )
}
