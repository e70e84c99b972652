// One entry in reading form: whether it is sent, who can read it, and ways to change it.
import '../styles/forms.scss'
import { useState } from 'preact/hooks'
import { go, to } from './go.ts'
import { back } from './parts/Back.tsx'
import { CopyButton } from './parts/CopyButton.tsx'
import { Reading } from './parts/Guide.tsx'
import { Heading } from './parts/Heading.tsx'
import { Merge } from './parts/Merge.tsx'
import { SavedState } from './parts/SavedState.tsx'
import { inRows } from './parts/inRows.ts'
import { changeEntry, keepOne } from '../actions/changeEntry.ts'
import { entries, isKept } from '../actions/historyView.ts'
import { sheetOf } from '../actions/judged.ts'
import { here } from '../actions/keeps.ts'
import { share } from '../actions/say.ts'
import { laterStage } from '../actions/stages.ts'
import type { ScreenProps } from './props.ts'
import type { Snapshot } from '../store/snapshot.ts'
import type { Kept } from '../sync/kept.ts'
import { entryOf } from '../sync/standing.ts'
import { derivedRows } from '../worksheet/derived.ts'
import { en } from '../words/en.ts'
import { later } from '../words/later.ts'
import { sheet as words } from '../words/sheet.ts'
import { dayInWords, speak } from '../words/speak.ts'

const t = speak(later)
const w = speak(words)
const common = speak(en)

export default function Entry({ all, parts: [, id, just] }: ScreenProps) {
  const [head, ...others] = entries(all.revisions).find((group) => group[0]!.revision.entry_id === id) ?? []
  if (!head) return <><Heading>{common('app.not-found')}</Heading><p>{common('app.not-found-text')}</p></>
  const { revision } = head
  const title = all.assignments.find((one) => one.assignment_id === revision.subject.assignment_id)?.title
  const at = revision.happened_at.local
  const removed = isRemoved(head)
  return (
    <>
      {just ? null : back()}
      <Heading caption={title}>{just ? w(here('saved.title')) : t('entry.title')}</Heading>
      <SavedState state={head.state} />
      {just && entryOf(head).short && <p>{w('saved.short')}</p>}
      {just && <p><a class="nhsuk-button wide" href={to()}>{w('saved.today')}</a></p>}
      {!removed && !head.staff && <Later all={all} head={head} />}
      <p class="small-print">{t('entry.when', { day: dayInWords(at), time: at.slice(11) })}</p>
      {head.staff && <p>{common('state.by-staff')}</p>}
      {others.length > 0 && <p class="notice">{t(others.some(isRemoved) ? 'entry.removed-there' : 'entry.both')}</p>}
      {removed ? <Removed head={head} beside={others} /> : <Written all={all} head={head} beside={others} />}
    </>
  )
}

/** What another phone saved of the same entry, without knowing of this one. */
function Other({ all, other, states }: { all: Snapshot; other: Kept; states: Kept[] }) {
  const removed = isRemoved(other)
  return (
    <section>
      {!removed && <h2 class="nhsuk-heading-s">{t('entry.other')}</h2>}
      {!removed && <Reading rows={rowsOf(all, other)} />}
      <p><button type="button" class="nhsuk-button nhsuk-button--secondary" onClick={() => void keepOne(other, states)}>{t(removed ? 'entry.stay-removed' : 'entry.keep-other')}</button></p>
    </section>
  )
}

function isRemoved({ revision }: Kept): boolean {
  return revision.kind === 'delete'
}

/** The plan is saved; how it went can be added when it was done. */
function Later({ all, head }: { all: Snapshot; head: Kept }) {
  const stage = laterStage(sheetOf(all.worksheets, head), entryOf(head).answers)
  return stage && <p class="notice">{t('entry.later', { title: stage.title })} <a href={to('edit', head.revision.entry_id)}>{t('entry.carry-on')}</a></p>
}

function Written({ all, head, beside }: { all: Snapshot; head: Kept; beside: Kept[] }) {
  const [other] = beside
  if (other && beside.length === 1 && !isRemoved(other)) return <Merge all={all} head={head} other={other} />
  const rows = rowsOf(all, head)
  const copyright = sheetOf(all.worksheets, head)?.copyright
  return (
    <>
      <Reading rows={rows} />
      {beside.length > 0 && <p><button type="button" class="nhsuk-button nhsuk-button--secondary" onClick={() => void keepOne(head, [head, ...beside])}>{t('entry.keep-this')}</button></p>}
      {beside.map((other) => <Other key={other.revision.revision_id} all={all} other={other} states={[head, ...beside]} />)}
      {copyright && <p class="small-print" data-copyright>{copyright}</p>}
      {!head.staff && <p><a href={to('edit', head.revision.entry_id)}>{t('entry.change')}</a></p>}
      {!head.staff && <Sharing all={all} head={head} />}
      {head.state !== 'sent' && <CopyButton text={rows.map((row) => row.join('\n')).join('\n\n')} label={t('entry.copy')} />}
      {!head.staff && !beside.some(isRemoved) && <Remove head={head} beside={beside} />}
    </>
  )
}

function Sharing({ all, head }: { all: Snapshot; head: Kept }) {
  const kept = isKept(all.revisions, head)
  const arrived = head.state === 'sent'
  return (
    <div class="nhsuk-inset-text">
      <p>{t(kept ? 'entry.kept' : arrived ? 'entry.shared' : 'entry.will-share')}</p>
      <p><button type="button" class="link" onClick={() => void share(head.revision.entry_id, kept)}>{t(kept ? 'entry.share' : arrived ? 'entry.keep' : 'entry.keep-first')}</button></p>
      {!kept && arrived && <p class="small-print">{t('entry.keep-note')}</p>}
      <p><a href={to('who')}>{w('who-sees')}</a></p>
    </div>
  )
}

function Remove({ head, beside }: { head: Kept; beside: Kept[] }) {
  const [sure, ask] = useState(false)
  if (!sure) return <p><button type="button" class="link" onClick={() => ask(true)}>{t('entry.remove')}</button></p>
  const remove = async () => {
    await changeEntry(head, 'delete', beside)
    go(to('entry', head.revision.entry_id), true)
  }
  return (
    <div role="group" aria-label={t('entry.remove')}>
      <p>{t('entry.remove-sure')}</p>
      <div class="ways">
        <button type="button" class="nhsuk-button nhsuk-button--secondary" onClick={() => void remove()}>{t('entry.remove-yes')}</button>
        <button type="button" class="nhsuk-button nhsuk-button--secondary" onClick={() => ask(false)}>{t('entry.remove-no')}</button>
      </div>
    </div>
  )
}

function Removed({ head, beside }: { head: Kept; beside: Kept[] }) {
  return (
    <>
      <p>{t('entry.removed')}</p>
      <button type="button" class="nhsuk-button nhsuk-button--secondary" onClick={() => void changeEntry(head, 'restore', beside)}>{t('entry.restore')}</button>
    </>
  )
}

function rowsOf(all: Snapshot, entry: Kept): [string, string][] {
  const { answers } = entryOf(entry)
  const sheet = sheetOf(all.worksheets, entry)
  return [...inRows(sheet, answers), ...(sheet ? derivedRows(sheet, answers, entry.revision.happened_at.zone) : [])]
}
