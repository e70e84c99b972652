// One notice on Today: who looks after this with the person from now on, or from a day on.
import { handed, handedTold } from '../../actions/handed.ts'
import type { Handover } from '../../sync/wire.ts'
import { notes } from '../../words/notes.ts'
import { dayInWords, speak } from '../../words/speak.ts'

const t = speak(notes)

export default function Handed({ handover, today }: { handover: Handover; today: string }) {
  const when = handed(handover, today)
  if (!when) return null
  return (
    <div class="stack" data-handed>
      <section class="notice" role="status">
        <p><strong>{t(`handed.${when}`, { day: dayInWords(handover.from), who: handover.to })}</strong> {t('handed.same')}</p>
        <button type="button" class="nhsuk-button nhsuk-button--secondary" onClick={() => void handedTold(handover)}>{t('handed.ok')}</button>
      </section>
    </div>
  )
}
