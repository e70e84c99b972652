// The smaller things a client says: a question for the next appointment, a changed plan, a setting, a choice, a sharing.
import { around } from './around.ts'
import { changeMeta, FIRST_SETTINGS, meta, type Settings } from '../store/meta.ts'
import { revisionsOf, save } from '../store/revisions.ts'
import { byTime, heads, type Kept } from '../sync/kept.ts'
import { type Doing } from '../sync/revision.ts'
import type { Plan, Study, SubjectKind } from '../sync/wire.ts'

/** A question or wish for the next appointment. */
export function ask(text: string, about: { assignment_id?: string; field?: string } = {}): Promise<Kept> {
  return say({ subject: { kind: 'agenda' }, payload: { text, ...about } })
}

/** The client's own plan for an assignment: the parts that were changed, and the version that was on the screen. */
export function changePlan(assignment_id: string, plan: Partial<Plan>, parts: string[], seen: number): Promise<Kept> {
  return say({ subject: { kind: 'plan', assignment_id }, payload: { plan, parts, seen } })
}

/** *Yes, that is our plan*: about the version on the screen. */
export function confirmPlan(assignment_id: string, version: number): Promise<Kept> {
  return say({ subject: { kind: 'plan', assignment_id }, payload: { confirmed: true, version } })
}

/** Share an entry that was kept, or keep one that was shared. */
export function share(entry_id: string, shared: boolean): Promise<Kept> {
  return say({ subject: { kind: 'sharing' }, payload: { entry_id, shared } })
}

/** Whether they may be asked about taking part in research. */
export async function chooseContact(choice: 'yes' | 'no'): Promise<void> {
  await say({ subject: { kind: 'setting' }, payload: { name: 'research_contact', value: choice } })
  await changeMeta('settings', { research_contact: choice }, FIRST_SETTINGS)
}

/** Yes to the text of a study that was on the screen, or that they take part no more. */
export async function answerStudy({ study_id, text }: Study, choice: 'given' | 'withdrawn'): Promise<void> {
  await say({ subject: { kind: 'setting' }, payload: { name: 'study_consent', study_id, text, choice } })
  const studies = (await meta('settings'))?.studies?.map((one) => (one.study_id === study_id ? { ...one, choice } : one))
  await changeMeta('settings', { studies: studies ?? [] }, FIRST_SETTINGS)
}

/** Whether what is written may help research. Changed at any time. */
export async function chooseResearch(choice: 'yes' | 'no'): Promise<void> {
  await say({ subject: { kind: 'research' }, payload: { choice } })
  await changeMeta('settings', { research: choice }, FIRST_SETTINGS)
}

/** A setting the server keeps too. */
export async function set(parts: Partial<Settings>): Promise<void> {
  await changeMeta('settings', parts, FIRST_SETTINGS)
  if (parts.text_size) await setting('text_size', { value: parts.text_size })
  if (parts.one_question !== undefined) await setting('one_question', { value: parts.one_question })
  if (parts.language) await setting('language', { value: parts.language })
  if (parts.reminder) {
    const { words: _, ...told } = parts.reminder // Own words stay on the phone.
    await setting('reminder', told)
  }
  if (parts.appointment_reminder) await setting('appointment_reminder', parts.appointment_reminder)
}

export function setting(name: string, payload: Record<string, unknown>): Promise<Kept> {
  return say({ subject: { kind: 'setting' }, payload: { name, ...payload } })
}

/** Save it as the next state of what was said before, so that changing one's mind is an edit and not a second wish. */
async function say(doing: Doing): Promise<Kept> {
  const here = await around()
  const before = doing.subject.kind === 'agenda' ? undefined : last(await revisionsOf(here.owner), doing)
  return save({
    medium: 'said', ...doing,
    ...(before && { entry_id: before.revision.entry_id, parents: [before.revision.revision_id] }),
  }, here)
}

function last(all: Kept[], { subject, payload }: Doing): Kept | undefined {
  const same = heads(all).filter(({ revision }) =>
    revision.subject.kind === subject.kind && revision.subject.assignment_id === subject.assignment_id
    && NAMES[subject.kind]?.every((name) => revision.payload[name] === payload[name]))
  return same.sort(byTime).at(-1)
}

/** Which parts of a payload say that two revisions are about the same thing. */
const NAMES: { [kind in SubjectKind]?: string[] } = { plan: ['confirmed', 'version'], setting: ['name', 'assignment_id', 'study_id'], research: [], sharing: ['entry_id'] }
