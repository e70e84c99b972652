// What would be lost with this phone, to take along: copied, or as a file that any phone or computer opens.
import { CopyButton } from './CopyButton.tsx'
import { unsentCopy } from './unsentCopy.ts'
import { download } from '../../actions/leave.ts'
import { dayOf } from '../../sync/days.ts'
import type { Snapshot } from '../../store/snapshot.ts'
import { settings as words } from '../../words/settings.ts'
import { speak } from '../../words/speak.ts'

const t = speak(words)

/** `first`: it is the first thing to do on this page. */
export function TakeCopy({ all, first = false }: { all: Snapshot; first?: boolean }) {
  const text = unsentCopy(all, dayOf(new Date()))
  return (
    <>
      <CopyButton text={text} label={t('data.copy')} first={first} />
      <p><button type="button" class="link" onClick={() => download('meantime-not-sent.txt', text)}>{t('copy.file')}</button></p>
    </>
  )
}
