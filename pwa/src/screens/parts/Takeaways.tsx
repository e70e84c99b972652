// The main thing taken away from each appointment: written here, or written down by the practitioner.
import { useState } from 'preact/hooks'
import { FirstFew } from './FirstFew.tsx'
import { useWriting } from './useWriting.ts'
import { startOwn } from '../../actions/ownWriting.ts'
import { LONGEST_TAKEAWAY, sayTakeaway, TAKEAWAY, takeaways, toAsk } from '../../actions/personal.ts'
import type { Snapshot } from '../../store/snapshot.ts'
import type { Appointment } from '../../sync/wire.ts'
import { later } from '../../words/later.ts'
import { dayInWords, speak } from '../../words/speak.ts'

const t = speak(later)

export function Takeaways({ all }: { all: Snapshot }) {
  const said = takeaways(all.revisions)
  const last = all.courseOver ? null : toAsk(all.appointments, said, new Date())
  const shown = all.appointments.filter(({ appointment_id }) => said.has(appointment_id)).sort((a, b) => (a.starts_at < b.starts_at ? 1 : -1))
  if (!last && shown.length === 0) return null
  return (
    <section data-takeaways>
      <h2 class="nhsuk-heading-m">{t('takeaway')}</h2>
      {last && <Write met={last} before={said.get(last.appointment_id)?.text ?? ''} key={`${last.appointment_id} ${said.get(last.appointment_id)?.text ?? ''}`} />}
      <FirstFew few={3} about={t('takeaway')} wrap={(items) => items} items={shown.map(({ appointment_id, local }) => (
        <article class="review" key={appointment_id}>
          <blockquote><bdi>{said.get(appointment_id)!.text}</bdi></blockquote>
          <p class="small-print">{dayInWords(local)}{said.get(appointment_id)!.byStaff && `. ${t('takeaway.by-staff')}`}</p>
        </article>
      ))} />
    </section>
  )
}

function Write({ met, before }: { met: Appointment; before: string }) {
  const writing = useWriting(() => startOwn(`${TAKEAWAY}${met.appointment_id}`, {}))
  const [failed, fail] = useState(false)
  if (!writing) return null
  const save = async (event: Event) => {
    event.preventDefault()
    const { draft } = writing
    const text = String(draft.answers.text ?? before)
    try {
      if (text.trim() !== before) await sayTakeaway(met.appointment_id, text)
      await writing.saved(draft)
      fail(false)
    } catch {
      fail(true)
    }
  }
  return (
    <form onSubmit={save} noValidate>
      <div class="nhsuk-form-group">
        <label class="nhsuk-label nhsuk-label--s" for="takeaway">{t('takeaway.of', { day: dayInWords(met.local) })}</label>
        <div class="nhsuk-hint" id="takeaway-hint">{t('takeaway.hint')}</div>
        <textarea class="nhsuk-textarea" id="takeaway" rows={2} maxLength={LONGEST_TAKEAWAY} aria-describedby="takeaway-hint" defaultValue={String(writing.draft.answers.text ?? before)}
          onInput={(event) => writing.answer('text', event.currentTarget.value)} />
      </div>
      {failed && <p role="alert" class="problem">{t('not-saved')}</p>}
      <button type="submit" class="nhsuk-button nhsuk-button--secondary">{t('takeaway.save')}</button>
    </form>
  )
}
