// One step back, or Today when this screen was the first.
import { go, to } from '../go.ts'
import { en } from '../../words/en.ts'
import { speak } from '../../words/speak.ts'

const t = speak(en)

/** A back link; a link to Today for who opens it in a new tab. */
export function back() {
  const click = (event: Event) => {
    event.preventDefault()
    if (history.length > 1) history.back()
    else go(to(), true)
  }
  return <a class="back" href={to()} onClick={click}><span aria-hidden="true">‹ </span>{t('app.back')}</a>
}
