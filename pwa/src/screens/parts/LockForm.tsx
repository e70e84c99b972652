// The PIN in Settings: choose one, lock now, how soon it locks by itself, turn it off.
import { useEffect, useState } from 'preact/hooks'
import { PinInput } from './PinInput.tsx'
import { choosePin, hasPin, lockNow, takePinOff, type PinRefusal } from '../../actions/lock.ts'
import { setHere } from '../../actions/setHere.ts'
import type { Settings } from '../../store/kinds.ts'
import { keepsNothing } from '../../actions/keeps.ts'
import { lock } from '../../words/lock.ts'
import { speak } from '../../words/speak.ts'

const t = speak(lock)
const AFTER = [1, 5, 15]

export function LockForm({ settings }: { settings: Settings }) {
  const [on, know] = useState<boolean | null>(null)
  const [step, move] = useState<'rest' | 'choose' | 'off'>('rest')
  const learn = () => void hasPin().then((has) => { know(has); move('rest') })
  useEffect(learn, [])
  // On a plain http address nothing can be sealed; where nothing is kept there is nothing to lock.
  if (on === null || !globalThis.crypto?.subtle || keepsNothing()) return null
  return (
    <section data-pin={on ? 'on' : 'off'}>
      <h2 class="nhsuk-heading-m">{t('set')}</h2>
      {step === 'choose' && <Choose done={learn} cancel={() => move('rest')} />}
      {step === 'off' && <Off done={learn} cancel={() => move('rest')} />}
      {step === 'rest' && (on ? <On settings={settings} off={() => move('off')} /> : (
        <>
          <p>{t('set.text')}</p>
          <button type="button" class="nhsuk-button nhsuk-button--secondary" onClick={() => move('choose')}>{t('set.start')}</button>
        </>
      ))}
    </section>
  )
}

function On({ settings, off }: { settings: Settings; off: () => void }) {
  return (
    <>
      <p>{t('set.is-on')} {t('set.forget')}</p>
      <div class="nhsuk-form-group">
        <label class="nhsuk-label" for="lock-after">{t('set.after')}</label>
        <select class="nhsuk-select" id="lock-after" value={settings.lock_after} onChange={(event) => void setHere({ lock_after: Number(event.currentTarget.value) })}>
          {AFTER.map((minutes) => <option value={minutes} key={minutes}>{t('set.minutes', { n: minutes })}</option>)}
        </select>
      </div>
      <p>{t('set.exit')}</p>
      <button type="button" class="nhsuk-button nhsuk-button--secondary" onClick={lockNow}>{t('set.now')}</button>
      <p><button type="button" class="link" onClick={off}>{t('set.off')}</button></p>
    </>
  )
}

type Step = { done: () => void; cancel: () => void }

function Choose({ done, cancel }: Step) {
  const [pin, type] = useState('')
  const [again, typeAgain] = useState('')
  const [problem, say] = useState<PinRefusal | 'differ' | null>(null)
  const [busy, setBusy] = useState(false)
  const save = async (event: Event) => {
    event.preventDefault()
    if (pin !== again) return say('differ')
    setBusy(true)
    const refused = await choosePin(pin)
    setBusy(false)
    say(refused)
    if (!refused) done()
  }
  return (
    <form onSubmit={save} noValidate>
      {problem && <div class="problem" role="alert"><p>{t(`set.${problem}`)}</p></div>}
      <PinInput id="new-pin" label={t('set.pin')} hint={t('set.hint')} value={pin} type={type} />
      <PinInput id="new-pin-again" label={t('set.again')} value={again} type={typeAgain} />
      <p>{t('set.forget')}</p>
      <button type="submit" class="nhsuk-button" disabled={busy}>{t(busy ? 'set.saving' : 'set.save')}</button>
      <p><button type="button" class="link" onClick={cancel}>{t('set.cancel')}</button></p>
    </form>
  )
}

function Off({ done, cancel }: Step) {
  const [pin, type] = useState('')
  const [wrong, say] = useState(false)
  const off = async (event: Event) => {
    event.preventDefault()
    if (await takePinOff(pin)) return done()
    type('')
    say(true)
  }
  return (
    <form onSubmit={off} noValidate>
      {wrong && <div class="problem" role="alert"><p>{t('set.wrong')}</p></div>}
      <PinInput id="old-pin" label={t('set.old')} value={pin} type={type} />
      <button type="submit" class="nhsuk-button nhsuk-button--secondary">{t('set.off-yes')}</button>
      <p><button type="button" class="link" onClick={cancel}>{t('set.cancel')}</button></p>
    </form>
  )
}
