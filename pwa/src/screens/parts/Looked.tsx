// One quiet line on Today: a practitioner looked at something. It stays while this Today is open, and does not come again.
import { useEffect, useState } from 'preact/hooks'
import { to } from '../go.ts'
import { told, untold } from '../../actions/lookedAt.ts'
import type { Snapshot } from '../../store/snapshot.ts'
import { en } from '../../words/en.ts'
import { speak } from '../../words/speak.ts'

const t = speak(en)
/** On show for so long, somebody who looked at the screen has seen it. */
const LONG_ENOUGH = 3000

export function Looked({ all, today }: { all: Snapshot; today: string }) {
  const fresh = untold(all.reviews, all.settings.looks_told, today)
  const [shown, show] = useState(fresh)
  useEffect(() => { if (fresh.length > 0) show(fresh) }, [fresh[0]?.review_id])
  useEffect(() => {
    if (fresh.length === 0) return
    const timer = setTimeout(() => void told(fresh), LONG_ENOUGH)
    return () => clearTimeout(timer)
  }, [fresh[0]?.review_id])
  const [newest] = shown
  if (!newest) return null
  const title = all.assignments.find((one) => one.assignment_id === newest.assignment_id)?.title ?? ''
  const words = shown.length === 1 && title ? t('today.looked', { who: newest.by, title }) : t('today.looked-some', { who: newest.by, n: shown.length })
  return <p class="looked" role="status"><span>{words}</span> <a href={to('history')}>{t('today.looked-see')}</a></p>
}
