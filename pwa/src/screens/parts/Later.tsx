// On Today: once more later, at a time of their choice.
import { useState } from 'preact/hooks'
import { settle } from './settle.ts'
import { laterTimes, remindLater } from '../../actions/remindLater.ts'
import type { ReminderRule } from '../../store/meta.ts'
import { reminding } from '../../words/reminding.ts'
import { speak } from '../../words/speak.ts'

const t = speak(reminding)

export default function Later({ rule }: { rule: ReminderRule }) {
  const [open, show] = useState(false)
  const [said, say] = useState('')
  const times = laterTimes(new Date(), rule)
  const choose = async (time: string) => {
    await remindLater(time)
    say(t('later.said', { time }))
    show(false)
    settle()
  }
  return (
    <section data-later>
      <p role="status">{said}</p>
      <p><button type="button" class="link" aria-expanded={open} onClick={() => show(!open)}>{t('later')}</button></p>
      {open && times.length === 0 && <p>{t('later.none')}</p>}
      {open && times.length > 0 && (
        <div class="ways">
          {times.map((time) => <button type="button" class="nhsuk-button nhsuk-button--secondary" key={time} onClick={() => void choose(time)}>{t('later.at', { time })}</button>)}
        </div>
      )}
    </section>
  )
}
