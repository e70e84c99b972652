// The phone is locked: the PIN opens it, or a new code from the practitioner. Help is one tap away all the same.
import '../styles/typed.scss'
import { useState } from 'preact/hooks'
import { lazy } from './lazy.tsx'
import { Heading } from './parts/Heading.tsx'
import { PinInput } from './parts/PinInput.tsx'
import { retryNow } from '../actions/sending.ts'
import type { Snapshot } from '../store/snapshot.ts'
import { en } from '../words/en.ts'
import { lock } from '../words/lock.ts'
import { speak } from '../words/speak.ts'

const t = speak(lock)
const common = speak(en)
/** So many tries before the last, it says what comes after that. */
const FEW = 3
// Fetched when first wanted: the lock opens with little.
const opening = () => import('../actions/lock.ts')
const LockCode = lazy(() => import('./parts/LockCode.tsx'))

export default function Lock({ all }: { all: Snapshot }) {
  const [forgot, say] = useState(false)
  if (all.lock === 'sign-in' || forgot) return <LockCode all={all} back={all.lock === 'pin' ? () => say(false) : null} />
  return <Pin all={all} forgot={() => say(true)} />
}

function Pin({ all, forgot }: { all: Snapshot; forgot: () => void }) {
  const [pin, type] = useState('')
  const [left, say] = useState<number | null>(null)
  const [missing, setMissing] = useState(false)
  const [busy, setBusy] = useState(false)
  const open = async (event: Event) => {
    event.preventDefault()
    if (!pin || busy) return
    setBusy(true)
    const module = await opening().catch(() => null)
    setMissing(module === null)
    const tried = await module?.unlock(pin)
    setBusy(false)
    if (!tried) return
    type('')
    if (tried.open) return void retryNow()
    say(tried.left)
    document.getElementById('pin')?.focus()
  }
  return (
    <form onSubmit={open} noValidate data-lock="pin">
      <Heading>{t('title')}</Heading>
      <p>{t('text')}</p>
      {all.waiting > 0 && <p><strong>{t('waiting', { n: all.waiting })}</strong></p>}
      {left !== null && <div class="problem" role="alert"><p>{t('wrong', { n: left })}</p>{left <= FEW && <p>{t('wrong.after')}</p>}</div>}
      {missing && <div class="problem" role="alert"><p>{common('app.chunk')}</p></div>}
      <PinInput id="pin" label={t('pin')} value={pin} type={type} />
      <button type="submit" class="nhsuk-button wide" disabled={busy}>{t(busy ? 'opening' : 'open')}</button>
      <p><button type="button" class="link" onClick={forgot}>{t('forgot')}</button></p>
    </form>
  )
}
