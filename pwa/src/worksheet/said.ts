// The few words round an answer that is read again. English here, as its twin in Python says them; another language is put in.
import { inWords, type Wall } from './moments.ts'

export type Said = {
  outOf(value: string, max: string): string
  answer(yes: boolean): string
  other(words: string): string
  hours(n: number, shown: string): string
  minutes(n: number, shown: string): string
  both(hours: string, minutes: string): string
  withUnit(value: string, unit: string): string
  percent(value: string): string
  day(day: Wall): string
  dayTime(day: string, time: string): string
  item(item: string, n: number): string
  within(item: string, question: string): string
  nothing(): [question: string, answer: string]
  number(value: number): string
}

export const ENGLISH: Said = {
  outOf: (value, max) => `${value} out of ${max}`,
  answer: (yes) => (yes ? 'Yes' : 'No'),
  other: (words) => `Other: ${words}`,
  hours: (_, shown) => `${shown} hour${shown === '1' ? '' : 's'}`,
  minutes: (_, shown) => `${shown} minute${shown === '1' ? '' : 's'}`,
  both: (hours, minutes) => `${hours} ${minutes}`,
  withUnit: (value, unit) => `${value} ${unit === 'points' && /^-?1$/.test(value) ? 'point' : unit}`,
  percent: (value) => `${value}%`,
  day: inWords,
  dayTime: (day, time) => `${day} at ${time}`,
  item: (item, n) => `${item} ${n}`,
  within: (item, question) => `${item}: ${question}`,
  nothing: () => ['Anything to write down?', 'Nothing happened this time'],
  // Without a needless .0, to two decimals at most.
  number: (value) => String(Math.floor(value * 100 + 0.5) / 100),
}

let words = ENGLISH

/** The words of the language that is spoken. */
export function said(): Said {
  return words
}

/** From now on in these words. */
export function sayIn(next: Said): void {
  words = next
}
