// One of some, several of some, yes or no. What was chosen can be cleared.
import type { FieldProps } from './Question.tsx'
import type { Json } from '../../worksheet/definition.ts'
import { sheet } from '../../words/sheet.ts'
import { speak } from '../../words/speak.ts'

const t = speak(sheet)

export function Choice({ field, id, value, set }: FieldProps) {
  const options: { value: Json; label: string }[] = field.type === 'boolean'
    ? [{ value: true, label: t('yes') }, { value: false, label: t('no') }]
    : field.options.map(({ code, label }) => ({ value: code, label }))
  return (
    <>
      <div class="nhsuk-radios">
        {options.map((option, n) => (
          <div class="nhsuk-radios__item" key={n}>
            <input class="nhsuk-radios__input" type="radio" id={`${id}-${n}`} name={id} checked={value === option.value} onChange={() => set(option.value)} />
            <label class="nhsuk-label nhsuk-radios__label" for={`${id}-${n}`}>{option.label}</label>
          </div>
        ))}
      </div>
      {value !== null && <Clear set={set} />}
    </>
  )
}

export function Choices({ field, id, value, set }: FieldProps) {
  const chosen = Array.isArray(value) ? value : []
  const put = (code: string, on: boolean) => {
    const next = field.options.map((option) => option.code).filter((one) => (one === code ? on : chosen.includes(one)))
    set(next.length > 0 ? next : null)
  }
  return (
    <div class="nhsuk-checkboxes">
      {field.options.map(({ code, label }) => (
        <div class="nhsuk-checkboxes__item" key={code}>
          <input class="nhsuk-checkboxes__input" type="checkbox" id={`${id}-${code}`} checked={chosen.includes(code)}
            onChange={(event) => put(code, event.currentTarget.checked)} />
          <label class="nhsuk-label nhsuk-checkboxes__label" for={`${id}-${code}`}>{label}</label>
        </div>
      ))}
    </div>
  )
}

export function Clear({ set }: { set: (value: Json) => void }) {
  return <p class="clear"><button type="button" class="link" onClick={() => set(null)}>{t('clear')}</button></p>
}
