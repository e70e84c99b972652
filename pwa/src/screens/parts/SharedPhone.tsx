// Somebody else may look at this phone: what is shown of what was sent, and whether anything is kept here at all.
import { useState } from 'preact/hooks'
import { Tick } from './Tick.tsx'
import { changeOnlineOnly } from '../../actions/online.ts'
import { sharedPhone } from '../../actions/pair.ts'
import { setHere } from '../../actions/setHere.ts'
import type { Snapshot } from '../../store/snapshot.ts'
import { onlineOnly } from '../../actions/keeps.ts'
import { lock } from '../../words/lock.ts'
import { settings as words } from '../../words/settings.ts'
import { speak } from '../../words/speak.ts'

const t = speak(lock)

export function SharedPhone({ all: { device, settings } }: { all: Snapshot }) {
  const [waits, say] = useState(false)
  const online = async (on: boolean) => {
    if (await changeOnlineOnly(on)) location.replace('/')
    else say(true)
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
      {waits && <p class="notice" role="alert">{t('online.waits')}</p>}
    </>
  )
}
