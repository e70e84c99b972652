// The phone's storage cannot be used now: say so before anybody types, and take nothing away.
import '../styles/forms.scss'
import { Heading } from './parts/Heading.tsx'
import type { Trouble } from '../store/database.ts'
import { settings as words } from '../words/settings.ts'
import { speak } from '../words/speak.ts'

const t = speak(words)

export default function StoreTrouble({ kind }: { kind: Trouble }) {
  return (
    <div role="alert">
      <Heading>{t(`store.${kind}`)}</Heading>
      <p>{t(`store.${kind}-text`)}</p>
      {kind !== 'blocked' && <button type="button" class="nhsuk-button" onClick={() => location.reload()}>{t('store.again')}</button>}
    </div>
  )
}
