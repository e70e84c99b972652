// The questions of a worksheet that are on show: on one page, or one at a time.
import { useLayoutEffect, useRef } from 'preact/hooks'
import { Finish } from './Finish.tsx'
import { settle } from './settle.ts'
import { Question, type Page } from '../fields/Question.tsx'
import type { Writing } from '../../actions/writing.ts'
import type { Kept } from '../../sync/kept.ts'
import type { Field, Json, Worksheet } from '../../worksheet/definition.ts'
import { shortShown } from '../../worksheet/left.ts'
import { shownFields } from '../../worksheet/shown.ts'
import { sheet as words } from '../../words/sheet.ts'
import { speak } from '../../words/speak.ts'

const t = speak(words)
type Props = { sheet: Worksheet; writing: Writing; oneByOne: boolean; finished: (kept: Kept) => void }

export function Questions({ sheet, writing, oneByOne, finished }: Props) {
  const { draft } = writing
  const stage = stageOf(sheet, writing)
  const fields = onShow(sheet, writing)
  const page: Page = { sheet, stage, short: goesShort(sheet, writing), answers: draft.answers, carried: stillCarried(sheet, writing), flush: () => void writing.flush() }
  const draw = (field: Field) => (
    <Question key={`${stage}/${field.id}`} field={field} prefix="f-" siblings={sheet.fields} answers={draft.answers} page={page}
      set={(name, value) => writing.answer(name, value)} />
  )
  const asked = fields.filter((field) => field.type !== 'heading')
  const end = (brief: boolean) => <Finish sheet={sheet} writing={writing} finished={finished} brief={brief} />
  if (!oneByOne || asked.length < 2) return <>{fields.map(draw)}<NextStage sheet={sheet} writing={writing} stage={stage} />{end(false)}</>
  const at = Math.min(draft.step, asked.length - 1)
  const last = at === asked.length - 1
  const move = (to: number) => {
    writing.change({ step: to })
    void writing.flush()
    settle()
  }
  const heading = headingOf(fields, asked[at]!)
  return (
    <>
      <Step at={at} of={asked.length} heading={heading} />
      {draw(asked[at]!)}
      <div class="ways">
        {!last && <button type="button" class="nhsuk-button" onClick={() => move(at + 1)}>{t('next')}</button>}
        {at > 0 && <button type="button" class="nhsuk-button nhsuk-button--secondary" onClick={() => move(at - 1)}>{t('previous')}</button>}
      </div>
      {last && <NextStage sheet={sheet} writing={writing} stage={stage} />}
      {end(!last)}
    </>
  )
}

/** Which question this is, under the heading it stands under. It takes the focus when the question changes. */
function Step({ at, of, heading }: { at: number; of: number; heading: string | null }) {
  const place = useRef<HTMLHeadingElement>(null)
  const before = useRef(at)
  useLayoutEffect(() => {
    if (before.current === at) return
    before.current = at
    place.current?.focus({ preventScroll: true })
    scrollTo(0, 0)
  }, [at])
  return (
    <>
      <h2 class="step heading" tabIndex={-1} ref={place}>{t('question-of', { n: at + 1, of })}</h2>
      {heading && <h2 class="nhsuk-heading-m">{heading}</h2>}
    </>
  )
}

/** The last heading above a question. */
function headingOf(fields: Field[], field: Field): string | null {
  return fields.slice(0, fields.indexOf(field)).findLast((one) => one.type === 'heading')?.label ?? null
}

/** The plan is one part and how it went another: the second can wait, and nothing says that it is late. */
function NextStage({ sheet, writing, stage }: { sheet: Worksheet; writing: Writing; stage: string | null }) {
  const next = sheet.stages[sheet.stages.findIndex(({ id }) => id === stage) + 1]
  if (sheet.stages.length < 2 || !next) return null
  const go = () => {
    writing.change({ stage: next.id, step: 0, short: false })
    void writing.flush()
    settle()
    // The button is gone: the focus goes to the part that is open now.
    requestAnimationFrame(() => document.querySelector<HTMLElement>('.stages__part[aria-pressed="true"]')?.focus())
  }
  return (
    <p class="small-print">{t('stage-later', { title: next.title })}{' '}
      <button type="button" class="link" data-way="next-part" onClick={go}>{t('stage-on', { title: next.title })}</button></p>
  )
}

/** The questions of this part, of the short way if that was chosen. */
function onShow(sheet: Worksheet, writing: Writing): Field[] {
  const { answers } = writing.draft
  const stage = stageOf(sheet, writing)
  return goesShort(sheet, writing) ? shortShown(sheet, answers as Json, stage) : shownFields(sheet, answers, stage)
}

/** Whether the short way is gone here: a part that has no short way is shown whole, never empty. */
export function goesShort(sheet: Worksheet, writing: Writing): boolean {
  return writing.draft.short && shortShown(sheet, writing.draft.answers as Json, stageOf(sheet, writing)).length > 0
}

export function stageOf(sheet: Worksheet, { draft }: Writing): string | null {
  return draft.stage ?? sheet.stages[0]?.id ?? null
}

/** Of the questions on show, those whose answers are from last time and as they were. */
export function stillCarried(sheet: Worksheet, writing: Writing): Set<string> {
  const { answers, offered = {}, carried = [] } = writing.draft
  const shown = new Set(onShow(sheet, writing).map((field) => field.id))
  return new Set(carried.filter((name) => shown.has(name) && JSON.stringify(answers[name]) === JSON.stringify(offered[name])))
}
