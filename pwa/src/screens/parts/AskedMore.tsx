// The rest of a plan that waits for a yes: which of how many, how often, why, what if, and a reminder that moved with it.
import { howOften } from './howOften.ts'
import { movedTo } from '../../actions/movedTo.ts'
import { planOf } from '../../actions/todayView.ts'
import type { Snapshot } from '../../store/snapshot.ts'
import type { Assignment } from '../../sync/wire.ts'
import { notes } from '../../words/notes.ts'
import { speak } from '../../words/speak.ts'

const t = speak(notes)

export default function AskedMore({ all, one, of }: { all: Snapshot; one: Assignment; of: number }) {
  const plan = planOf(all, one)
  const at = movedTo(all, plan)
  const rows = [[t('often'), howOften(one.rhythm)], [t('asked.why'), one.reason], [t('asked.obstacle'), plan.obstacle], [t('asked.then'), plan.then]]
  return (
    <div data-more>
      {of > 1 && <p class="small-print">{t('asked.of', { of })}</p>}
      {rows.map(([label, text]) => text && <p class="small-print" key={label}>{label}: <bdi>{text}</bdi></p>)}
      {at && <p class="small-print" data-moved>{t('remind.moved', { at, who: one.agreed_with })}</p>}
    </div>
  )
}
