// What would be lost with this phone though nothing waits to be sent: their own, and what others left. As numbers.
import { Others } from './Others.tsx'
import { here } from '../../actions/keeps.ts'
import { onlyHere } from '../../actions/onlyHere.ts'
import type { Snapshot } from '../../store/snapshot.ts'
import { settings as words } from '../../words/settings.ts'
import { speak } from '../../words/speak.ts'

const t = speak(words)

export function Lost({ all }: { all: Snapshot }) {
  const n = onlyHere(all)
  return (
    <>
      {n > 0 && <p><strong>{t(here('only-here'), { n })}</strong></p>}
      <Others count={all.others} />
    </>
  )
}
