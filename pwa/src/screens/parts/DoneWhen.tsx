// When a task counts as done, by the rule that is used to count it.
import type { Assignment } from '../../sync/wire.ts'
import type { Rule, Worksheet } from '../../worksheet/definition.ts'
import { needed, type Need } from '../../worksheet/needed.ts'
import { sheet as words } from '../../words/sheet.ts'
import { speak } from '../../words/speak.ts'

const t = speak(words)

export function DoneWhen({ assignment, sheet }: { assignment: Assignment; sheet: Worksheet | null }) {
  const needs = sheet ? needed(sheet, (assignment.done_rule as Rule | null) ?? sheet.done) : []
  if (assignment.worksheet && needs.length === 0) return null
  return (
    <>
      <h2 class="nhsuk-heading-s">{t('done-when')}</h2>
      {assignment.worksheet
        ? <><p>{t('done-when.sheet')}</p><ul class="nhsuk-list nhsuk-list--bullet">{needs.map((need) => <li key={need.labels.join()}>{inWords(need)}</li>)}</ul><p>{t('done-when.part')}</p></>
        : <p>{t('done-when.free')}</p>}
    </>
  )
}

function inWords({ labels, n }: Need): string {
  if (labels.length === 1) return labels[0]!
  const what = labels.join(' · ')
  return n === 1 ? t('done-when.any', { what }) : t('done-when.some', { n, what })
}
