// Says in words that the reminder comes at another time than the plan, and offers to move it where `put` is given.
import { Tick } from './Tick.tsx'
import type { Apart } from '../../actions/reminderTime.ts'
import { sheet as words } from '../../words/sheet.ts'
import { speak } from '../../words/speak.ts'

const t = speak(words)
type Props = { apart: Apart | null; moves?: boolean; put?: (moves: boolean) => void }

export function ReminderApart({ apart, moves = false, put }: Props) {
  return (
    <div role="status" data-apart={apart?.planned}>
      {apart && <p class="small-print">{t('remind.apart', { at: apart.at, planned: apart.planned })}{apart.quiet && put && ` ${t('remind.quiet', { planned: apart.planned })}`}</p>}
      {apart && put && !apart.quiet && <Tick id="move-reminder" label={t('remind.move', { planned: apart.planned })} hint={t('remind.one')} on={moves} set={put} />}
    </div>
  )
}
