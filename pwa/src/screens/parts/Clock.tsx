// On Today, once per journey: whether reminders move to the clock that the phone shows now. Nothing moves by itself.
import { settle } from './settle.ts'
import { notes } from '../../words/notes.ts'
import { isolated, speak } from '../../words/speak.ts'

const t = speak(notes)
// Fetched when first wanted: Today opens with little.
const moving = () => import('../../actions/remindLater.ts')

export default function Clock({ here, there }: { here: string; there: string }) {
  const then = (done: 'moveClock' | 'keepClock') => void moving().then((module) => module[done]()).then(settle)
  return (
    <div class="stack"><section class="notice" data-clock={here}>
      <p><strong>{t('clock', { here: isolated(place(here)) })}</strong></p>
      <p>{t('clock.ask', { there: isolated(place(there)) })}</p>
      <div class="ways">
        <button type="button" class="nhsuk-button" onClick={() => then('moveClock')}>{t('clock.move')}</button>
        <button type="button" class="nhsuk-button nhsuk-button--secondary" onClick={() => then('keepClock')}>{t('clock.keep')}</button>
      </div>
    </section></div>
  )
}

function place(zone: string): string {
  return zone.slice(zone.lastIndexOf('/') + 1).replaceAll('_', ' ')
}
