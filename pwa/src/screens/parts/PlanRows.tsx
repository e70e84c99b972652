// A plan as rows; parts that were left empty are left out.
import type { Plan } from '../../sync/wire.ts'
import { sheet as words } from '../../words/sheet.ts'
import { speak, weekdayName } from '../../words/speak.ts'

const t = speak(words)
export const PLAN_PARTS = ['when', 'where', 'with_whom', 'how_long', 'reminder', 'obstacle', 'then'] as const

export function PlanRows({ plan }: { plan: Partial<Plan> }) {
  const rows: [string, string][] = []
  const days = (plan.weekdays ?? []).map((day) => weekdayName(day)).join(', ')
  if (plan.at || days) rows.push([t('plan.at'), [days, plan.at].filter(Boolean).join(', ')])
  for (const part of PLAN_PARTS) if (plan[part]) rows.push([t(`plan.${part}`), plan[part]])
  if (rows.length === 0) return <p>{t('plan.none')}</p>
  return <dl class="reading">{rows.map(([label, text]) => <div key={label}><dt>{label}</dt><dd>{text}</dd></div>)}</dl>
}
