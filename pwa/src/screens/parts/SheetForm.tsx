// The form of a worksheet: what it starts from, its parts, its questions, and saving.
import { Guide } from './Guide.tsx'
import { Finish } from './Finish.tsx'
import { Numbers } from './Numbers.tsx'
import { Questions, goesShort, stageOf, stillCarried } from './Questions.tsx'
import { settle } from './settle.ts'
import { Words } from '../fields/Words.tsx'
import { begun } from '../../actions/offered.ts'
import type { Writing } from '../../actions/writing.ts'
import type { Assignment } from '../../sync/wire.ts'
import type { Kept } from '../../sync/kept.ts'
import { NOTHING_HAPPENED, type Json, type Worksheet } from '../../worksheet/definition.ts'
import { shortLeft } from '../../worksheet/left.ts'
import { sheet as words } from '../../words/sheet.ts'
import { speak } from '../../words/speak.ts'

const t = speak(words)
type Props = { sheet: Worksheet | null; assignment: Assignment; writing: Writing; oneByOne: boolean; finished: (kept: Kept) => void }
type WithSheet = Props & { sheet: Worksheet }

export function SheetForm(props: Props) {
  const { sheet, assignment, writing, oneByOne, finished } = props
  // Past the first question only the question is at the top.
  const deep = oneByOne && writing.draft.step > 0
  return (
    <form noValidate onSubmit={(event) => event.preventDefault()}>
      {sheet && !deep && <Before {...props} sheet={sheet} />}
      {!sheet && <p class="small-print">{t('not-emergency')}</p>}
      {sheet ? <Questions sheet={sheet} writing={writing} oneByOne={oneByOne} finished={finished} /> : <FreeTask writing={writing} finished={finished} />}
      {sheet && deep && <Guide sheet={sheet} assignment={assignment} />}
      {sheet?.copyright && <p class="small-print" data-copyright>{sheet.copyright}</p>}
    </form>
  )
}

/** What stands above the questions. */
function Before({ sheet, assignment, writing, finished }: WithSheet) {
  const { draft } = writing
  const size = draft.size && draft.size !== 'usual' ? sheet.sizes?.[draft.size] : null
  const event = assignment.rhythm.kind === 'event'
  const nothing = sheet.nothing_happened && !begun(draft) && <Nothing sheet={sheet} writing={writing} finished={finished} likely={event} />
  return (
    <>
      {sheet.safety_note && <div class="nhsuk-inset-text"><p><Numbers text={sheet.safety_note} /></p></div>}
      {size && <p class="notice" data-size={draft.size!}>{t(`size.${draft.size as 'small' | 'bigger'}`, { words: size })}</p>}
      <Guide sheet={sheet} assignment={assignment} />
      <p class="small-print">{t('not-emergency')}</p>
      {event && nothing}
      {sheet.short.length > 0 && <ShortWay sheet={sheet} writing={writing} />}
      {!event && nothing}
      <Carried sheet={sheet} writing={writing} />
      {sheet.stages.length > 1 && <Stages sheet={sheet} writing={writing} />}
    </>
  )
}

/** Where it is done when something happens, nothing having happened is the likeliest answer; elsewhere it is a small way out. */
function Nothing({ sheet, writing, finished, likely }: Pick<WithSheet, 'sheet' | 'writing' | 'finished'> & { likely: boolean }) {
  const say = async () => {
    writing.change({ answers: { ...writing.draft.answers, [NOTHING_HAPPENED]: true } })
    const kept = await writing.finish(sheet)
    if (kept) finished(kept)
  }
  const way = likely ? 'nhsuk-button nhsuk-button--secondary wide' : 'link'
  return <p class="nothing-happened"><button type="button" class={way} data-way="nothing" onClick={() => void say()}>{t('nothing')}</button></p>
}

function ShortWay({ sheet, writing }: Pick<WithSheet, 'sheet' | 'writing'>) {
  const turn = (short: boolean) => { writing.change({ short, step: 0 }); settle() }
  const { answers, offered } = writing.draft
  if (goesShort(sheet, writing)) {
    return (
      <p class="short-way">{t('short-on')}{' '}
        <button type="button" class="link" onClick={() => turn(false)}>{t('all')}</button></p>
    )
  }
  const left = shortLeft(sheet, answers as Json, stageOf(sheet, writing), offered as { [name: string]: Json } | undefined).length
  if (left === 0) return null
  return (
    <button type="button" class="tap short-way" data-way="short" onClick={() => turn(true)}>
      <strong>{t('short')}</strong> <span class="tap__hint">{t('short-hint', { n: left })}</span>
    </button>
  )
}

/** Some of it is from last time: said once above, with one tap to start empty; each answer can be cleared by itself too. */
function Carried({ sheet, writing }: Pick<WithSheet, 'sheet' | 'writing'>) {
  const { answers, offered = {}, carried = [] } = writing.draft
  const still = [...stillCarried(sheet, writing)]
  if (still.length === 0) return null
  const clear = () => {
    writing.change({ answers: without(answers, still), offered: without(offered, still), carried: carried.filter((name) => !still.includes(name)) })
    settle()
  }
  return (
    <p class="notice" data-carried={still.length}>{t('carried-some')}{' '}
      <button type="button" class="link" onClick={clear}>{t('carried-clear')}</button></p>
  )
}

function without<Value>(from: { [name: string]: Value }, names: string[]): { [name: string]: Value } {
  return Object.fromEntries(Object.entries(from).filter(([name]) => !names.includes(name)))
}

function Stages({ sheet, writing }: Pick<WithSheet, 'sheet' | 'writing'>) {
  const now = stageOf(sheet, writing)
  return (
    <div class="stages" role="group" aria-label={t('stage')}>
      {sheet.stages.map(({ id, title }, n) => (
        <button type="button" key={id} class="stages__part" aria-pressed={id === now}
          onClick={() => { writing.change({ stage: id, step: 0, short: false }); void writing.flush() }}>{t('part', { n: n + 1, title })}</button>
      ))}
    </div>
  )
}

/** A task without a worksheet: a few words about it. */
function FreeTask({ writing, finished }: Pick<Props, 'writing' | 'finished'>) {
  return (
    <>
      <div class="nhsuk-form-group question">
        <label class="nhsuk-label nhsuk-label--s" for="f-words">{t('words')}</label>
        <Words lines={4} id="f-words" value={writing.draft.answers.words ?? null} hint={undefined} set={(value) => writing.answer('words', value)} />
      </div>
      <Finish sheet={null} writing={writing} finished={finished} />
    </>
  )
}
