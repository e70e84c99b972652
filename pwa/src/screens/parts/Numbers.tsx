// Words with telephone numbers in them: each number can be tapped, and never breaks across two lines.
import { Fragment } from 'preact'
import { callable } from '../../words/callable.ts'
import { isMarked, unmarked } from '../../words/speak.ts'

/** The text, with a link for each number to call. What is marked as English stays marked as a whole. */
export function Numbers({ text }: { text: string }) {
  const parts = callable(unmarked(text)).map((part, n) => n % 2
    ? <a key={n} class="number" dir="ltr" href={`tel:${part.replaceAll(' ', '')}`}>{part}</a>
    : <Fragment key={n}>{part}</Fragment>)
  return isMarked(text) ? <span lang="en" dir="ltr">{parts}</span> : <>{parts}</>
}
