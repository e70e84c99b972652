// One entry in two states: what differs, answer by answer, to choose from; or both, kept as they were written.
import { useState } from 'preact/hooks'
import { Reading } from './Guide.tsx'
import { go, to } from '../go.ts'
import { inRows } from './inRows.ts'
import { whatDiffers, type Differs, type Rows } from './whatDiffers.ts'
import { sheetOf } from '../../actions/judged.ts'
import { keepBoth, mergeTwo } from '../../actions/mergeTwo.ts'
import type { Snapshot } from '../../store/snapshot.ts'
import type { Kept } from '../../sync/kept.ts'
import { dayOf } from '../../sync/days.ts'
import { entryOf } from '../../sync/standing.ts'
import { later } from '../../words/later.ts'
import { clockTime, dayInWords, speak } from '../../words/speak.ts'

const t = speak(later)
type Two = { all: Snapshot; head: Kept; other: Kept }

export function Merge({ all, head, other }: Two) {
  const [chosen, choose] = useState<ReadonlyMap<string, boolean>>(new Map())
  const [problem, say] = useState<'merge.not' | 'merge.choose' | null>(null)
  const asked = whatDiffers(sheetOf(all.worksheets, head), head, other)
  const pick = (id: string, other: boolean) => choose((before) => new Map([...before, [id, other]]))
  const then = (work: Promise<Kept>, place: string) => void work.then(() => go(place, true), () => say('merge.not'))
  // Nothing is chosen for them: one tap must not drop what was written on the phone in hand.
  const save = () => {
    if (asked.some(({ id }) => !chosen.has(id))) return say('merge.choose')
    then(mergeTwo(head, other, new Set(asked.flatMap(({ id }) => (chosen.get(id) ? [id] : [])))), here)
  }
  const here = to('entry', head.revision.entry_id)
  return (
    <section data-merge>
      <p>{t(asked.length > 0 ? 'merge.text' : 'merge.same')}</p>
      {asked.map(({ id, of }) => <Choice key={id} id={id} of={of} states={[head, other]} other={chosen.get(id)} pick={(one) => pick(id, one)} />)}
      {problem && <p role="alert" class="problem">{t(problem)}</p>}
      <button type="button" class="nhsuk-button wide" onClick={save}>{t(asked.length > 0 ? 'merge.save' : 'merge.one')}</button>
      <button type="button" class="nhsuk-button nhsuk-button--secondary wide" onClick={() => then(keepBoth(head, other), to('history'))}>{t('merge.both')}</button>
      <p class="small-print">{t('merge.both-hint')}</p>
      <details class="nhsuk-details">
        <summary class="nhsuk-details__summary"><span class="nhsuk-details__summary-text">{t('merge.full')}</span></summary>
        <div class="nhsuk-details__text">
          {[head, other].map((one) => (
            <section key={one.revision.revision_id}>
              <h2 class="nhsuk-heading-s">{whence(one)}</h2>
              <Reading rows={rowsOf(all, one)} />
            </section>
          ))}
        </div>
      </details>
    </section>
  )
}

function Choice({ id, of, states, other, pick }: Differs & { states: Kept[]; other: boolean | undefined; pick: (other: boolean) => void }) {
  const label = of.flat()[0]![0]
  return (
    <fieldset class="nhsuk-fieldset" data-differs={id}>
      <legend class="nhsuk-fieldset__legend nhsuk-fieldset__legend--s">{label}</legend>
      <div class="nhsuk-radios">
        {of.map((rows, at) => (
          <div class="nhsuk-radios__item" key={at}>
            <input class="nhsuk-radios__input" type="radio" name={`merge-${id}`} id={`merge-${id}-${at}`} checked={other === (at === 1)} onChange={() => pick(at === 1)} />
            <label class="nhsuk-label nhsuk-radios__label" for={`merge-${id}-${at}`}>
              <span class="merge__said">{said(rows, label)}</span><span class="tap__hint">{whence(states[at]!)}</span>
            </label>
          </div>
        ))}
      </div>
    </fieldset>
  )
}

/** The answer in words; of a list, each of its lines under its own label. */
function said(rows: Rows, label: string): string {
  return rows.map(([name, text]) => (name === label ? text : `${name}: ${text}`)).join('\n') || t('merge.empty')
}

/** Which of the two it is. */
function whence({ mine, saved_at }: Kept): string {
  const when = t('merge.saved', { day: dayInWords(dayOf(new Date(saved_at)), true), time: clockTime(saved_at) })
  return `${t(mine ? 'merge.here' : 'merge.there')}. ${when}`
}

function rowsOf(all: Snapshot, entry: Kept): Rows {
  return inRows(sheetOf(all.worksheets, entry), entryOf(entry).answers)
}
