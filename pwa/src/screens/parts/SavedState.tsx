// "Saved on this phone" or "Sent", with what that means one tap away.
import type { State } from '../../sync/kept.ts'
import { keepsNothing } from '../../actions/keeps.ts'
import { en } from '../../words/en.ts'
import { speak } from '../../words/speak.ts'

const t = speak(en)
const NAMES = {
  pending: 'here', sending: 'here', sent: 'sent', needs_sign_in: 'sign-in', quarantined: 'quarantined', refused: 'refused',
} as const

export function SavedState({ state }: { state: State }) {
  // Nothing is on the phone: it must not say so.
  const name = NAMES[state] === 'here' && keepsNothing() ? 'open' : NAMES[state]
  return (
    <details class="saved" data-saved={name}>
      <summary><span aria-hidden="true" class="saved__mark">{name === 'refused' || name === 'open' ? '!' : '✓'}</span> {t(`saved.${name}`)}</summary>
      <p>{t(`saved.${name}-means`)}</p>
      {name === 'here' && <p>{t('saved.lost-phone')}</p>}
    </details>
  )
}
