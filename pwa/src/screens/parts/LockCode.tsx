// A locked phone that opens with a new code: the PIN was forgotten, or this browser lost its key. Or it is cleared.
import { useEffect, useState } from 'preact/hooks'
import { Heading } from './Heading.tsx'
import { Others } from './Others.tsx'
import { clearPhone } from '../../actions/leave.ts'
import { codeOpens, signInAgain, signInOn, type SignedIn } from '../../actions/lock.ts'
import { retryNow } from '../../actions/sending.ts'
import type { Snapshot } from '../../store/snapshot.ts'
import { lock } from '../../words/lock.ts'
import { pairing } from '../../words/pairing.ts'
import { speak } from '../../words/speak.ts'

const t = speak(lock)

export default function LockCode({ all, back }: { all: Snapshot; back: (() => void) | null }) {
  const [typed, type] = useState('')
  const [came, say] = useState<SignedIn | null>(null)
  const [busy, setBusy] = useState(false)
  const [opens, know] = useState(true)
  useEffect(() => void codeOpens().then(know), [])
  const go = async (way: () => Promise<SignedIn>) => {
    setBusy(true)
    say(await way().catch((): SignedIn => ({ open: false, why: 'offline' })))
    setBusy(false)
  }
  useEffect(() => { if (came?.open) void retryNow() }, [came])
  const why = came && !came.open ? came.why : null
  return (
    <form onSubmit={(event) => { event.preventDefault(); void go(() => signInAgain(typed)) }} noValidate data-lock="sign-in">
      <Heading>{t('code.title')}</Heading>
      {opens ? <Opens all={all} forgot={back !== null} /> : <NoKey waiting={all.waiting} />}
      {why && (
        <div class="problem" role="alert">
          <h2 class="nhsuk-heading-s">{t('problem')}</h2>
          <p>{why === 'no-key-yet' ? t('code.no-key-yet') : speak(pairing)(why)}</p>
        </div>
      )}
      {why === 'no-key-yet' ? <button type="button" class="nhsuk-button wide" disabled={busy} onClick={() => void go(signInOn)}>{t('code.on')}</button> : (
        <>
          <div class="nhsuk-form-group">
            <label class="nhsuk-label nhsuk-label--m" for="code">{t('code.label')}</label>
            <div class="nhsuk-hint" id="code-hint">{t('code.hint')}</div>
            <input class="nhsuk-input code-input" id="code" name="code" aria-describedby="code-hint" value={typed} autocomplete="one-time-code"
              autocapitalize="characters" autocorrect="off" spellcheck={false} maxLength={40} onInput={(event) => type(event.currentTarget.value)} />
          </div>
          <button type="submit" class="nhsuk-button wide" disabled={busy}>{t(busy ? 'opening' : 'open')}</button>
        </>
      )}
      {back && <p><button type="button" class="link" onClick={back}>{t('back')}</button></p>}
      <Clear waiting={all.waiting} others={all.others} />
    </form>
  )
}

/** What a new code does here: it opens what is locked, and nothing is lost. */
function Opens({ all, forgot }: { all: Snapshot; forgot: boolean }) {
  return (
    <>
      {!forgot && <p>{t('code.tried')}</p>}
      <p>{t('code.text')}</p>
      {!forgot && <p><strong>{t('code.nothing-lost')}</strong></p>}
      {all.waiting > 0 && <p><strong>{t('waiting', { n: all.waiting })}</strong></p>}
      {forgot && <p>{t('code.pin')}</p>}
    </>
  )
}

/** The browser lost the key, and the service never held one: a code lets the person back in, and opens nothing of before. */
function NoKey({ waiting }: { waiting: number }) {
  return (
    <>
      <p>{t('code.no-key')}</p>
      {waiting > 0 && <p><strong>{t('code.no-key-waiting', { n: waiting })}</strong></p>}
    </>
  )
}

/** Somebody else's phone now, or nobody wants to wait for a code: said plainly what is lost, then done. */
function Clear({ waiting, others }: { waiting: number; others: number }) {
  const [sure, ask] = useState(false)
  if (!sure) return <p><button type="button" class="link" onClick={() => ask(true)}>{t('clear')}</button></p>
  return (
    <div role="group" aria-label={t('clear')}>
      <p>{t('clear.text')}</p>
      {waiting + others > 0 && (
        <div class="problem" role="alert">
          {waiting > 0 && <p><strong>{t('clear.waiting', { n: waiting })}</strong></p>}
          <Others count={others} />
        </div>
      )}
      <div class="stack">
        <button type="button" class="nhsuk-button nhsuk-button--secondary wide" onClick={() => void clearPhone().then(() => location.replace('/'))}>{t('clear.yes')}</button>
        <button type="button" class="nhsuk-button wide" onClick={() => ask(false)}>{t('clear.no')}</button>
      </div>
    </div>
  )
}
