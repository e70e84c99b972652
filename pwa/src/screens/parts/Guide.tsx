// How to do it, a worked example, and "I'm not sure how": each one tap away.
import { useState } from 'preact/hooks'
import { ask } from '../../actions/say.ts'
import type { Assignment } from '../../sync/wire.ts'
import type { Worksheet } from '../../worksheet/definition.ts'
import { readingForm } from '../../worksheet/reading.ts'
import { sheet as words } from '../../words/sheet.ts'
import { speak, unmarked } from '../../words/speak.ts'

const t = speak(words)

export function Guide({ sheet, assignment, open = false }: { sheet: Worksheet; assignment: Assignment; open?: boolean }) {
  const [asked, setAsked] = useState(false)
  const unsure = async () => {
    await ask(unmarked(t('unsure-agenda', { title: sheet.title })), { assignment_id: assignment.assignment_id })
    setAsked(true)
  }
  return (
    <div class="guide">
      <details class="nhsuk-details" open={open || asked}>
        <summary class="nhsuk-details__summary"><span class="nhsuk-details__summary-text">{t('how')}</span></summary>
        <div class="nhsuk-details__text">
          <p>{sheet.summary} {sheet.minutes ? `${t('minutes', { n: sheet.minutes })}.` : ''}</p>
          {sheet.how.length > 0 && <ol class="nhsuk-list nhsuk-list--number">{sheet.how.map((step) => <li key={step}>{step}</li>)}</ol>}
          {sheet.why && <p><strong>{t('helps')}.</strong> {sheet.why}</p>}
        </div>
      </details>
      {sheet.example.who && (
        <details class="nhsuk-details">
          <summary class="nhsuk-details__summary"><span class="nhsuk-details__summary-text">{t('example')}</span></summary>
          <div class="nhsuk-details__text">
            <p>{sheet.example.who}</p>
            <Reading rows={readingForm(sheet, sheet.example.answers)} />
          </div>
        </details>
      )}
      {asked
        ? <p class="notice" role="status">{t('unsure-done')}</p>
        : <p><button type="button" class="link" onClick={() => void unsure()}>{t('unsure')}</button></p>}
    </div>
  )
}

/** Questions and answers as somebody reads them. */
export function Reading({ rows }: { rows: [string, string][] }) {
  return <dl class="reading">{rows.map(([label, text], n) => <div key={n}><dt>{label}</dt><dd>{text}</dd></div>)}</dl>
}
