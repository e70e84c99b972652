// The end of a worksheet: keep it for now, who helped, save; and what to do when it could not be saved.
import { useState } from 'preact/hooks'
import { CopyButton } from './CopyButton.tsx'
import { go, to } from '../go.ts'
import { Tick } from './Tick.tsx'
import { begun } from '../../actions/offered.ts'
import type { Writing } from '../../actions/writing.ts'
import { keepsNothing } from '../../actions/keeps.ts'
import type { Kept } from '../../sync/kept.ts'
import type { Json, Worksheet } from '../../worksheet/definition.ts'
import { stillOpen } from '../../worksheet/left.ts'
import { readingForm } from '../../worksheet/reading.ts'
import { sheet as words } from '../../words/sheet.ts'
import { speak } from '../../words/speak.ts'

const t = speak(words)
const HELPED = ['none', 'interpreter', 'supporter'] as const
type Props = { sheet: Worksheet | null; writing: Writing; finished: (kept: Kept) => void; brief?: boolean }

export function Finish({ sheet, writing, finished, brief = false }: Props) {
  const [busy, setBusy] = useState(false)
  const { draft, trouble } = writing
  const [empty, sayEmpty] = useState(false)
  const started = begun(draft)
  const save = async () => {
    if (!started) return sayEmpty(true)
    setBusy(true)
    const kept = await writing.finish(sheet)
    setBusy(false)
    if (kept) finished(kept)
  }
  return (
    <div class="finish">
      {!brief && (
        <>
          <Tick id="keep" label={t('keep')} hint={t('keep-hint')} on={draft.kept} set={(kept) => writing.change({ kept })} />
          <details class="nhsuk-details">
            <summary class="nhsuk-details__summary"><span class="nhsuk-details__summary-text">{t('helped')}</span></summary>
            <div class="nhsuk-details__text nhsuk-radios">
              {HELPED.map((who) => (
                <div class="nhsuk-radios__item" key={who}>
                  <input class="nhsuk-radios__input" type="radio" name="helped" id={`helped-${who}`} checked={draft.helped_by === who}
                    onChange={() => writing.change({ helped_by: who })} />
                  <label class="nhsuk-label nhsuk-radios__label" for={`helped-${who}`}>{t(`helped.${who}`)}</label>
                </div>
              ))}
            </div>
          </details>
        </>
      )}
      {trouble && <NotSaved writing={writing} sheet={sheet} />}
      <button type="button" class={brief ? 'nhsuk-button nhsuk-button--secondary wide' : 'nhsuk-button wide'} data-way="save" disabled={busy}
        onClick={() => void save()}>{t(busy ? 'saving' : brief ? 'save-here' : 'save')}</button>
      {!brief && sheet && started && <StillOpen sheet={sheet} writing={writing} />}
      <p class="draft-line" role="status">{started && !keepsNothing() ? t(writing.kept ? 'draft-kept' : 'draft-keeping') : empty && t('nothing-yet')}</p>
      {!brief && <p class="small-print">{t('optional')} <a href={to('who')}>{t('who-sees')}</a></p>}
      {!brief && started && !draft.entry_id && <Drop writing={writing} />}
    </div>
  )
}

/** What is left of a complete answer: it stops nothing. Silent once the worksheet is done by its own rule. */
function StillOpen({ sheet, writing: { draft } }: { sheet: Worksheet; writing: Writing }) {
  const n = stillOpen(sheet, draft.answers as Json, draft.stage)
  return n > 0 && !draft.short ? <p class="small-print" data-open={n}>{t('still-open', { n })}</p> : null
}

function NotSaved({ writing, sheet }: { writing: Writing; sheet: Worksheet | null }) {
  const { trouble, draft } = writing
  const named = trouble!.fields.map((id) => sheet?.fields.find((field) => field.id === id)?.label).filter(Boolean)
  const text = sheet
    ? readingForm(sheet, draft.answers).map(([label, answer]) => `${label}\n${answer}`).join('\n\n')
    : String(draft.answers.words ?? '')
  return (
    <div class="problem" role="alert">
      <h2 class="nhsuk-heading-s">{t('trouble.title')}</h2>
      <p>{t(`trouble.${trouble!.kind}`)}</p>
      {named.length > 0 && <p>{named.join(' · ')}</p>}
      <CopyButton text={text} label={t('trouble.copy')} />
    </div>
  )
}

function Drop({ writing }: { writing: Writing }) {
  const [sure, ask] = useState(false)
  const drop = async () => {
    await writing.abandon()
    go(to(), true)
  }
  if (!sure) return <p><button type="button" class="link" onClick={() => ask(true)}>{t('drop')}</button></p>
  return (
    <div role="group" aria-label={t('drop-sure')}>
      <p>{t('drop-sure')}</p>
      <div class="ways">
        <button type="button" class="nhsuk-button nhsuk-button--secondary" onClick={() => void drop()}>{t('drop-yes')}</button>
        <button type="button" class="nhsuk-button nhsuk-button--secondary" onClick={() => ask(false)}>{t('drop-no')}</button>
      </div>
    </div>
  )
}
