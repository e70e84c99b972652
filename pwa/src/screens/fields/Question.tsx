// One question of a worksheet, whatever its type: its words, earlier answers that stay in sight, and the way to answer.
import { Choice, Choices } from './Choice.tsx'
import { ItemList } from './ItemList.tsx'
import { Day, Duration, Num, Time } from './Quantity.tsx'
import { Scale } from './Scale.tsx'
import { Words } from './Words.tsx'
import type { Answers, Field, Json, Worksheet } from '../../worksheet/definition.ts'
import { isNothing } from '../../worksheet/shown.ts'
import { answerInWords } from '../../worksheet/words.ts'
import { sheet as words } from '../../words/sheet.ts'
import { speak } from '../../words/speak.ts'

const t = speak(words)

export type FieldProps = { field: Field; id: string; value: Json; hint: string | undefined; set: (value: Json) => void }
export type Page = { sheet: Worksheet; stage: string | null; short: boolean; answers: Answers; flush: () => void }
type Props = { field: Field; prefix: string; siblings: Field[]; answers: Answers; set: (field: string, value: Json) => void; page: Page }

export function Question({ field, prefix, siblings, answers, set, page }: Props) {
  const id = `${prefix}${field.id}`
  if (field.type === 'heading') return <h2 class="nhsuk-heading-m">{field.label}</h2>
  const value = answers[field.id] ?? null
  const grouped = ['choice', 'choices', 'boolean', 'duration', 'list', 'scale'].includes(field.type)
  const hint = field.hint ? `${id}-hint` : undefined
  const words = (
    <>
      <Earlier field={field} siblings={siblings} answers={answers} page={page} />
      {field.hint && <div class="nhsuk-hint" id={hint}>{field.hint}</div>}
    </>
  )
  const put = (next: Json) => set(field.id, next)
  const props = { field, id, value, hint, set: put }
  if (grouped) {
    return (
      <fieldset class="nhsuk-fieldset question" aria-describedby={hint} data-field={field.id} onFocusOut={page.flush}>
        <legend class="nhsuk-fieldset__legend nhsuk-fieldset__legend--s">{field.label}</legend>
        {words}
        {field.type === 'list' ? <ItemList {...props} page={page} /> : <Answer {...props} />}
      </fieldset>
    )
  }
  return (
    <div class="nhsuk-form-group question" data-field={field.id} onFocusOut={page.flush}>
      <label class="nhsuk-label nhsuk-label--s" for={id}>{field.label}</label>
      {words}
      <Answer {...props} />
    </div>
  )
}

function Answer(props: FieldProps) {
  switch (props.field.type) {
    case 'text': return <Words {...props} />
    case 'number': return <Num {...props} />
    case 'scale': return <Scale {...props} />
    case 'choice': case 'boolean': return <Choice {...props} />
    case 'choices': return <Choices {...props} />
    case 'date': return <Day {...props} />
    case 'time': return <Time {...props} />
    case 'duration': return <Duration {...props} />
    default: return null
  }
}

/** Earlier answers that stay in sight: of the same item first, else of the page. */
function Earlier({ field, siblings, answers, page }: Pick<Props, 'field' | 'siblings' | 'answers' | 'page'>) {
  const shown = field.keep_visible.flatMap((name) => {
    const here = siblings.find((one) => one.id === name)
    const source = here ?? page.sheet.fields.find((one) => one.id === name)
    const value = (here ? answers : page.answers)[name] ?? null
    return source && !isNothing(value) ? [{ source, text: inWords(source, value) }] : []
  })
  if (shown.length === 0) return null
  return (
    <dl class="earlier" aria-label={t('earlier-answer')}>
      {shown.map(({ source, text }) => <div key={source.id}><dt>{source.label}</dt><dd>{text}</dd></div>)}
    </dl>
  )
}

function inWords(field: Field, value: Json): string {
  if (field.type !== 'list' || !Array.isArray(value)) return answerInWords(field, value)
  return value.map((item) => field.fields
    .map((inner) => [inner, (item as Answers)?.[inner.id] ?? null] as const)
    .filter(([, inside]) => !isNothing(inside)).map(([inner, inside]) => answerInWords(inner, inside)).join(', '))
    .filter(Boolean).join(' · ')
}
