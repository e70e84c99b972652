// What else somebody can choose of their reminders, and the next five as they are set.
import { useEffect, useState } from 'preact/hooks'
import { Tick } from './Tick.tsx'
import { nextList, thatCome, type Coming } from '../../actions/nextList.ts'
import type { Reach } from '../../actions/remindMe.ts'
import type { ReminderRule, Settings } from '../../store/meta.ts'
import { addDays, dayOf, localOf } from '../../sync/days.ts'
import { isQuiet, isWhole } from '../../sync/quiet.ts'
import { nextTimes, quietOn } from '../../sync/reminderTimes.ts'
import { reminding } from '../../words/reminding.ts'
import { settings } from '../../words/settings.ts'
import { dayInWords, speak } from '../../words/speak.ts'

const t = speak(reminding)
const s = speak(settings)
const WEEK = 6 // days after the first
const EVENING = '18:00'

type Before = NonNullable<Settings['appointment_reminder']>
type Props = { rule: ReminderRule; put: (parts: Partial<ReminderRule>) => void; waits: boolean; can: Reach; later: string | null; asSaved: boolean; before: Before; putBefore: (before: Before) => void }

export function ReminderMore({ rule, put, waits, can, later, asSaved, before, putBefore }: Props) {
  return (
    <>
      <details class="nhsuk-details" data-more>
        <summary class="nhsuk-details__summary"><span class="nhsuk-details__summary-text">{t('more')}</span></summary>
        <div class="nhsuk-details__text">
          <Pause rule={rule} put={put} />
          <Shift rule={rule} put={put} />
          <Most rule={rule} put={put} />
          <Tick id="steady" label={t('steady')} hint={t('steady.hint')} on={rule.steady === true} set={(steady) => put({ steady })} />
          <Tick id="before" label={t('appointment')} on={before.on} set={(on) => putBefore({ ...before, on })} />
          {before.on && <Time id="before-at" label={t('appointment.at')} at={before.at} set={(at) => putBefore({ ...before, at })} />}
        </div>
      </details>
      <Next rule={rule} waits={waits} can={can} later={later} asSaved={asSaved} />
    </>
  )
}

export const FIRST_BEFORE: Before = { on: false, at: EVENING }

type RuleProps = Pick<Props, 'rule' | 'put'>

function Pause({ rule: { pause }, put }: RuleProps) {
  const today = dayOf(new Date())
  const from = pause?.from ?? '', until = pause?.until ?? ''
  const set = (days: { from: string; until: string }) => put({ pause: days.from || days.until ? orderly(days) : null })
  return (
    <fieldset class="nhsuk-fieldset">
      <legend class="nhsuk-fieldset__legend nhsuk-fieldset__legend--s">{t('pause')}</legend>
      <p class="nhsuk-hint">{t('pause.hint')}</p>
      <Day id="pause-from" label={t('first-day')} day={from} first={today} set={(day) => set({ from: day, until: until || day })} />
      <Day id="pause-until" label={t('last-day')} day={until} first={from || today} set={(day) => set({ from: from || today, until: day })} />
      {pause && <p><button type="button" class="link" onClick={() => put({ pause: null })}>{t('pause.clear')}</button></p>}
    </fieldset>
  )
}

const NEVER = { from: '00:00', until: '00:00' } // equal ends: no quiet hours, on purpose

function Shift({ rule: { shift, at, quiet: usual }, put }: RuleProps) {
  const today = dayOf(new Date())
  const quiet = shift?.quiet ?? { from: '', until: '' }
  const any = isWhole(quiet) && quiet.from === quiet.until
  const silent = shift && quietOn(shift.quiet, usual)
  const set = (parts: Partial<NonNullable<ReminderRule['shift']>>) => shift && put({ shift: { ...shift, ...parts } })
  return (
    <fieldset class="nhsuk-fieldset">
      <legend class="nhsuk-fieldset__legend nhsuk-fieldset__legend--s">{t('shift')}</legend>
      <Tick id="shift" label={t('shift.week')} hint={t('shift.hint')} on={!!shift} set={(on) => put({ shift: on ? { from: today, until: addDays(today, WEEK), at } : null })} />
      {shift && (
        <>
          <Time id="shift-at" label={t('shift.at')} at={shift.at} set={(time) => set({ at: time })} />
          <Day id="shift-from" label={t('first-day')} day={shift.from} first={today} set={(from) => set({ from, until: shift.until < from ? addDays(from, WEEK) : shift.until })} />
          <Day id="shift-until" label={t('last-day')} day={shift.until} first={shift.from} set={(until) => set({ until: until < shift.from ? shift.from : until })} />
          {!any && <p class="nhsuk-label">{t('shift.quiet')}</p>}
          {!any && usual && <p class="nhsuk-hint">{t('shift.usual')}</p>}
          {!any && <div class="between">
            <input class="nhsuk-input time-input" type="time" aria-label={t('shift.quiet')} value={quiet.from} onInput={(event) => set({ quiet: { ...quiet, from: event.currentTarget.value } })} />
            <span>{t('and')}</span>
            <input class="nhsuk-input time-input" type="time" aria-label={t('and')} value={quiet.until} onInput={(event) => set({ quiet: { ...quiet, until: event.currentTarget.value } })} />
          </div>}
          <div role="status">
            {silent && isQuiet(shift.at, silent) && <p class="notice" data-shift="silent">{t('shift.silent', { time: shift.at, ...silent })}</p>}
          </div>
          {(any || usual) && <Tick id="shift-any" label={t('shift.any')} on={any} set={(on) => set({ quiet: on ? NEVER : null })} />}
        </>
      )}
    </fieldset>
  )
}

function Most({ rule: { most = 1 }, put }: RuleProps) {
  return (
    <fieldset class="nhsuk-fieldset">
      <legend class="nhsuk-fieldset__legend nhsuk-fieldset__legend--s">{t('most')}</legend>
      <div class="nhsuk-radios">
        {([1, 2] as const).map((one) => (
          <div class="nhsuk-radios__item" key={one}>
            <input class="nhsuk-radios__input" type="radio" name="most" id={`most-${one}`} checked={most === one} onChange={() => put({ most: one })} />
            <label class="nhsuk-label nhsuk-radios__label" for={`most-${one}`}>{t(`most-${one}`)}</label>
          </div>
        ))}
      </div>
    </fieldset>
  )
}

/** The list of the server, the one that staff see; worked out here for what is not sent yet, or without a network. */
function Next({ rule, waits, can, later, asSaved }: Pick<Props, 'rule' | 'waits' | 'can' | 'later' | 'asSaved'>) {
  const [told, have] = useState<Coming[] | null>(null)
  useEffect(() => {
    have(null)
    if (asSaved) void nextList().then(have)
  }, [asSaved])
  const reached = can === 'on' || can === 'no-network' || can === 'not-asked'
  const coming = asSaved && told ? thatCome(told, reached) : null
  const here = waits || !reached ? [] : nextTimes(rule, localOf(new Date())).map((at) => ({ date: at.slice(0, 10), at: at.slice(11, 16), kind: 'own', channel: 'push' }))
  const times = coming ?? here
  const none = waits ? 'next-waits' : !reached && !coming?.length ? 'next-unreached' : coming ? 'next-empty' : 'next-none'
  return (
    <section data-next-reminders={coming ? 'told' : 'here'}>
      <h3 class="nhsuk-heading-s">{t('next')}</h3>
      {times.length > 0 && <ul class="nhsuk-list nhsuk-list--bullet">{times.map((one) => <li key={one.date + one.at + one.kind}>{dayInWords(one.date)}, {one.at}{besides(one)}</li>)}</ul>}
      {!coming && later && !waits && reached && <p data-later>{t('next-later', { time: later.slice(11) })}</p>}
      {times.length === 0 && <p class="small-print">{t(none)}</p>}
      {times.length > 0 && <p class="small-print">{t('next-note')}{!rule.steady && coming && ` ${t('next-fewer')}`}{!coming && ` ${t('next-own')}`}</p>}
    </section>
  )
}

/** What kind it is and which way it comes, where that is not the usual. */
function besides({ kind, channel }: { kind: string; channel: string }): string {
  const what = kind === 'later' ? t('next-asked') : kind === 'appointment' ? t('next-before') : ''
  const way = channel === 'email' ? s('sent.by-email') : channel === 'sms' ? s('sent.by-sms') : ''
  return [what, way].map((one) => one && ` · ${one}`).join('')
}

type InputProps = { id: string; label: string }

function Day({ id, label, day, first, set }: InputProps & { day: string; first: string; set: (day: string) => void }) {
  return (
    <div class="nhsuk-form-group">
      <label class="nhsuk-label" for={id}>{label}</label>
      <input class="nhsuk-input" type="date" id={id} value={day} min={first} onInput={(event) => event.currentTarget.value && set(event.currentTarget.value)} />
    </div>
  )
}

function Time({ id, label, at, set }: InputProps & { at: string; set: (at: string) => void }) {
  return (
    <div class="nhsuk-form-group">
      <label class="nhsuk-label" for={id}>{label}</label>
      <input class="nhsuk-input time-input" type="time" id={id} value={at} onInput={(event) => event.currentTarget.value && set(event.currentTarget.value)} />
    </div>
  )
}

function orderly({ from, until }: { from: string; until: string }) {
  return from <= until ? { from, until } : { from, until: from }
}
