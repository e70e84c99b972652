// The questions of a worksheet outside a task: what is typed is kept as a draft, and saving is the caller's.
import { useState } from 'preact/hooks'
import { useWriting } from './useWriting.ts'
import { Question, type Page } from '../fields/Question.tsx'
import { keepsNothing } from '../../actions/keeps.ts'
import { questionTooLong, startOwn } from '../../actions/ownWriting.ts'
import { shownFields } from '../../worksheet/shown.ts'
import type { Answers, Worksheet } from '../../worksheet/definition.ts'
import { over } from '../../words/over.ts'
import { sheet as words } from '../../words/sheet.ts'
import { speak } from '../../words/speak.ts'

const t = speak(over)
type Props = { sheet: Worksheet; draft: string; start: Answers; label: string; save: (answers: Answers) => Promise<unknown> }

export function OwnForm({ sheet, draft, start, label, save }: Props) {
  const writing = useWriting(() => startOwn(draft, start))
  const [said, say] = useState<'empty' | 'not' | null>(null)
  // The question whose answer is too long: trying again would not help.
  const [long, stop] = useState<string | null>(null)
  if (!writing) return null
  const { answers } = writing.draft
  const finish = async () => {
    if (Object.keys(answers).length === 0) return say('empty')
    const question = questionTooLong(sheet, answers)
    if (question !== null) return stop(question)
    try {
      await save(answers)
      await writing.abandon()
    } catch {
      say('not')
    }
  }
  // The day is the day it is saved: nobody has to say it.
  const fields = shownFields(sheet, answers, null).filter((field) => field.id !== 'date')
  const page: Page = { sheet, stage: null, short: false, answers, carried: new Set(), flush: () => void writing.flush() }
  return (
    <form noValidate onSubmit={(event) => event.preventDefault()}>
      {fields.map((field) => (
        <Question key={field.id} field={field} prefix="f-" siblings={sheet.fields} answers={answers} page={page}
          set={(name, value) => { say(null); stop(null); writing.answer(name, value) }} />
      ))}
      {long !== null && <p role="alert" class="problem">{t('too-long', { question: long })}</p>}
      {said === 'not' && <p role="alert" class="problem">{t('not-saved')}</p>}
      <button type="button" class="nhsuk-button wide" data-way="save" onClick={() => void finish()}>{label}</button>
      <p class="draft-line" role="status">{said === 'empty' ? t('feedback-empty') : !keepsNothing() && speak(words)(writing.kept ? 'draft-kept' : 'draft-keeping')}</p>
    </form>
  )
}
