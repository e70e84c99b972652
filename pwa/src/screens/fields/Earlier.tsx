// Earlier answers that stay in sight while a later question is answered: of the same item first, else of the page.
import type { QuestionProps } from './Question.tsx'
import type { Answers, Field, Json } from '../../worksheet/definition.ts'
import { isNothing } from '../../worksheet/shown.ts'
import { answerInWords } from '../../worksheet/words.ts'
import { sheet as words } from '../../words/sheet.ts'
import { speak } from '../../words/speak.ts'

const t = speak(words)

export function Earlier({ field, siblings, answers, page }: Pick<QuestionProps, 'field' | 'siblings' | 'answers' | 'page'>) {
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
