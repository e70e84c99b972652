// Filling in a worksheet: one page or one question at a time; nothing that was typed is ever lost.
import '../styles/forms.scss'
import { go, to } from './go.ts'
import { back } from './parts/Back.tsx'
import { Heading } from './parts/Heading.tsx'
import { SheetForm } from './parts/SheetForm.tsx'
import { useWriting } from './parts/useWriting.ts'
import './Safe.tsx' // fetched with the worksheet: help cannot be what a missing signal holds back
import { filledIn } from '../actions/filledIn.ts'
import { dayAbout } from '../actions/offered.ts'
import { entries, isKept } from '../actions/historyView.ts'
import { cardsFor } from '../actions/risk.ts'
import { startEditing, startWriting } from '../actions/startWriting.ts'
import type { ScreenProps } from './props.ts'
import type { Snapshot } from '../store/snapshot.ts'
import { dayOf } from '../sync/days.ts'
import type { Kept } from '../sync/kept.ts'
import { entryOf, standings } from '../sync/standing.ts'
import type { Worksheet } from '../worksheet/definition.ts'
import { en } from '../words/en.ts'
import { sheet as words } from '../words/sheet.ts'
import { speak } from '../words/speak.ts'

const t = speak(words)

/** `write/<assignment>/<slot or any>[/<local moment>[/short]]`, or `edit/<entry>`. */
export default function Sheet({ all, parts: [kind, id, slot, local, way] }: ScreenProps) {
  const [entry, ...beside] = kind === 'edit' ? statesOf(all, id) : []
  const assignmentId = entry?.revision.subject.assignment_id ?? id
  const assignment = all.assignments.find((one) => one.assignment_id === assignmentId)
  const named = entry?.revision.form_key ? { id: entry.revision.form_key, version: entry.revision.form_version } : assignment?.worksheet
  // A task that is only filled in together now: nor is what was written before it changed here.
  const together = Boolean(entry && assignment && !assignment.worksheet)
  const sheet = named && !together ? all.worksheets.get(`${named.id}.v${named.version}`) ?? null : null
  const writing = useWriting(() => entry
    ? startEditing(entry, [entry, ...beside].some((one) => isKept(all.revisions, one)), sheet, beside)
    : startWriting({ assignment_id: assignmentId ?? '', ...when(all, assignmentId, slot, local, sheet), short: way === 'short' }))
  if (!assignment || (kind === 'edit' && !entry)) return <Missing />
  if (named && !sheet) return <>{back()}<Heading>{assignment.title}</Heading><p>{t('not-here')}</p></>
  if (!writing) return null
  // Help comes before the thank-you, whatever else is going on.
  const finished = (kept: Kept) => {
    const risky = cardsFor(sheet, entryOf(kept).answers).length > 0
    go(risky ? to('safe', kept.revision.entry_id) : to('entry', kept.revision.entry_id, 'saved'), true)
  }
  return (
    <>
      {back()}
      <Heading>{sheet?.title ?? assignment.title}</Heading>
      <SheetForm sheet={sheet} assignment={assignment} writing={writing} oneByOne={all.settings.one_question} finished={finished} />
    </>
  )
}

/** The slot and moment in the address, the size agreed for it, and what the page starts from. */
function when(all: Snapshot, assignmentId: string | undefined, slot: string | undefined, said: string | undefined, sheet: Worksheet | null) {
  const local = said === '-' ? null : said ?? null
  const own = all.occurrences.filter((one) => one.assignment_id === assignmentId && one.slot === slot)
  const [standing = null] = standings(own, all.revisions, () => null)
  const day = dayAbout(local, standing, dayOf(new Date()))
  return { slot: slot === 'any' ? null : slot ?? null, local, size: standing?.size ?? null, ...filledIn(sheet, day, all.revisions, assignmentId) }
}

/** The state of an entry that is shown, and those beside it. */
function statesOf(all: Snapshot, entryId: string | undefined): Kept[] {
  return entries(all.revisions).find(([head]) => head!.revision.entry_id === entryId) ?? []
}

function Missing() {
  const common = speak(en)
  return <><Heading>{common('app.not-found')}</Heading><p>{common('app.not-found-text')}</p><p><a href={to()}>{common('app.today')}</a></p></>
}
