// On Today, one plan at a time that waits for its owner: is it right? Yes, or change it, with or without a network.
import { useRef, useState } from 'preact/hooks'
import { plannedAt } from './plannedAt.ts'
import { settle } from './settle.ts'
import { to } from '../go.ts'
import { waitingForYes } from '../../actions/asks.ts'
import { planOf } from '../../actions/todayView.ts'
import type { Snapshot } from '../../store/snapshot.ts'
import type { Assignment } from '../../sync/wire.ts'
import { en } from '../../words/en.ts'
import { speak } from '../../words/speak.ts'

const t = speak(en)

export function Asked({ all, today }: { all: Snapshot; today: string }) {
  const [said, say] = useState<'app.broken' | 'today.yes-said' | null>(null)
  const here = useRef<HTMLElement>(null)
  const [one] = waitingForYes(all, today)
  if (!one && !said) return null
  const yes = async ({ assignment_id, version }: Assignment) => {
    try {
      await (await import('../../actions/say.ts')).confirmPlan(assignment_id, version)
      say('today.yes-said')
      here.current?.focus()
      settle()
    } catch {
      say('app.broken')
    }
  }
  return (
    <section class="asked" data-asked={one?.assignment_id} ref={here} tabIndex={-1}>
      <p role="status" class="asked__said">{said && t(said)}</p>
      {one && <Plan all={all} one={one} yes={() => void yes(one)} />}
    </section>
  )
}

function Plan({ all, one, yes }: { all: Snapshot; one: Assignment; yes: () => void }) {
  const changed = one.changes?.[0]
  const plan = plannedAt(planOf(all, one))
  const hidden = <span class="nhsuk-u-visually-hidden">: {one.title}</span>
  return (
    <>
      <h2 class="nhsuk-heading-s">{changed?.by === 'practitioner' ? t('today.agreed-changed', { who: changed.who }) : t('today.agreed', { who: one.agreed_with })}</h2>
      <p><bdi>{one.title}</bdi>{plan && <><br />{plan}</>}</p>
      <div class="ways">
        <button type="button" class="nhsuk-button" data-way="yes" onClick={yes}>{t('today.yes')}{hidden}</button>
        <a class="nhsuk-button nhsuk-button--secondary" data-way="change" href={to('plan', one.assignment_id)}>{t('today.change-it')}{hidden}</a>
      </div>
    </>
  )
}
