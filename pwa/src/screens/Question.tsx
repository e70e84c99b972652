// A question or wish for the next appointment.
import '../styles/forms.scss'
import { useState } from 'preact/hooks'
import { back } from './parts/Back.tsx'
import { Heading } from './parts/Heading.tsx'
import { SavedState } from './parts/SavedState.tsx'
import { ask } from '../actions/say.ts'
import type { ScreenProps } from './props.ts'
import { heads } from '../sync/kept.ts'
import { tooLong } from '../sync/wellFormed.ts'
import { later } from '../words/later.ts'
import { sheet as words } from '../words/sheet.ts'
import { speak } from '../words/speak.ts'

const t = speak(later)

export default function Question({ all }: ScreenProps) {
  const [text, write] = useState('')
  const [said, say] = useState<'saved' | 'not-saved' | 'too-long' | null>(null)
  const mine = heads(all.revisions).filter(({ revision }) => revision.subject.kind === 'agenda' && revision.kind !== 'delete')
  const save = async (event: Event) => {
    event.preventDefault()
    if (!text.trim()) return
    if (tooLong({ text }).length > 0) return say('too-long')
    try {
      await ask(text.trim())
      write('')
      say('saved')
    } catch {
      say('not-saved')
    }
  }
  return (
    <form onSubmit={save} noValidate>
      {back()}
      <Heading>{t('question.title')}</Heading>
      <p>{t('question.text')}</p>
      <div class="nhsuk-form-group">
        <label class="nhsuk-label nhsuk-label--s" for="question">{t('question.label')}</label>
        <textarea class="nhsuk-textarea" id="question" rows={3} value={text} onInput={(event) => { write(event.currentTarget.value); say(null) }} />
      </div>
      {said && said !== 'saved' && <p role="alert" class="problem">{said === 'too-long' ? speak(words)('trouble.too-long') : t('not-saved')}</p>}
      <button type="submit" class="nhsuk-button wide">{t('question.save')}</button>
      <p role="status">{said === 'saved' && t('question.saved')}</p>
      {mine.length > 0 && <h2 class="nhsuk-heading-s">{t('question.mine')}</h2>}
      <ul class="entries">
        {mine.map(({ revision, state }) => <li key={revision.entry_id}><bdi>{String(revision.payload.text)}</bdi><SavedState state={state} /></li>)}
      </ul>
    </form>
  )
}
