// Figures worked out from answers, of four named kinds. Pure; twin of server/worksheets/derived.py, on the same vectors.
import type { DerivedDefinition, Json, Worksheet } from './definition.ts'
import { dayOf, lastBefore, minutesBetween, timeOf, zoneOf } from './moments.ts'
import { numberInWords } from './words.ts'
import { answered, isAnswered, items, numberOf, visible } from './shown.ts'
import type { Scope } from './shown.ts'

/** A value, or null with why: missing, start_is_zero, order, negative, no_time_in_bed, too_large. */
export type Figure = { value: number | null; reason: string | null }

const LARGEST_NUMBER = 2 ** 53
const LONGEST_NIGHT = 24 * 60 // minutes: longer than this, two times were mixed up
const ANY_DAY = Date.UTC(2001, 0, 1) // where the day is not known, the clock is taken as it stands

/** Every derived figure by its id, to one decimal. `zone`: the client's, for nights of a clock change. */
export function derived(worksheet: Worksheet, answers: Json, zone: string | null = null): { [id: string]: Figure } {
  const scope = visible(worksheet.fields, answers)
  return Object.fromEntries(worksheet.derived.map((one) => [one.id, figureOf(one, scope, zone)]))
}

/** [label, text] of each figure that could be worked out, in order. */
export function derivedRows(worksheet: Worksheet, answers: Json, zone: string | null = null): [string, string][] {
  const figures = derived(worksheet, answers, zone)
  return worksheet.derived.flatMap((one): [string, string][] => {
    const value = figures[one.id]?.value ?? null
    return value === null ? [] : [[one.label, numberInWords(value, one.unit)]]
  })
}

function figureOf(one: DerivedDefinition, scope: Scope, zone: string | null): Figure {
  switch (one.kind) {
    case 'difference': return meanOf(pairs(one, scope).map(([start, end]) => end - start))
    case 'percent_reduction': return percentReduction(one, scope)
    case 'mean': return mean(one, scope)
    case 'sleep_efficiency': return night(one, scope, zone)
    default: return none('missing')
  }
}

/** (start − end) ÷ start × 100. */
function percentReduction(one: DerivedDefinition, scope: Scope): Figure {
  const found = pairs(one, scope)
  if (found.some(([start]) => start === 0)) return none('start_is_zero')
  return meanOf(found.map(([start, end]) => ((start - end) / start) * 100))
}

/** Mean of the answers there are; a choice counts as its option's score. */
function mean(one: DerivedDefinition, scope: Scope): Figure {
  const found = places(one, scope).flatMap((place) => one.of.map((name) => number(name, place)))
  return meanOf(found.filter((value) => value !== null))
}

/**
 * One figure of a night. In bed: out_of_bed − into_bed. Asleep: (final_wake − tried_to_sleep) − sol − waso.
 * Efficiency: asleep ÷ in bed × 100. Read backwards from getting up, over midnight.
 */
function night(one: DerivedDefinition, scope: Scope, zone: string | null): Figure {
  const names = one.night
  const time = (name: string | undefined) => timeOf(valueOf(name, scope))
  const [up, wake, tried, into] = [names?.out_of_bed, names?.final_wake, names?.tried_to_sleep, names?.into_bed].map(time)
  if (names === null || up == null || wake == null || tried == null || into == null) return none('missing')
  const day = dayOf(valueOf(names.date, scope))
  const usable = day !== null && day >= Date.UTC(1900, 0, 8)
  const place = usable ? zoneOf(zone) : null
  const risen = (usable ? day : ANY_DAY) + up
  const woke = lastBefore(risen, wake)
  const trying = lastBefore(woke, tried)
  const inBed = minutesBetween(lastBefore(trying, into), risen, place)
  if (inBed >= LONGEST_NIGHT) return none('order')
  if (one.part === 'in_bed') return figure(inBed)
  const sol = number(names.sol, scope)
  const waso = scope.has(names.waso) ? number(names.waso, scope) : 0 // a question not on show means none
  if (sol === null || waso === null) return none('missing')
  const asleep = minutesBetween(trying, woke, place) - sol - waso
  if (asleep < 0) return none('negative')
  if (one.part === 'asleep') return figure(asleep)
  return inBed > 0 ? figure((asleep / inBed) * 100) : none('no_time_in_bed')
}

function pairs(one: DerivedDefinition, scope: Scope): [number, number][] {
  return places(one, scope).flatMap((place): [number, number][] => {
    const [start, end] = [number(one.start, place), number(one.end, place)]
    return start === null || end === null ? [] : [[start, end]]
  })
}

function places(one: DerivedDefinition, scope: Scope): Scope[] {
  if (one.list === null) return [scope]
  const found = scope.get(one.list)
  return found === undefined ? [] : items(found.field, found.value, scope)
}

function valueOf(name: string | undefined, scope: Scope): Json {
  return name !== undefined && isAnswered(name, scope) ? scope.get(name)!.value : null
}

function number(name: string | null, scope: Scope): number | null {
  const found = name === null ? undefined : scope.get(name)
  if (found === undefined || !answered(found.field, found.value, scope)) return null
  return numberOf(found.field, found.value)
}

function meanOf(values: number[]): Figure {
  if (values.length === 0) return none('missing')
  return figure(values.reduce((sum, value) => sum + value, 0) / values.length)
}

/** To one decimal, halves upwards, as the twin does. */
function figure(value: number): Figure {
  if (!(Math.abs(value) <= LARGEST_NUMBER)) return none('too_large')
  return { value: Math.floor(value * 10 + 0.5) / 10, reason: null }
}

function none(reason: string): Figure {
  return { value: null, reason }
}
