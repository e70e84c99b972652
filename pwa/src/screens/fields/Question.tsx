// One question of a worksheet, whatever its type: its words, earlier answers that stay in sight, and the way to answer.
import { useState } from 'preact/hooks'
import { Choice, Choices } from './Choice.tsx'
import { Earlier } from './Earlier.tsx'
import { ItemList } from './ItemList.tsx'
import { FromBefore, hasNote, Note } from './Note.tsx'
import { Day, Duration, Moment, Num, Time } from './Quantity.tsx'
import { Scale } from './Scale.tsx'
import { Words } from './Words.tsx'
import type { Answers, Field, Json, Worksheet } from '../../worksheet/definition.ts'

/** `hint`: ids of what describes the field. `label`: its question, as it stands here. */
export type FieldProps = { field: Field; id: string; label: string; value: Json; hint: string | undefined; set: (value: Json) => void }
/** `carried`: the questions whose answer is from last time, and still as it was. */
export type Page = { sheet: Worksheet; stage: string | null; short: boolean; answers: Answers; carried: ReadonlySet<string>; flush: () => void }
export type QuestionProps = {
  field: Field
  prefix: string
  siblings: Field[]
  answers: Answers
  set: (field: string, value: Json) => void
  page: Page
  label?: string
}

const GROUPED = new Set(['choice', 'choices', 'boolean', 'duration', 'moment', 'list', 'scale'])

export function Question({ field, prefix, siblings, answers, set, page, label = field.label }: QuestionProps) {
  const id = `${prefix}${field.id}`
  const value = answers[field.id] ?? null
  const [left, leave] = useState(value !== null)
  if (field.type === 'heading') return <h2 class="nhsuk-heading-m">{label}</h2>
  const noted = hasNote(field)
  const hint = [field.hint && `${id}-hint`, noted && `${id}-note`].filter(Boolean).join(' ') || undefined
  const put = (next: Json) => set(field.id, next)
  const props = { field, id, label, value, hint, set: put }
  const gone = () => { leave(true); page.flush() }
  const around = (
    <>
      <Earlier field={field} siblings={siblings} answers={answers} page={page} />
      {field.hint && <div class="nhsuk-hint" id={`${id}-hint`}>{field.hint}</div>}
      {siblings === page.sheet.fields && page.carried.has(field.id) && <FromBefore clear={() => put(null)} />}
      {field.type === 'list' ? <ItemList {...props} page={page} /> : <Answer {...props} />}
      {noted && <Note id={`${id}-note`} field={field} value={value} left={left} />}
    </>
  )
  if (GROUPED.has(field.type)) {
    return (
      <fieldset class="nhsuk-fieldset question" aria-describedby={hint} data-field={field.id} onFocusOut={gone}>
        <legend class="nhsuk-fieldset__legend nhsuk-fieldset__legend--s">{label}</legend>
        {around}
      </fieldset>
    )
  }
  return (
    <div class="nhsuk-form-group question" data-field={field.id} onFocusOut={gone}>
      <label class="nhsuk-label nhsuk-label--s" for={id}>{label}</label>
      {around}
    </div>
  )
}

function Answer(props: FieldProps) {
  switch (props.field.type) {
    case 'text': return <Words {...props} lines={props.field.lines} />
    case 'number': return <Num {...props} />
    case 'scale': return <Scale {...props} />
    case 'choice': case 'boolean': return <Choice {...props} />
    case 'choices': return <Choices {...props} />
    case 'date': return <Day {...props} />
    case 'time': return <Time {...props} />
    case 'moment': return <Moment {...props} />
    case 'duration': return <Duration {...props} />
    default: return null
  }
}
