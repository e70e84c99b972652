// What somebody began and did not finish: how it is called, what is in it so far, and where it goes on, if anywhere. Pure.
import { inRows } from './inRows.ts'
import { sheetHere } from '../../actions/afterwards.ts'
import { sheetOf } from '../../actions/judged.ts'
import { begun } from '../../actions/offered.ts'
import { ABOUT_ME, TAKEAWAY } from '../../actions/personal.ts'
import type { Draft } from '../../store/drafts.ts'
import type { Snapshot } from '../../store/snapshot.ts'
import { later } from '../../words/later.ts'
import { over } from '../../words/over.ts'
import { settings } from '../../words/settings.ts'
import { speak } from '../../words/speak.ts'

export type HalfWritten = { key: string; title: string; rows: [label: string, text: string][]; way: string[] | null }
const OWN = 'own/'

/** Every draft somebody answered in, the newest first. */
export function halfWritten(all: Snapshot): HalfWritten[] {
  const left = all.drafts.filter(begun).sort((a, b) => ((a.updated_at ?? '') < (b.updated_at ?? '') ? 1 : -1))
  return left.map((draft) => (draft.key.startsWith(OWN) ? ofNoTask(all, draft) : ofTask(all, draft)))
}

function ofTask(all: Snapshot, { key, assignment_id, slot, entry_id, answers }: Draft): HalfWritten {
  const assignment = all.assignments.find((one) => one.assignment_id === assignment_id)
  const entry = entry_id ? all.revisions.find(({ revision }) => revision.entry_id === entry_id) : undefined
  const named = assignment?.worksheet
  const sheet = entry ? sheetOf(all.worksheets, entry) : (named && all.worksheets.get(`${named.id}.v${named.version}`)) ?? null
  const way = entry_id ? ['edit', entry_id] : ['write', assignment_id, slot ?? 'any']
  return { key, title: assignment?.title ?? sheet?.title ?? speak(later)('entry.title'), rows: inRows(sheet, answers), way }
}

/** About me, a takeaway, a monthly check, and what is said of a course are kept under names of their own. */
function ofNoTask(all: Snapshot, { key, answers }: Draft): HalfWritten {
  const name = key.slice(OWN.length)
  if (name === ABOUT_ME) return { key, title: speak(settings)('about'), rows: aboutRows(answers), way: ['settings', 'about'] }
  if (name.startsWith(TAKEAWAY)) {
    const title = speak(later)('takeaway')
    return { key, title, rows: [[title, String(answers.text ?? '')]], way: null } // the course is over: nothing is asked of an appointment any more
  }
  const isCheck = name === all.ownChecks?.sheet
  const sheet = sheetHere(all, isCheck ? name : name.slice(0, name.lastIndexOf('/')))
  return { key, title: speak(over)(isCheck ? 'check' : 'feedback'), rows: inRows(sheet, answers), way: [isCheck ? 'check' : 'feedback'] }
}

/** The parts of *About me* under their labels. */
export function aboutRows(words: { [part: string]: unknown }): [string, string][] {
  const t = speak(settings)
  return Object.entries(words).flatMap(([part, text]): [string, string][] =>
    typeof text === 'string' && text && `about.${part}` in settings ? [[t(`about.${part}` as keyof typeof settings & string), text]] : [])
}
