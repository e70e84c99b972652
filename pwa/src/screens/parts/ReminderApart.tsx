// Says in words that the reminder comes at another time than the plan, and offers to move it: with what is saved (`put`), or at once (`now`).
import { Tick } from './Tick.tsx'
import { installed, isApple } from '../../actions/platform.ts'
import { reach } from '../../actions/remindMe.ts'
import { reaches, type Apart } from '../../actions/reminderTime.ts'
import type { Settings } from '../../store/meta.ts'
import { sheet as words } from '../../words/sheet.ts'
import { speak } from '../../words/speak.ts'

const t = speak(words)
type Props = { apart: Apart | null; settings: Settings; waits?: boolean; moves?: boolean; put?: (moves: boolean) => void; now?: () => void }

export function ReminderApart({ apart, settings, waits = false, moves = false, put, now }: Props) {
  const says = !waits && reaches(reach(installed(), isApple()), settings) ? 'remind.apart' : 'remind.unreached'
  return (
    <div role="status" data-apart={apart?.planned}>
      {apart && <p class="small-print">{t(says, { at: apart.at, planned: apart.planned })}{apart.quiet && ` ${t('remind.quiet', { planned: apart.planned })}`}</p>}
      {apart && put && !apart.quiet && <Tick id="move-reminder" label={t('remind.move', { planned: apart.planned })} hint={t('remind.one')} on={moves} set={put} />}
      {apart && now && !apart.quiet && <p><button type="button" class="link" data-move onClick={now}>{t('remind.move', { planned: apart.planned })}</button></p>}
    </div>
  )
}
