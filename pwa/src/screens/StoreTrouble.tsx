// The phone's storage cannot be used now: say so before anybody types, and take nothing away.
import '../styles/forms.scss'
import { useState } from 'preact/hooks'
import { Heading } from './parts/Heading.tsx'
import { download, rescued } from '../actions/leave.ts'
import type { Trouble } from '../store/database.ts'
import { settings as words } from '../words/settings.ts'
import { speak } from '../words/speak.ts'

const t = speak(words)

export default function StoreTrouble({ kind }: { kind: Trouble }) {
  return (
    <div role="alert">
      <Heading>{t(`store.${kind}`)}</Heading>
      <p>{t(`store.${kind}-text`)}</p>
      {kind === 'newer' && <Rescue />}
      {kind !== 'blocked' && <button type="button" class="nhsuk-button" onClick={() => location.reload()}>{t('store.again')}</button>}
    </div>
  )
}

/** What was written can be taken along, even by an app too old to show it. */
function Rescue() {
  const [missing, say] = useState(false)
  const copy = () => void rescued().then((text) => { say(false); download('meantime.json', text) }, () => say(true))
  return (
    <>
      <p>{t('store.rescue-text')}</p>
      <button type="button" class="nhsuk-button nhsuk-button--secondary" onClick={copy}>{t('store.rescue')}</button>
      <p class="small-print">{t('data.download-hint')}</p>
      <p role="status">{missing && t('store.rescue-not')}</p>
    </>
  )
}
