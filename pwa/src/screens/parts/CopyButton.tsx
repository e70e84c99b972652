// Copies a text, or shows it to be copied by hand where the browser cannot.
import { useState } from 'preact/hooks'
import { pairing } from '../../words/pairing.ts'
import { speak, unmarked } from '../../words/speak.ts'

const t = speak(pairing)

/** `first`: it is the first thing to do on this page. */
export function CopyButton({ text: marked, label, first = false }: { text: string; label: string; first?: boolean }) {
  const text = unmarked(marked)
  const [state, set] = useState<'ready' | 'copied' | 'by-hand'>('ready')
  const copy = () => {
    const done = navigator.clipboard?.writeText(text) ?? Promise.reject(new Error('no clipboard'))
    done.then(() => set('copied'), () => set('by-hand'))
  }
  return (
    <div class="copy">
      <button type="button" class={first ? 'nhsuk-button wide' : 'nhsuk-button nhsuk-button--secondary'} onClick={copy}>{state === 'copied' ? t('copied') : label}</button>
      {state === 'by-hand' && (
        <label>{t('copy-by-hand')}
          <textarea class="nhsuk-textarea" readOnly rows={3} value={text} onFocus={(event) => event.currentTarget.select()} />
        </label>
      )}
    </div>
  )
}
