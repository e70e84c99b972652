// What a client says of themself and takes away from an appointment: part by part, the last word holds. Staff may write it down.
import { setting } from './say.ts'
import type { Kept } from '../sync/kept.ts'
import type { Appointment } from '../sync/wire.ts'
import type { Answers, Json } from '../worksheet/definition.ts'

/** Under these names what is typed is kept as a draft (ownWriting.ts), until it is saved. */
export const ABOUT_ME = 'about_me'
export const TAKEAWAY = 'takeaway/'
export const PARTS = ['name', 'pronouns', 'helps', 'avoid', 'speak', 'access'] as const
/** In characters: server/entries/said.py cuts there too (tests/vectors/personal.json). */
const LONGEST: { [part: string]: number } = { name: 80, pronouns: 40, speak: 80 }
const LONG = 600
export const LONGEST_TAKEAWAY = 500
export type Part = (typeof PARTS)[number]
export type AboutMe = { words: { [part in Part]?: string }; interpreter: boolean; byStaff: Set<Part | 'interpreter'> }
export type Takeaway = { text: string; byStaff: boolean }

/** What holds of everything said, here, on another phone, or to staff. Pure. */
export function aboutMe(revisions: Kept[]): AboutMe {
  const held: AboutMe = { words: {}, interpreter: false, byStaff: new Set() }
  for (const { value, staff } of said(revisions, 'about_me')) {
    for (const part of PARTS) {
      const text = value[part]
      if (typeof text !== 'string') continue
      const words = cut(text, LONGEST[part] ?? LONG)
      put(held, part, staff, words !== '', () => {
        if (words) held.words[part] = words
        else delete held.words[part]
      })
    }
    if (value.interpreter === 'yes' || value.interpreter === 'no') {
      const comes = value.interpreter === 'yes'
      put(held, 'interpreter', staff, comes, () => { held.interpreter = comes })
    }
  }
  return held
}

function put(held: AboutMe, part: Part | 'interpreter', staff: boolean, there: boolean, keep: () => void): void {
  keep()
  if (staff && there) held.byStaff.add(part)
  else held.byStaff.delete(part)
}

/** By appointment; one that was taken back is not there. Pure. */
export function takeaways(revisions: Kept[]): Map<string, Takeaway> {
  const found = new Map<string, Takeaway>()
  for (const { value, staff } of said(revisions, 'takeaway')) {
    const { appointment_id, text } = value
    if (typeof appointment_id !== 'string' || typeof text !== 'string') continue
    const words = cut(text, LONGEST_TAKEAWAY)
    if (words) found.set(appointment_id, { text: words, byStaff: staff })
    else found.delete(appointment_id)
  }
  return found
}

/** The appointment a takeaway is of: the last one that has begun, and that was not missed or cancelled. Pure. */
export function lastMet(appointments: Appointment[], now: Date): Appointment | null {
  const begun = appointments.filter(({ starts_at, state }) => Date.parse(starts_at) <= now.getTime() && (state === 'attended' || state === 'planned'))
  return begun.sort((a, b) => (a.starts_at < b.starts_at ? 1 : -1))[0] ?? null
}

/**
 * The appointment to ask about: the last they met at. Not once staff wrote down what was taken away from it, nor after a
 * later one that has something already; their own words can be changed. Pure.
 */
export function toAsk(appointments: Appointment[], said: Map<string, Takeaway>, now: Date): Appointment | null {
  const last = lastMet(appointments, now)
  if (!last || said.get(last.appointment_id)?.byStaff) return null
  return appointments.some(({ appointment_id, starts_at }) => starts_at > last.starts_at && said.has(appointment_id)) ? null : last
}

/** What is typed of *About me* and is another than what holds. Pure. */
export function changedOf(held: AboutMe, typed: Answers): { [part: string]: string } {
  const changed: { [part: string]: string } = {}
  for (const part of PARTS) {
    const text = typed[part]
    if (typeof text === 'string' && text.trim() !== (held.words[part] ?? '')) changed[part] = text.trim()
  }
  const { interpreter } = typed
  if ((interpreter === 'yes' || interpreter === 'no') && (interpreter === 'yes') !== held.interpreter) changed.interpreter = interpreter
  return changed
}

/** Only what changed goes out, so that what somebody else wrote meanwhile stays. */
export async function sayAboutMe(changed: { [part: string]: string }): Promise<void> {
  if (Object.keys(changed).length > 0) await setting('about_me', { value: changed })
}

export async function sayTakeaway(appointment_id: string, text: string): Promise<void> {
  await setting('takeaway', { value: { appointment_id, text: text.trim() } })
}

function cut(text: string, longest: number): string {
  return [...text.trim()].slice(0, longest).join('')
}

function said(revisions: Kept[], name: string): { value: { [part: string]: Json }; staff: boolean }[] {
  return revisions
    .filter(({ revision: { subject, kind, payload } }) => subject.kind === 'setting' && kind !== 'delete' && payload.name === name)
    .sort(({ revision: a }, { revision: b }) => (a.created_at === b.created_at ? a.device_seq - b.device_seq : a.created_at < b.created_at ? -1 : 1))
    .map(({ revision, staff }) => ({ value: (revision.payload.value ?? {}) as { [part: string]: Json }, staff }))
}
