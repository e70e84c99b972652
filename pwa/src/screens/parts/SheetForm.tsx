// The form of a worksheet: its parts, its questions, and saving.
import { Guide } from './Guide.tsx'
import { Finish } from './Finish.tsx'
import { Question } from '../fields/Question.tsx'
import { Words } from '../fields/Words.tsx'
import { begun } from '../../actions/offered.ts'
import type { Writing } from '../../actions/writing.ts'
import type { Assignment } from '../../sync/wire.ts'
import type { Kept } from '../../sync/kept.ts'
import { NOTHING_HAPPENED, type Field, type Worksheet } from '../../worksheet/definition.ts'
import { shownFields } from '../../worksheet/shown.ts'
import { sheet as words } from '../../words/sheet.ts'
import { speak } from '../../words/speak.ts'

const t = speak(words)
type Props = { sheet: Worksheet | null; assignment: Assignment; writing: Writing; oneByOne: boolean; finished: (kept: Kept) => void }

export function SheetForm(props: Props) {
  const { sheet, assignment, writing, oneByOne, finished } = props
  const { draft } = writing
  // Past the first question only the question is at the top.
  const deep = oneByOne && draft.step > 0
  const nothing = async () => {
    writing.change({ answers: { ...draft.answers, [NOTHING_HAPPENED]: true } })
    const kept = await writing.finish(sheet)
    if (kept) finished(kept)
  }
  return (
    <form noValidate onSubmit={(event) => event.preventDefault()}>
      {!deep && sheet?.safety_note && <div class="nhsuk-inset-text"><p>{sheet.safety_note}</p></div>}
      {sheet && !deep && <Guide sheet={sheet} assignment={assignment} />}
      <p class="small-print">{t('not-emergency')}</p>
      {sheet?.nothing_happened && !begun(draft) && (
        <button type="button" class="nhsuk-button nhsuk-button--secondary wide" onClick={() => void nothing()}>{t('nothing')}</button>
      )}
      {sheet && !deep && sheet.short.length > 0 && <ShortWay sheet={sheet} writing={writing} />}
      {sheet && !deep && sheet.stages.length > 1 && <Stages sheet={sheet} writing={writing} />}
      <Questions {...props} />
      {sheet && deep && <Guide sheet={sheet} assignment={assignment} />}
    </form>
  )
}

function Questions({ sheet, writing, oneByOne, finished }: Props) {
  const { draft } = writing
  if (!sheet) return <><FreeTask writing={writing} /><Finish sheet={null} writing={writing} finished={finished} /></>
  const stage = draft.stage ?? sheet.stages[0]?.id ?? null
  const fields = shownFields(sheet, draft.answers, stage).filter((field) => !draft.short || inShort(sheet, field))
  const page = { sheet, stage, short: draft.short, answers: draft.answers, flush: () => void writing.flush() }
  const draw = (field: Field) => (
    <Question key={field.id} field={field} prefix="f-" siblings={sheet.fields} answers={draft.answers} page={page}
      set={(name, value) => writing.answer(name, value)} />
  )
  const asked = fields.filter((field) => field.type !== 'heading')
  if (!oneByOne || asked.length < 2) {
    return <>{fields.map(draw)}<Finish sheet={sheet} writing={writing} finished={finished} /></>
  }
  const at = Math.min(draft.step, asked.length - 1)
  const move = (to: number) => {
    writing.change({ step: to })
    void writing.flush()
    scrollTo(0, 0)
  }
  return (
    <>
      <p class="step" role="status">{t('question-of', { n: at + 1, of: asked.length })}</p>
      {draw(asked[at]!)}
      <div class="ways">
        {at < asked.length - 1 && <button type="button" class="nhsuk-button" onClick={() => move(at + 1)}>{t('next')}</button>}
        {at > 0 && <button type="button" class="nhsuk-button nhsuk-button--secondary" onClick={() => move(at - 1)}>{t('previous')}</button>}
      </div>
      <Finish sheet={sheet} writing={writing} finished={finished} brief={at < asked.length - 1} />
    </>
  )
}

function inShort(sheet: Worksheet, field: Field): boolean {
  return sheet.short.includes(field.id)
}

function ShortWay({ sheet, writing }: { sheet: Worksheet; writing: Writing }) {
  if (writing.draft.short) {
    return (
      <p class="short-way">{t('short-on')}{' '}
        <button type="button" class="link" onClick={() => writing.change({ short: false, step: 0 })}>{t('all')}</button></p>
    )
  }
  return (
    <p class="short-way">
      <button type="button" class="link" onClick={() => writing.change({ short: true, step: 0 })}>{t('short')}</button>: {t('short-hint', { n: sheet.short.length })}
    </p>
  )
}

function Stages({ sheet, writing }: { sheet: Worksheet; writing: Writing }) {
  const now = writing.draft.stage ?? sheet.stages[0]!.id
  return (
    <div class="stages" role="group" aria-label={t('stage')}>
      {sheet.stages.map(({ id, title }, n) => (
        <button type="button" key={id} class="stages__part" aria-pressed={id === now}
          onClick={() => { writing.change({ stage: id, step: 0 }); void writing.flush() }}>{t('part', { n: n + 1, title })}</button>
      ))}
    </div>
  )
}

/** A task without a worksheet: a few words about it. */
function FreeTask({ writing }: { writing: Writing }) {
  const field = { type: 'text', lines: 4, label: t('words') } as Field
  return (
    <div class="nhsuk-form-group question">
      <label class="nhsuk-label nhsuk-label--s" for="f-words">{t('words')}</label>
      <Words field={field} id="f-words" value={writing.draft.answers.words ?? null} hint={undefined} set={(value) => writing.answer('words', value)} />
    </div>
  )
}
