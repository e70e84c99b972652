// Settings said on another phone of the same person: the newest word holds on this one too.
import { byTime, heads, type Kept } from '../sync/kept.ts'
import { isQuiet } from '../sync/quiet.ts'
import type { Days, ReminderRule, Settings } from '../store/meta.ts'
import type { Json } from '../worksheet/definition.ts'

const SIZES: Settings['text_size'][] = ['usual', 'large', 'largest']
const LEVELS: Settings['reminder']['level'][] = [0, 1, 2]
const LANGUAGE = /^[a-z]{2,3}(-[A-Z]{2})?$/
const DAY = /^\d{4}-\d\d-\d\d$/
const TIME = /^([01][0-9]|2[0-3]):[0-5][0-9]$/

/** `settings` with what was said elsewhere since; the same object when there is nothing newer. Pure. */
export function adopted(settings: Settings, revisions: Kept[]): Settings {
  const said = heads(revisions).filter(({ revision: { subject, kind } }) => kind !== 'delete' && !subject.assignment_id)
  const parts = {
    ...reminderOf(settings, said),
    ...part(newest(said, 'setting', 'appointment_reminder')),
    ...part(newest(said, 'setting', 'text_size')),
    ...part(newest(said, 'setting', 'one_question')),
    ...part(newest(said, 'setting', 'language')),
    ...part(newest(said, 'research')),
  }
  return Object.keys(parts).length > 0 ? { ...settings, ...parts } : settings
}

/** The last one said, where another phone said it: what was said here is in the settings already. */
function newest(all: Kept[], subject: string, name?: string): Kept['revision'] | null {
  const last = newestFirst(all, subject, name)[0]
  return last && !last.mine ? last.revision : null
}

function newestFirst(all: Kept[], subject: string, name?: string): Kept[] {
  const same = all.filter(({ revision }) => revision.subject.kind === subject && (!name || revision.payload.name === name))
  return same.sort((a, b) => byTime(b, a))
}

/** The last whole rule, at the time that was agreed after it: a move brings no reminder where none is wanted. */
function reminderOf(settings: Settings, said: Kept[]): Partial<Settings> {
  const all = newestFirst(said, 'setting', 'reminder')
  const last = all.find(({ revision }) => !revision.payload.parts)
  const held = last && !last.mine ? readRule(settings, last.revision.payload) : settings.reminder
  const move = all.slice(0, last && all.indexOf(last)).find(({ revision }) => revision.payload.parts)
  const at = move?.revision.payload.at
  const reminder = held.on && isTime(at) && at !== held.at && !isQuiet(at, held.quiet) ? { ...held, at } : held
  return reminder === settings.reminder ? {} : { reminder }
}

/** What it says, as far as it can be read. */
function part(said: Kept['revision'] | null): Partial<Settings> {
  const { name, value, choice, at, on } = said?.payload ?? {}
  if (choice === 'yes' || choice === 'no') return { research: choice }
  if (name === 'one_question' && typeof value === 'boolean') return { one_question: value }
  if (name === 'language' && typeof value === 'string' && LANGUAGE.test(value)) return { language: value }
  const size = SIZES.find((one) => one === value)
  if (name === 'text_size' && size) return { text_size: size }
  if (name === 'appointment_reminder' && isTime(at)) return { appointment_reminder: { on: on === true, at } }
  return {}
}

/** The own words stay those of this phone. */
function readRule({ reminder }: Settings, said: { [part: string]: Json }): Settings['reminder'] {
  const { on, at, weekdays, level, quiet, pause, shift, most, steady } = said
  const days = Array.isArray(weekdays) ? weekdays.filter((day) => typeof day === 'number' && day >= 0 && day <= 6) : reminder.weekdays
  return {
    on: on === true, at: isTime(at) ? at : reminder.at, weekdays: days as number[],
    level: LEVELS.find((one) => one === level) ?? reminder.level, words: reminder.words, quiet: readQuiet(quiet),
    ...(pause && { pause: readDays(pause) }), ...(shift && { shift: readShift(shift) }),
    ...(steady === true && { steady }), ...((most === 1 || most === 2) && { most }),
  }
}

function readQuiet(quiet: Json | undefined): Settings['reminder']['quiet'] {
  const { from, until } = (quiet ?? {}) as { from?: Json; until?: Json }
  return isTime(from) && isTime(until) ? { from, until } : null
}

function readDays(days: Json | undefined): Days | null {
  const { from, until } = (days ?? {}) as { from?: Json; until?: Json }
  return isDay(from) && isDay(until) && from <= until ? { from, until } : null
}

function readShift(shift: Json | undefined): ReminderRule['shift'] {
  const { at, quiet } = (shift ?? {}) as { at?: Json; quiet?: Json }
  const days = readDays(shift)
  return days && isTime(at) ? { ...days, at, quiet: readQuiet(quiet) } : null
}

function isDay(text: Json | undefined): text is string {
  return typeof text === 'string' && DAY.test(text)
}

function isTime(text: Json | undefined): text is string {
  return typeof text === 'string' && TIME.test(text)
}
