// Somebody else may look at this phone: what is shown of what was sent, and whether anything is kept here at all.
import { useState } from 'preact/hooks'
import { Lost } from './Lost.tsx'
import { Tick } from './Tick.tsx'
import { download, myData } from '../../actions/leave.ts'
import { changeOnlineOnly, type Chosen } from '../../actions/online.ts'
import { onlyHere } from '../../actions/onlyHere.ts'
import { sharedPhone } from '../../actions/pair.ts'
import { setHere } from '../../actions/setHere.ts'
import type { Snapshot } from '../../store/snapshot.ts'
import { onlineOnly } from '../../actions/keeps.ts'
import { lock } from '../../words/lock.ts'
import { settings as words } from '../../words/settings.ts'
import { speak } from '../../words/speak.ts'

const t = speak(lock)
const copy = () => void myData().then((text) => download('meantime.json', text))

export function SharedPhone({ all }: { all: Snapshot }) {
  const { device, settings } = all
  const [became, say] = useState<Chosen | null>(null)
  const online = async (on: boolean, anyway = false) => {
    const now = await changeOnlineOnly(on, anyway)
    if (now === 'done') location.replace('/')
    else say(now)
  }
  const shared = device?.shared_phone ?? false
  const chosen = onlineOnly()
  return (
    <>
      <Tick id="shared-phone" label={speak(words)('privacy.shared')} on={shared}
        set={(on) => void sharedPhone(on).then(() => setHere({ leave_nothing: on && settings.leave_nothing }))} />
      {(shared || settings.leave_nothing) && (
        <Tick id="leave-nothing" label={t('nothing')} hint={t('nothing-hint')} on={settings.leave_nothing} set={(leave_nothing) => void setHere({ leave_nothing })} />
      )}
      {(shared || chosen === 'chosen') && chosen !== 'forced' && (
        <Tick id="online-only" label={t('online')} hint={t('online-hint')} on={chosen === 'chosen'} set={(on) => void online(on)} />
      )}
      {settings.leave_nothing && <p class="notice">{speak(words)('privacy.nothing')}</p>}
      {became === 'waits' && <p class="notice" role="alert">{t('online.waits')}</p>}
      {became === 'would-lose' && (
        <div class="problem" role="alert">
          <Lost all={all} />
          {onlyHere(all) > 0 && <p><button type="button" class="link" onClick={copy}>{speak(words)('remove.data')}</button></p>}
          <button type="button" class="nhsuk-button nhsuk-button--secondary wide" onClick={() => void online(chosen !== 'chosen', true)}>{t('online.anyway')}</button>
        </div>
      )}
    </>
  )
}
