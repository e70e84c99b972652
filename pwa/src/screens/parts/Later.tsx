// On Today: once more later, at a time of their choice.
import { useEffect, useRef, useState } from 'preact/hooks'
import { settle } from './settle.ts'
import { laterTimes, remindLater } from '../../actions/remindLater.ts'
import type { ReminderRule } from '../../store/meta.ts'
import { reminding } from '../../words/reminding.ts'
import { speak } from '../../words/speak.ts'

const t = speak(reminding)

export default function Later({ rule }: { rule: ReminderRule }) {
  const [said, say] = useState('')
  const asked = useRef<HTMLParagraphElement>(null)
  useEffect(() => asked.current?.focus(), [])
  const times = laterTimes(new Date(), rule)
  const choose = async (time: string) => {
    await remindLater(time)
    say(t('later.said', { time }))
    asked.current?.focus()
    settle()
  }
  return (
    <section data-later>
      <p role="status" ref={asked} tabIndex={-1}>{said || t(times.length > 0 ? 'later' : 'later.none')}</p>
      {!said && times.length > 0 && (
        <div class="ways">
          {times.map((time) => <button type="button" class="nhsuk-button nhsuk-button--secondary" key={time} onClick={() => void choose(time)}>{t('later.at', { time })}</button>)}
        </div>
      )}
    </section>
  )
}
