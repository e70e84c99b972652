// On Today: once more later, at a time of their choice. Nothing is promised where no reminder comes.
import { useEffect, useRef, useState } from 'preact/hooks'
import { settle } from './settle.ts'
import { to } from '../go.ts'
import { installed, isApple } from '../../actions/platform.ts'
import { laterTimes, remindLater, saidLater } from '../../actions/remindLater.ts'
import { reach } from '../../actions/remindMe.ts'
import { reaches } from '../../actions/reminderTime.ts'
import type { Snapshot } from '../../store/snapshot.ts'
import { reminding } from '../../words/reminding.ts'
import { speak } from '../../words/speak.ts'

const t = speak(reminding)

export default function Later({ all }: { all: Snapshot }) {
  const [said, say] = useState(() => saidLater(all.revisions, new Date())?.slice(11) ?? '')
  const [open, ask] = useState(said === '')
  const asked = useRef<HTMLParagraphElement>(null)
  useEffect(() => asked.current?.focus(), [])
  const waits = all.service?.reminders_wait === true
  const comes = !waits && reaches(reach(installed(), isApple()), all.settings)
  const times = comes ? laterTimes(new Date(), all.settings.reminder) : []
  const choose = async (time: string) => {
    await remindLater(time)
    say(time)
    ask(false)
    asked.current?.focus()
    settle()
  }
  const words = waits ? t('later.waits') : !comes ? t('later.unreached')
    : said && !open ? t('later.said', { time: said }) : t(times.length > 0 ? 'later' : 'later.none')
  return (
    <section data-later>
      <p role="status" ref={asked} tabIndex={-1}>{words}</p>
      {!waits && !comes && <p><a href={to('settings')}>{t('later.see')}</a></p>}
      {open && times.length > 0 && (
        <div class="ways">
          {times.map((time) => <button type="button" class="nhsuk-button nhsuk-button--secondary" key={time} onClick={() => void choose(time)}>{t('later.at', { time })}</button>)}
        </div>
      )}
      {!open && times.length > 0 && <p><button type="button" class="link" onClick={() => ask(true)}>{t('later.other')}</button></p>}
    </section>
  )
}
