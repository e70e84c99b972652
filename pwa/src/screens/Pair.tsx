// Connects this phone: by link, by QR (the same link) or by a typed code; says so where that would not last.
import '../styles/typed.scss'
import { useEffect, useState } from 'preact/hooks'
import { forgetLinkedCode, go, linkedCode, to } from './go.ts'
import { CopyButton } from './parts/CopyButton.tsx'
import { Heading } from './parts/Heading.tsx'
import { LanguageRow } from './parts/LanguageChoice.tsx'
import { here } from '../actions/keeps.ts'
import type { PairRefusal } from '../actions/pair.ts'
import { inAppBrowser, installed, isApple } from '../actions/platform.ts'
import { retryNow } from '../actions/sending.ts'
import { CODE_LENGTH, grouped, plainCode } from '../sync/code.ts'
import { unsent } from '../sync/kept.ts'
import type { ScreenProps } from './props.ts'
import type { Snapshot } from '../store/snapshot.ts'
import { pairing } from '../words/pairing.ts'
import { speak } from '../words/speak.ts'

const t = speak(pairing)
// Fetched once the page shows: the first page of all opens with little.
const connecting = () => import('../actions/pair.ts')

export default function Pair({ all }: ScreenProps) {
  const [inTab, stay] = useState(false)
  const code = linkedCode()
  useEffect(() => void connecting().then(({ learnService }) => learnService()).catch(() => undefined), [])
  if (inAppBrowser(navigator.userAgent)) return <InApp code={code} />
  if (isApple() && !installed() && !all.device && !inTab) return <InstallFirst code={code} stay={() => stay(true)} />
  return (
    <>
      {!isSecureContext && <div class="notice"><p><strong>{t('http')}</strong></p><p>{t('http-text')}</p></div>}
      {!all.device && <LanguageRow all={all} />}
      <CodeForm all={all} code={code} />
      <p><a href={to('who')}>{t('who')}</a></p>
    </>
  )
}

function CodeForm({ all, code }: { all: Snapshot; code: string | null }) {
  const [typed, type] = useState(code ? grouped(code) : '')
  const [typing, setTyping] = useState(!code)
  const [problem, say] = useState<PairRefusal | null>(null)
  const [busy, setBusy] = useState(false)
  const connect = async (event: Event) => {
    event.preventDefault()
    setBusy(true)
    const refused = await connecting().then(({ pairPhone }) => pairPhone(typed)).catch((): PairRefusal => 'offline')
    setBusy(false)
    say(refused)
    if (refused) return setTyping(true)
    forgetLinkedCode()
    go(to(), true)
    void retryNow()
  }
  return (
    <form onSubmit={connect} noValidate>
      <Why all={all} />
      {problem && (
        <div class="problem" role="alert">
          <h2 class="nhsuk-heading-s">{t('there-is-a-problem')}</h2>
          <p>{t(problem)}</p>
        </div>
      )}
      {typing ? (
        <div class="nhsuk-form-group">
          <label class="nhsuk-label nhsuk-label--m" for="code">{t('code')}</label>
          <div class="nhsuk-hint" id="code-hint">{t('code-hint')}</div>
          <input class="nhsuk-input code-input" id="code" name="code" aria-describedby="code-hint" value={typed}
            autocomplete="one-time-code" autocapitalize="characters" autocorrect="off" spellcheck={false} maxLength={40}
            onInput={(event) => type(event.currentTarget.value)} onBlur={() => type((before) => grouped(before))} />
          <p class="code-count" aria-live="polite">{plainCode(typed).length} / {CODE_LENGTH}</p>
        </div>
      ) : <p class="lede">{t('linked')}</p>}
      <button type="submit" class="nhsuk-button wide" disabled={busy}>{t(busy ? 'connecting' : 'connect')}</button>
      {!typing && <p><button type="button" class="link" onClick={() => { type(''); setTyping(true) }}>{t('other-code')}</button></p>}
    </form>
  )
}

/** Why a code is asked for: a new phone, one that is signed out, or one that is connected already. */
function Why({ all: { device, revisions } }: { all: Snapshot }) {
  const left = revisions.filter(unsent).length
  if (!device) return <><Heading>{t('title')}</Heading><p>{t('text')}</p></>
  if (!device.locked) return <><Heading>{t('already')}</Heading><p>{t('already-text')}</p></>
  return (
    <>
      <Heading>{t('again')}</Heading>
      <p>{t(here('again-text'))}</p>
      {left > 0 && <p><strong>{t(here('again-count'), { n: left })}</strong></p>}
      <p><a href={to('today')}>{t('carry-on')}</a></p>
    </>
  )
}

function InApp({ code }: { code: string | null }) {
  const link = `${location.origin}/${code ? `#pair=${grouped(code)}` : ''}`
  return (
    <>
      <Heading>{t('in-app.title')}</Heading>
      <p>{t('in-app.text')}</p>
      <p>{t('in-app.steps')}</p>
      <CopyButton text={link} label={t('copy-link')} />
    </>
  )
}

function InstallFirst({ code, stay }: { code: string | null; stay: () => void }) {
  return (
    <>
      <Heading>{t('ios.title')}</Heading>
      <p>{t('ios.text')}</p>
      <ol class="nhsuk-list nhsuk-list--number">
        <li>{t('ios.step1')}</li>
        <li>{t('ios.step2')}</li>
        <li>{t('ios.step3')}</li>
        <li>{t(code ? 'ios.step4' : 'ios.no-code')}</li>
      </ol>
      {code && <><p class="big-code">{grouped(code)}</p><CopyButton text={grouped(code)} label={t('copy-code')} /></>}
      <p><button type="button" class="link" onClick={stay}>{t('ios.tab')}</button>{' '}{t('ios.tab-text')}</p>
    </>
  )
}
