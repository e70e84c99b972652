// A group of questions that can be answered several times: thoughts, feelings, activities.
import { useEffect, useRef, useState } from 'preact/hooks'
import { Question, type FieldProps, type Page } from './Question.tsx'
import { settle } from '../parts/settle.ts'
import { firstAnswers } from '../../actions/filledIn.ts'
import type { Answers, Field } from '../../worksheet/definition.ts'
import { said } from '../../worksheet/said.ts'
import { isObject, shownInItem } from '../../worksheet/shown.ts'
import { sheet } from '../../words/sheet.ts'
import { speak } from '../../words/speak.ts'

const t = speak(sheet)

export function ItemList({ field, id, value, set, page }: FieldProps & { page: Page }) {
  const kept: Answers[] = Array.isArray(value) ? value.map((item) => (isObject(item) ? item : {})) : []
  // An empty item is no answer until something is in it. Where an item is one question, as many as are hoped for are offered.
  const offer = asked(page, field, {}).length === 1 ? Math.max(1, field.min_items ?? 1) : 1
  const items = [...kept, ...Array.from({ length: Math.max(0, offer - kept.length) }, () => firstAnswers(field.fields))]
  const [moved, move] = useState<'added' | 'removed' | null>(null)
  const last = useRef<HTMLDivElement>(null)
  const more = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (moved === 'added') last.current?.querySelector<HTMLElement>('input, textarea')?.focus()
    // What was tapped is gone: the focus goes where another can be added, or to the last one there is.
    if (moved === 'removed') (more.current ?? last.current?.querySelector<HTMLElement>('input, textarea'))?.focus()
    move(null)
  }, [moved])
  const item = field.item ?? t('item')
  const put = (next: Answers[]) => set(next.length > offer || next.some((one) => Object.keys(one).length > 0) ? next : null)
  const change = (n: number, name: string, answer: Answers[string]) => put(items.map((one, at) => (at === n ? without(one, name, answer) : one)))
  return (
    <>
      {items.map((one, n) => (
        <Item key={n} name={said().item(item, n + 1)} plain={item} id={`${id}-${n}-`} one={one} page={page} field={field}
          box={n === items.length - 1 ? last : undefined} change={(name, answer) => change(n, name, answer)}
          remove={items.length > offer ? () => { put(items.filter((_, at) => at !== n)); move('removed'); settle() } : null} />
      ))}
      {(!field.max_items || items.length < field.max_items) && (
        <button type="button" class="nhsuk-button nhsuk-button--secondary" ref={more}
          onClick={() => { set([...items, firstAnswers(field.fields)]); move('added'); settle() }}>
          {t('add-another', { item: item.toLowerCase() })}
        </button>
      )}
    </>
  )
}

type ItemProps = {
  name: string
  plain: string
  id: string
  one: Answers
  field: Field
  page: Page
  box: { current: HTMLDivElement | null } | undefined
  change: (name: string, answer: Answers[string]) => void
  remove: (() => void) | null
}

function Item({ name, plain, id, one, field, page, box, change, remove }: ItemProps) {
  const inner = asked(page, field, one)
  // "Feeling 1", then "Feeling": where the first question has the name of the item, it carries the number.
  const same = inner[0]?.label.toLowerCase() === plain.toLowerCase()
  return (
    <div class="item" ref={box} role="group" aria-label={name}>
      {!same && <p class="item__name" aria-hidden="true">{name}</p>}
      {inner.map((each, n) => (
        <Question key={each.id} field={each} prefix={id} siblings={field.fields} answers={one} page={page} set={change}
          label={same && n === 0 ? name : undefined} />
      ))}
      {remove && <button type="button" class="link" onClick={remove}>{t('remove', { item: name })}</button>}
    </div>
  )
}

/** The short way asks only what a complete item needs. */
function asked(page: Page, field: Field, item: Answers): Field[] {
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
