// A code for the installed app of the same person, since an iPhone's tab and app share nothing.
import { useState } from 'preact/hooks'
import { CopyButton } from './CopyButton.tsx'
import { codeForApp } from '../../actions/pair.ts'
import { grouped } from '../../sync/code.ts'
import { pairing } from '../../words/pairing.ts'
import { settings as words } from '../../words/settings.ts'
import { speak } from '../../words/speak.ts'

const t = speak(words)

export function InstallCode() {
  const [code, show] = useState<string | null>(null)
  const [offline, setOffline] = useState(false)
  const get = async () => {
    const found = await codeForApp().catch(() => null)
    show(found && grouped(found.code))
    setOffline(!found)
  }
  return (
    <section>
      <h2 class="nhsuk-heading-m">{t('app.code')}</h2>
      <p>{t('app.code-text')}</p>
      {code
        ? <div role="status"><p class="big-code">{code}</p><CopyButton text={code} label={speak(pairing)('copy-code')} /></div>
        : <button type="button" class="nhsuk-button nhsuk-button--secondary" onClick={() => void get()}>{t('app.code-get')}</button>}
      {offline && <p role="alert">{t('app.code-offline')}</p>}
    </section>
  )
}
