// Whether anything of a draft is the person's own. Apart from drafts.ts: what is drawn first is not to load what writes.
import type { Draft } from './drafts.ts'

/** Whether the person answered anything, changed what was offered included. */
export function begun({ answers, offered = {} }: Pick<Draft, 'answers' | 'offered'>): boolean {
  const names = new Set([...Object.keys(answers), ...Object.keys(offered)])
  return [...names].some((name) => JSON.stringify(answers[name]) !== JSON.stringify(offered[name]))
}
