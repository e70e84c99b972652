// The first opening: what this is, whether others look at this phone, a reminder time, and only then the browser's question.
import '../styles/forms.scss'
import { useState } from 'preact/hooks'
import { to } from './go.ts'
import { Heading } from './parts/Heading.tsx'
import { Lost } from './parts/Lost.tsx'
import { EXPLAINED, reachWords } from './parts/reachWords.ts'
import { Tick } from './parts/Tick.tsx'
import { changeOnlineOnly, type Chosen } from '../actions/online.ts'
import { sharedPhone } from '../actions/pair.ts'
import { installed, isApple } from '../actions/platform.ts'
import { aboutMe } from '../actions/personal.ts'
import { allowReminders, reach, stopHere, type Reach } from '../actions/remindMe.ts'
import { set } from '../actions/say.ts'
import { setHere } from '../actions/setHere.ts'
import type { ScreenProps } from './props.ts'
import { here, onlineOnly } from '../actions/keeps.ts'
import type { Snapshot } from '../store/snapshot.ts'
import { en } from '../words/en.ts'
import { lock } from '../words/lock.ts'
import { pairing } from '../words/pairing.ts'
import { speak } from '../words/speak.ts'

const t = speak(pairing)
const common = speak(en)

export default function Welcome({ all }: ScreenProps) {
  if (all.settings.welcome === 'what') return <What all={all} />
  if (all.settings.welcome === 'shared') return <Shared all={all} key="shared" />
  return <Reminder all={all} key="reminder" />
}

function What({ all }: { all: Snapshot }) {
  const name = aboutMe(all.revisions).words.name?.trim() || all.device?.preferred_name
  return (
    <>
      <Heading>{t('what.title')}</Heading>
      {name && <p class="lede">{t('what.hello', { name })}</p>}
      <ul class="nhsuk-list nhsuk-list--bullet">
        <li>{t('what.1')}</li>
        <li>{t(here('what.2'))}</li>
        <li>{t('what.3')}</li>
      </ul>
      <h2 class="nhsuk-heading-m">{t('what.nobody')}</h2>
      <p>{t('what.nobody-text')}</p>
      <h2 class="nhsuk-heading-m">{t('what.promise')}</h2>
      <p>{all.service?.reading_promise || t('what.no-promise')}</p>
      <p><a href={to('who')}>{t('who')}</a></p>
      <div class="nhsuk-inset-text"><p>{common(all.kept === 'unsealed' ? 'anyone.open' : `anyone.${all.kept}`)} {t('what.screen-lock')}</p></div>
      <button type="button" class="nhsuk-button wide" onClick={() => void setHere({ welcome: 'shared' })}>{t('next')}</button>
    </>
  )
}

function Shared({ all }: { all: Snapshot }) {
  const [shared, say] = useState(false)
  const [quiet, setQuiet] = useState(true)
  const [nothing, setNothing] = useState(false)
  const [online, setOnline] = useState(false)
  const [became, tell] = useState<Chosen | null>(null)
  const finish = async (yes: boolean) => {
    if (yes && online) {
      const now = await changeOnlineOnly(true, became === 'would-lose')
      return now === 'done' ? location.replace('/') : tell(now)
    }
    await sharedPhone(yes)
    const silent = yes && (quiet || nothing)
    if (silent) void stopHere()
    await setHere({ notifications: !silent, leave_nothing: yes && nothing, welcome: silent ? 'finished' : 'reminder' })
  }
  return (
    <>
      <Heading>{t('shared.title')}</Heading>
      <p>{t('shared.text')}</p>
      {!shared && (
        <div class="stack">
          <button type="button" class="nhsuk-button wide" onClick={() => void finish(false)}>{t('shared.no')}</button>
          <button type="button" class="nhsuk-button nhsuk-button--secondary wide" onClick={() => say(true)}>{t('shared.yes')}</button>
        </div>
      )}
      {shared && (
        <>
          <fieldset class="nhsuk-fieldset">
            <legend class="nhsuk-fieldset__legend nhsuk-fieldset__legend--m">{t('shared.choices')}</legend>
            <Tick id="quiet" label={t('shared.quiet')} hint={t('shared.quiet-hint')} on={quiet} set={setQuiet} />
            <Tick id="nothing" label={t('shared.nothing')} hint={t('shared.nothing-hint')} on={nothing} set={setNothing} />
            {onlineOnly() === null && <Tick id="online-only" label={speak(lock)('online')} hint={speak(lock)('online-hint')} on={online} set={setOnline} />}
          </fieldset>
          <p>{t('shared.exit')}</p>
          {online && became && <NotYet became={became} all={all} />}
          <button type="button" class="nhsuk-button wide" onClick={() => void finish(true)}>{online && became === 'would-lose' ? speak(lock)('online.anyway') : t('next')}</button>
        </>
      )}
    </>
  )
}

/** Why *Keep nothing on this phone* is not done yet: something would be lost by it. */
function NotYet({ became, all }: { became: Chosen; all: Snapshot }) {
  if (became === 'waits') return <p class="notice" role="alert">{speak(lock)('online.waits')}</p>
  return <div class="problem" role="alert"><Lost all={all} /></div>
}

function Reminder({ all }: { all: Snapshot }) {
  const [at, setAt] = useState(all.settings.reminder.on ? all.settings.reminder.at : firstPlanned(all) ?? all.settings.reminder.at)
  const [answer, say] = useState<Reach | null>(null)
  const can = reach(installed(), isApple())
  const finish = () => setHere({ welcome: 'finished' })
  const [busy, setBusy] = useState(false)
  const yes = async () => {
    setBusy(true)
    await set({ reminder: { ...all.settings.reminder, on: true, at } })
    const became = can === 'not-asked' || can === 'on' ? await allowReminders() : can
    await setHere({ reach: became })
    if (became === 'on') await finish()
    else say(became)
  }
  const no = async () => {
    // Chosen on another phone of theirs: it goes on there.
    if (!all.settings.reminder.on) await set({ reminder: { ...all.settings.reminder, on: false } })
    void stopHere()
    await finish()
  }
  if (answer) {
    return (
      <>
        <Heading>{t('reminder.title')}</Heading>
        <p role="alert">{reachWords(EXPLAINED[answer])}</p>
        <button type="button" class="nhsuk-button wide" onClick={() => void finish()}>{t('next')}</button>
      </>
    )
  }
  return (
    <>
      <Heading>{t('reminder.title')}</Heading>
      <p>{t('reminder.text')}</p>
      <div class="nhsuk-form-group">
        <label class="nhsuk-label nhsuk-label--m" for="at">{t('reminder.at')}</label>
        <input class="nhsuk-input time-input" id="at" type="time" value={at} onInput={(event) => setAt(event.currentTarget.value || at)} />
      </div>
      <p>{t('reminder.lock-screen')}</p>
      {can === 'not-asked' && <p>{t('reminder.browser')}</p>}
      <div class="stack">
        <button type="button" class="nhsuk-button wide" disabled={busy} onClick={() => void yes()}>{t(busy ? 'reminder.setting-up' : 'reminder.yes')}</button>
        <button type="button" class="nhsuk-button nhsuk-button--secondary wide" onClick={() => void no()}>{t('reminder.no')}</button>
      </div>
    </>
  )
}

/** A time from a plan they made together is the best first guess. */
function firstPlanned(all: Snapshot): string | null {
  return all.assignments.map((one) => one.plan.at).find(Boolean) ?? null
}
