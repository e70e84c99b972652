// One tap about an occurrence: done, nothing happened, not today. Each can be changed, and taken back.
import { around } from './around.ts'
import { revisionsOf, save } from '../store/revisions.ts'
import { byTime, heads, type Kept } from '../sync/kept.ts'
import type { AnswerPayload } from '../sync/wire.ts'

type About = { assignment_id: string; slot: string }

/** Save an answer; a later one about the same occurrence follows the earlier one. */
export async function answer(about: About, payload: AnswerPayload): Promise<Kept> {
  const here = await around()
  const before = await lastAnswer(here.owner, about)
  return save({
    subject: { kind: 'answer', ...about }, payload: payload as never, medium: 'said',
    ...(before && { entry_id: before.revision.entry_id, parents: [before.revision.revision_id] }),
  }, here)
}

/** Take back the last answer about an occurrence made on this phone. */
export async function takeBack(about: About): Promise<void> {
  const here = await around()
  const before = await lastAnswer(here.owner, about)
  if (!before || before.revision.kind === 'delete') return
  await save({
    subject: before.revision.subject, payload: {}, kind: 'delete', medium: 'said',
    entry_id: before.revision.entry_id, parents: [before.revision.revision_id],
  }, here)
}

async function lastAnswer(owner: string, about: About): Promise<Kept | undefined> {
  const all = heads(await revisionsOf(owner)).filter(({ revision: { subject } }) =>
    subject.kind === 'answer' && subject.assignment_id === about.assignment_id && subject.slot === about.slot)
  return all.sort(byTime).at(-1)
}
