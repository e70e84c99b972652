// "Saved on this phone" or "Sent", with what that means one tap away.
import { useState } from 'preact/hooks'
import { savedName } from './states.ts'
import { lazy } from '../lazy.tsx'
import type { State } from '../../sync/kept.ts'
import { en } from '../../words/en.ts'
import { speak } from '../../words/speak.ts'

const t = speak(en)
const Means = lazy(() => import('./SavedMeans.tsx'))
export function SavedState({ state }: { state: State }) {
  const [asked, ask] = useState(false)
  const name = savedName(state)
  return (
    <details class="saved" data-saved={name} onToggle={() => ask(true)}>
      <summary><span aria-hidden="true" class="saved__mark">{name === 'sent' || name === 'here' || name === 'sign-in' ? '✓' : '!'}</span> {t(`saved.${name}`)}</summary>
      {asked && <Means name={name} />}
    </details>
  )
}
