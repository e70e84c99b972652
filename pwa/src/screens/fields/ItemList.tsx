// A group of questions that can be answered several times: thoughts, feelings, activities.
import { useEffect, useRef, useState } from 'preact/hooks'
import { Question, type FieldProps, type Page } from './Question.tsx'
import type { Answers } from '../../worksheet/definition.ts'
import { isObject, shownInItem } from '../../worksheet/shown.ts'
import { sheet } from '../../words/sheet.ts'
import { speak } from '../../words/speak.ts'

const t = speak(sheet)

export function ItemList({ field, id, value, set, page }: FieldProps & { page: Page }) {
  const kept: Answers[] = Array.isArray(value) ? value.map((item) => (isObject(item) ? item : {})) : []
  // One empty item to start with, where at least one is wanted; it is no answer until something is in it.
  const items = kept.length === 0 ? [{}] : kept
  const [added, setAdded] = useState(-1)
  const last = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (added === items.length - 1) last.current?.querySelector<HTMLElement>('input, textarea')?.focus()
  }, [added])
  const item = field.item ?? t('item')
  const put = (next: Answers[]) => set(next.length > 0 && next.some((one) => Object.keys(one).length > 0) ? next : next.length > 1 ? next : null)
  const change = (n: number, name: string, answer: Answers[string]) => put(items.map((one, at) => (at === n ? without(one, name, answer) : one)))
  return (
    <>
      {items.map((one, n) => (
        <div class="item" key={n} ref={n === items.length - 1 ? last : undefined} role="group" aria-label={`${item} ${n + 1}`}>
          <p class="item__name" aria-hidden="true">{item} {n + 1}</p>
          {asked(page, field, one).map((inner) => (
            <Question key={inner.id} field={inner} prefix={`${id}-${n}-`} siblings={field.fields} answers={one} page={page}
              set={(name, answer) => change(n, name, answer)} />
          ))}
          {items.length > 1 && (
            <button type="button" class="link" onClick={() => put(items.filter((_, at) => at !== n))}>{t('remove', { item: `${item} ${n + 1}` })}</button>
          )}
        </div>
      ))}
      {(!field.max_items || items.length < field.max_items) && (
        <button type="button" class="nhsuk-button nhsuk-button--secondary" onClick={() => { set([...items, {}]); setAdded(items.length) }}>
          {t('add-another', { item: item.toLowerCase() })}
        </button>
      )}
    </>
  )
}

/** The short way asks only what a complete item needs. */
function asked(page: Page, field: FieldProps['field'], item: Answers): FieldProps['field'][] {
  const shown = shownInItem(page.sheet, field, item, page.answers, page.stage)
  const needed = shown.filter((inner) => inner.required)
  return page.short && needed.length > 0 ? needed : shown
}

function without(item: Answers, name: string, answer: Answers[string]): Answers {
  const next = { ...item }
  if (answer === null || answer === undefined) delete next[name]
  else next[name] = answer
  return next
}
