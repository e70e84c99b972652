// A rating. Short scales are a row of buttons, long ones a range; neither has a value until it was touched.
import { Clear } from './Choice.tsx'
import type { FieldProps } from './Question.tsx'
import { said } from '../../worksheet/said.ts'
import { sheet } from '../../words/sheet.ts'
import { speak } from '../../words/speak.ts'

const t = speak(sheet)
const MOST_BUTTONS = 11

export function Scale(props: FieldProps) {
  const { field, set, value } = props
  const [min, max, step] = [field.min ?? 0, field.max ?? 10, field.step || 1]
  const count = Math.floor((max - min) / step) + 1
  return (
    <>
      {count <= MOST_BUTTONS ? <Buttons {...props} values={Array.from({ length: count }, (_, n) => min + n * step)} /> : <Range {...props} />}
      {typeof value === 'number' && <Clear set={set} />}
    </>
  )
}

function Ends({ field, id }: Pick<FieldProps, 'field'> & { id?: string }) {
  return (
    <div class="ends" id={id && `${id}-ends`}>
      <span>{field.min ?? 0}: {field.low}</span>
      <span>{field.max ?? 10}: {field.high}</span>
    </div>
  )
}

/** What a screen reader hears: at the two ends, the words that stand below the row for the eye. */
function spokenStep(field: FieldProps['field'], value: number, last: number): string | undefined {
  const words = value === (field.min ?? 0) ? field.low : value === last ? field.high : null
  return words ? t('scale-end', { value, words }) : undefined
}

function Buttons({ field, id, value, set, values }: FieldProps & { values: number[] }) {
  return (
    <>
      <div class="scale">
        {values.map((number) => (
          <label class="scale__step" key={number}>
            <input type="radio" name={id} aria-label={spokenStep(field, number, values.at(-1)!)} checked={value === number} onChange={() => set(number)} />
            <span class="scale__number">{number}</span>
          </label>
        ))}
      </div>
      <div aria-hidden="true"><Ends field={field} /></div>
    </>
  )
}

function Range({ field, id, label, value, hint, set }: FieldProps) {
  const [min, max, step] = [field.min ?? 0, field.max ?? 100, field.step || 1]
  const touched = typeof value === 'number'
  const answer = touched ? said().outOf(said().number(value), said().number(max)) : t('not-answered')
  const middle = min + Math.round((max - min) / 2 / step) * step
  const put = (number: number) => set(Math.min(max, Math.max(min, number)))
  const nudge = (by: number) => put(touched ? (value as number) + by : middle)
  return (
    <>
      <output class={touched ? 'range__value' : 'range__value range__value--none'} for={id}>
        {answer}
      </output>
      <div class="range">
        <button type="button" class="range__nudge" onClick={() => nudge(-step)}><span aria-hidden="true">−</span><span class="nhsuk-u-visually-hidden">{t('less')}</span></button>
        <input type="range" id={id} min={min} max={max} step={step} value={touched ? (value as number) : middle}
          class={touched ? '' : 'range--untouched'} aria-label={label} aria-describedby={[hint, `${id}-ends`].filter(Boolean).join(' ')}
          aria-valuetext={answer}
          onInput={(event) => put(Number(event.currentTarget.value))}
          onPointerUp={(event) => put(Number(event.currentTarget.value))}
          onKeyDown={(event) => { if (event.key === ' ' || event.key === 'Enter') { event.preventDefault(); put(Number(event.currentTarget.value)) } }} />
        <button type="button" class="range__nudge" onClick={() => nudge(step)}><span aria-hidden="true">+</span><span class="nhsuk-u-visually-hidden">{t('more')}</span></button>
      </div>
      <Ends field={field} id={id} />
    </>
  )
}
