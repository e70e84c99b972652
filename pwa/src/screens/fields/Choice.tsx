// One of some, several of some, yes or no, own words where they are welcome. What was chosen can be cleared.
import type { FieldProps } from './Question.tsx'
import { Words } from './Words.tsx'
import { OTHER, type Json } from '../../worksheet/definition.ts'
import { said } from '../../worksheet/said.ts'
import { isObject, own } from '../../worksheet/shown.ts'
import { sheet } from '../../words/sheet.ts'
import { speak } from '../../words/speak.ts'

const t = speak(sheet)

export function Choice({ field, id, value, set }: FieldProps) {
  const options: { value: Json; label: string }[] = field.type === 'boolean'
    ? [{ value: true, label: said().answer(true) }, { value: false, label: said().answer(false) }]
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
        {field.open && (
          <>
            <div class="nhsuk-radios__item">
              <input class="nhsuk-radios__input" type="radio" id={`${id}-own`} name={id} checked={isOwn(value)} onChange={() => set({ [OTHER]: '' })} />
              <label class="nhsuk-label nhsuk-radios__label" for={`${id}-own`}>{t('own-words')}</label>
            </div>
            {isOwn(value) && <OwnWords id={id} value={value} set={(words) => set({ [OTHER]: words })} />}
          </>
        )}
      </div>
      {value !== null && <Clear set={set} />}
    </>
  )
}

export function Choices({ field, id, value, set }: FieldProps) {
  const chosen = Array.isArray(value) ? value : []
  const inOwn = chosen.find(isOwn)
  const put = (codes: Json[], words: Json | undefined) => {
    const next = [...field.options.map(({ code }) => code).filter((code) => codes.includes(code)), ...(words === undefined ? [] : [words])]
    set(next.length > 0 ? next : null)
  }
  const tick = (code: string, on: boolean) => put(on ? [...chosen, code] : chosen.filter((one) => one !== code), inOwn)
  return (
    <div class="nhsuk-checkboxes">
      {field.options.map(({ code, label }) => (
        <div class="nhsuk-checkboxes__item" key={code}>
          <input class="nhsuk-checkboxes__input" type="checkbox" id={`${id}-${code}`} checked={chosen.includes(code)}
            onChange={(event) => tick(code, event.currentTarget.checked)} />
          <label class="nhsuk-label nhsuk-checkboxes__label" for={`${id}-${code}`}>{label}</label>
        </div>
      ))}
      {field.open && (
        <>
          <div class="nhsuk-checkboxes__item">
            <input class="nhsuk-checkboxes__input" type="checkbox" id={`${id}--own`} checked={inOwn !== undefined}
              onChange={(event) => put(chosen, event.currentTarget.checked ? { [OTHER]: '' } : undefined)} />
            <label class="nhsuk-label nhsuk-checkboxes__label" for={`${id}--own`}>{t('own-words')}</label>
          </div>
          {inOwn !== undefined && <OwnWords id={id} value={inOwn} set={(words) => put(chosen, { [OTHER]: words })} />}
        </>
      )}
    </div>
  )
}

/** The box for own words, under the choice that opened it. */
function OwnWords({ id, value, set }: { id: string; value: Json; set: (words: string) => void }) {
  const box = `${id}-words`
  return (
    <div class="own-words">
      <label class="nhsuk-label" for={box}>{t('own-words-label')}</label>
      <Words lines={1} id={box} value={isObject(value) ? own(value, OTHER) : null} hint={undefined} set={(words) => set(typeof words === 'string' ? words : '')} />
    </div>
  )
}

function isOwn(value: Json): boolean {
  return isObject(value) && Object.hasOwn(value, OTHER)
}

export function Clear({ set }: { set: (value: Json) => void }) {
  return <p class="clear"><button type="button" class="link" onClick={() => set(null)}>{t('clear')}</button></p>
}
