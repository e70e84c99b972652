// What a done rule asks for, as questions a person can read. Pure.
import type { Field, Rule, Worksheet } from './definition.ts'

/** Questions by their labels: all of them are needed, or `n` of them. */
export type Need = { labels: string[]; n: number }

/** More than these nobody reads. */
const MOST = 6

/** What has to be filled in for it to count as done; nothing where the rule has no plain words, or too many. */
export function needed(sheet: Worksheet, rule: Rule = sheet.done): Need[] {
  const needs = needsOf(rule, sheet)
  return needs && needs.length <= MOST ? needs : []
}

function needsOf(rule: Rule, sheet: Worksheet): Need[] | null {
  if ('all' in rule) return together(rule.all.map((one) => needsOf(one, sheet)))
  if ('any' in rule) return some(rule.any, 1, sheet)
  if ('at_least' in rule) return some(rule.at_least.of, rule.at_least.n, sheet)
  if ('stage' in rule) return sheet.fields.filter((field) => field.required && field.stage === rule.stage).map(alone)
  const field = sheet.fields.find((one) => one.id === named(rule))
  return field ? [alone(field)] : null
}

/** The one question that a rule is about. */
function named(rule: Rule): string | null {
  if ('answered' in rule) return rule.answered
  if ('is' in rule) return rule.is.field
  if ('count' in rule) return rule.count.list
  return 'every' in rule ? rule.every.list : null
}

function alone(field: Field): Need {
  return { labels: [field.label], n: 1 }
}

/** Each question once: a rule may name it for two reasons. */
function together(parts: (Need[] | null)[]): Need[] | null {
  if (parts.some((part) => part === null)) return null
  const seen = new Set<string>()
  return parts.flatMap((part) => part!).filter(({ labels }) => !seen.has(labels.join()) && seen.add(labels.join()))
}

/** Some of these; where it is all about one question, that question. */
function some(rules: Rule[], n: number, sheet: Worksheet): Need[] | null {
  const parts = rules.map((rule) => needsOf(rule, sheet))
  if (parts.some((part) => part?.length !== 1 || part[0]!.labels.length !== 1)) return null
  const labels = [...new Set(parts.map((part) => part![0]!.labels[0]!))]
  return [{ labels, n: labels.length === 1 ? 1 : n }]
}
