// Monthly checks are on this phone and nowhere else: said, with a copy, wherever they could be lost.
import { here } from '../../actions/keeps.ts'
import { download } from '../../actions/leave.ts'
import { checksCopy } from './plainCopy.ts'
import type { Snapshot } from '../../store/snapshot.ts'
import { over } from '../../words/over.ts'
import { speak } from '../../words/speak.ts'

const t = speak(over)

export function OnlyHere({ all }: { all: Snapshot }) {
  if (!all.ownChecks?.kept.length) return null
  return (
    <div class="notice">
      <p>{t(here('check-only-here'))}</p>
      <p><button type="button" class="link" onClick={() => download('meantime.txt', checksCopy(all))}>{t('check-download')}</button></p>
    </div>
  )
}
