// When to be reminded, how much a reminder says, and a test.
import { useEffect, useState } from 'preact/hooks'
import { Tick } from './Tick.tsx'
import { here } from '../../actions/keeps.ts'
import { installed, isApple, platform } from '../../actions/platform.ts'
import { allowReminders, keepOwnWords, reach, stopHere, testReminder, type Reach } from '../../actions/remindMe.ts'
import { standing, wantedHere } from '../../actions/reminderTime.ts'
import { set } from '../../actions/say.ts'
import { setHere } from '../../actions/setHere.ts'
import { FIRST_BEFORE, ReminderMore } from './ReminderMore.tsx'
import type { ReminderRule, Settings } from '../../store/meta.ts'
import { dayOf } from '../../sync/days.ts'
import { isQuiet, isWhole } from '../../sync/quiet.ts'
import { EXPLAINED, reachWords } from './reachWords.ts'
import { settings as words } from '../../words/settings.ts'
import { speak, weekdayName } from '../../words/speak.ts'

const t = speak(words)
const LEVELS = [0, 1, 2] as const

export function ReminderForm({ settings, waits, later, sent }: { settings: Settings; waits: boolean; later: string | null; sent: boolean }) {
  const [rule, change] = useState({ ...settings.reminder, on: wantedHere(settings) })
  const [kept, keep] = useState(rule)
  const [before, changeBefore] = useState(settings.appointment_reminder ?? FIRST_BEFORE)
  const [said, say] = useState<string | null>(null)
  const [can, setCan] = useState<Reach>(() => standing(reach(installed(), isApple()), settings))
  // They may come back from the phone's own settings.
  useEffect(() => {
    const back = () => { if (can === 'blocked') setCan(standing(reach(installed(), isApple()), settings)) }
    document.addEventListener('visibilitychange', back)
    return () => document.removeEventListener('visibilitychange', back)
  }, [can])
  const put = (parts: Partial<Settings['reminder']>) => { change((before) => ({ ...before, ...parts })); say(null) }
  const save = async (event: Event) => {
    event.preventDefault()
    if (rule.on && rule.quiet && !isWhole(rule.quiet)) return void document.getElementById('quiet-problem')?.focus()
    // Off on this phone alone, and left so: what is agreed goes on elsewhere.
    if (rule.on || wantedHere(settings)) await set({ reminder: tidied(rule) })
    if (settings.appointment_reminder ? before !== settings.appointment_reminder : before.on) await set({ appointment_reminder: before })
    await setHere({ notifications: rule.on })
    await keepOwnWords(rule)
    keep(rule)
    say(t(here('reminders.saved')))
    if (!rule.on) return void (await stopHere())
    const now = reach(installed(), isApple())
    const became = now === 'not-asked' || now === 'on' ? await allowReminders() : now
    setCan(became)
    await setHere({ reach: became })
  }
  return (
    <form onSubmit={save} noValidate>
      <h2 class="nhsuk-heading-m">{t('reminders')}</h2>
      <p>{t('reminders.note')}</p>
      <Tick id="remind" label={t('reminders.on')} on={rule.on} set={(on) => put({ on })} />
      {rule.on && <When rule={rule} put={put} />}
      {!rule.on && settings.reminder.on && !settings.notifications && <p class="notice">{t('reminders.not-here')}</p>}
      {rule.on && <ReminderMore rule={rule} put={put} waits={waits} can={can} later={later} asSaved={sent && rule === kept} before={before} putBefore={(next) => { changeBefore(next); say(null) }} />}
      {rule.on && <Says rule={rule} put={put} />}
      {rule.on && can === 'blocked' && <Blocked />}
      {rule.on && waits && <p class="notice" data-waits>{t('reminders.waits')}</p>}
      {rule.on && can !== 'blocked' && !(waits && can === 'on') && <p class="small-print">{can === 'on' ? t('reminders.reach-on') : can === 'not-asked' ? t('reminders.reach-not-asked') : can === 'not-set-up' ? t('reminders.test-no-subscription') : reachWords(EXPLAINED[can])}</p>}
      <button type="submit" class="nhsuk-button">{t('reminders.save')}</button>
      {wantedHere(settings) && can === 'on' && !waits && (
        <p><button type="button" class="link" onClick={() => void testReminder().then((state) => say(t(`reminders.test-${state}`)))}>{t('reminders.test')}</button></p>
      )}
      <p role="status">{said}</p>
    </form>
  )
}

/** Half of a pair of hours says nothing, and a break or a shift that is over is no more. */
function tidied(rule: ReminderRule): ReminderRule {
  const today = dayOf(new Date())
  const still = <Part extends { until: string }>(days: Part | null | undefined) => (days && days.until >= today ? days : null)
  const shift = still(rule.shift)
  return {
    ...rule, quiet: isWhole(rule.quiet) ? rule.quiet : null, pause: still(rule.pause),
    shift: shift && { ...shift, quiet: isWhole(shift.quiet ?? null) ? shift.quiet : null },
  }
}

/** How to allow reminders again, on this kind of phone. A browser asks only once. */
function Blocked() {
  const kind = { ios: 'apple', android: installed() ? 'android-app' : 'android', other: 'other' } as const
  const steps = kind[platform()]
  return (
    <div class="notice" data-reach="blocked">
      <p>{t('reminders.blocked')}</p>
      <ol class="nhsuk-list nhsuk-list--number">{([1, 2, 3] as const).map((n) => <li key={n}>{t(`reminders.blocked-${steps}-${n}`)}</li>)}</ol>
      <p>{t('reminders.blocked-back')}</p>
    </div>
  )
}

type RuleProps = { rule: Settings['reminder']; put: (parts: Partial<Settings['reminder']>) => void }

function When({ rule, put }: RuleProps) {
  const day = (weekday: number, on: boolean) =>
    put({ weekdays: [0, 1, 2, 3, 4, 5, 6].filter((one) => (one === weekday ? on : rule.weekdays.includes(one))) })
  const quiet = rule.quiet ?? { from: '', until: '' }
  const never = (parts: Partial<typeof quiet>) => {
    const next = { ...quiet, ...parts }
    put({ quiet: next.from || next.until ? next : null })
  }
  return (
    <>
      <div class="nhsuk-form-group">
        <label class="nhsuk-label nhsuk-label--s" for="remind-at">{t('reminders.at')}</label>
        <input class="nhsuk-input time-input" type="time" id="remind-at" value={rule.at} onInput={(event) => event.currentTarget.value && put({ at: event.currentTarget.value })} />
      </div>
      <fieldset class="nhsuk-fieldset">
        <legend class="nhsuk-fieldset__legend nhsuk-fieldset__legend--s">{t('reminders.days')}</legend>
        {[0, 1, 2, 3, 4, 5, 6].map((weekday) => (
          <Tick key={weekday} id={`day-${weekday}`} label={weekdayName(weekday)} on={rule.weekdays.includes(weekday)} set={(on) => day(weekday, on)} />
        ))}
      </fieldset>
      <fieldset class="nhsuk-fieldset">
        <legend class="nhsuk-fieldset__legend nhsuk-fieldset__legend--s">{t('reminders.quiet')}</legend>
        <div class="between">
          <input class="nhsuk-input time-input" type="time" aria-label={t('reminders.quiet')} value={quiet.from} onInput={(event) => never({ from: event.currentTarget.value })} />
          <span>{t('reminders.quiet-and')}</span>
          <input class="nhsuk-input time-input" type="time" aria-label={t('reminders.quiet-and')} value={quiet.until} onInput={(event) => never({ until: event.currentTarget.value })} />
        </div>
        <div role="status">
          {isQuiet(rule.at, rule.quiet) && <p class="notice" data-quiet="wins">{t('reminders.quiet-wins', { time: rule.at, from: quiet.from, until: quiet.until })}</p>}
          {rule.quiet && !isWhole(rule.quiet) && <p class="notice" id="quiet-problem" tabIndex={-1} data-quiet="half">{t('reminders.quiet-half')}</p>}
        </div>
      </fieldset>
    </>
  )
}

function Says({ rule, put }: RuleProps) {
  return (
    <fieldset class="nhsuk-fieldset">
      <legend class="nhsuk-fieldset__legend nhsuk-fieldset__legend--s">{t('reminders.level')}</legend>
      <div class="nhsuk-radios">
        {LEVELS.map((level) => (
          <div class="nhsuk-radios__item" key={level}>
            <input class="nhsuk-radios__input" type="radio" name="level" id={`level-${level}`} checked={rule.level === level} onChange={() => put({ level })} />
            <label class="nhsuk-label nhsuk-radios__label" for={`level-${level}`}>{t(`reminders.level-${level}`)}</label>
          </div>
        ))}
      </div>
      {rule.level === 2 && (
        <div class="nhsuk-form-group">
          <label class="nhsuk-label" for="own-words">{t('reminders.words')}</label>
          <div class="nhsuk-hint" id="own-words-hint">{t(here('reminders.words-hint'))}</div>
          <input class="nhsuk-input" id="own-words" maxLength={80} aria-describedby="own-words-hint" value={rule.words} onInput={(event) => put({ words: event.currentTarget.value })} />
        </div>
      )}
    </fieldset>
  )
}
