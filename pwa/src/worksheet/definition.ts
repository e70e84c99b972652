// What a worksheet is, as the phone gets it from `/api/v1/worksheets/<family>/<name>/v<N>`.
// Mirrors `to_wire` in server/worksheets/definition.py: every key is always there; what a file left out is null or [].

/** Anything JSON can hold. Answers come from storage and from other versions, so nothing is taken for granted. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** Field id → what was answered. A list field holds an array of such objects. `_nothing_happened` is reserved. */
export type Answers = { [fieldId: string]: Json }

/** The reserved answer of event worksheets: nothing happened to write down. */
export const NOTHING_HAPPENED = '_nothing_happened'

export type FieldType =
  | 'text' | 'number' | 'scale' | 'choice' | 'choices' | 'boolean'
  | 'date' | 'time' | 'duration' | 'list' | 'heading'

export type Rule =
  | { all: Rule[] }
  | { any: Rule[] }
  | { at_least: { n: number; of: Rule[] } }
  | { answered: string }
  | { is: { field: string; value: string | number | boolean } }
  | { count: { list: string; where?: Rule; at_least: number } }
  | { every: { list: string; where: Rule } }
  | { stage: string }

export type Option = {
  code: string
  label: string
  /** What this answer counts as in a mean; null when it is not counted. */
  score: number | null
}

export type Field = {
  id: string
  type: FieldType
  /** The question, or the words of a heading. */
  label: string
  hint: string | null
  /** Part of a complete answer. Never a reason to refuse a save. */
  required: boolean
  show_when: Rule | null
  /** Ids of earlier fields whose answers stay in sight while this one is answered. */
  keep_visible: string[]
  /** The stage this field belongs to; null: every stage. */
  stage: string | null
  risk: boolean
  data_class: 'free_text' | 'coded' | 'score' | 'time'
  /** text: one line, or a box. */
  lines: number
  /** number, scale, duration (minutes). */
  min: number | null
  max: number | null
  step: number | null
  unit: string | null
  /** scale: the words at its two ends. */
  low: string | null
  high: string | null
  /** choice, choices. */
  options: Option[]
  /** list: the questions of one item, what an item is called, and how many to offer. */
  fields: Field[]
  item: string | null
  min_items: number | null
  max_items: number | null
}

export type DerivedDefinition = {
  id: string
  kind: 'difference' | 'percent_reduction' | 'mean' | 'sleep_efficiency'
  label: string
  unit: string | null
  /** difference, percent_reduction: `start` and `end`, fields, or inside each item of `list`. */
  list: string | null
  start: string | null
  end: string | null
  /** mean: these fields, or one of them inside each item of `list`. */
  of: string[]
  /** sleep_efficiency: which of its figures, and the fields it is made of. */
  part: 'efficiency' | 'asleep' | 'in_bed' | null
  night: Night | null
}

/** The field ids a night is worked out from. `waso` may be hidden, which means 0. */
export type Night = {
  date: string
  into_bed: string
  tried_to_sleep: string
  sol: string
  waso: string
  final_wake: string
  out_of_bed: string
}

/** What the assignment screens offer: codes of rhythms, and the one to start from. */
export type RhythmKind =
  | 'once' | 'daily' | 'per_week' | 'weekdays' | 'weekly' | 'per_appointment' | 'monthly' | 'event'

export type Worksheet = {
  /** `<family>/<name>`. */
  id: string
  version: number
  /** Hash of the file's LF bytes: with `language`, the wording a revision names. */
  sha256: string
  language: string
  title: string
  /** Says nothing about health: for lock screens and page titles. */
  neutral_title: string
  summary: string
  why: string
  how: string[]
  /** A worked example: who, in a sentence, and their answers. */
  example: { who: string; answers: Answers }
  minutes: number
  rhythms: { allowed: RhythmKind[]; default: { kind: RhythmKind; times: number | null } }
  /** Who can see what is written here, in a sentence. */
  who_sees: string
  safety_note: string | null
  source: string
  licence: string
  stages: { id: string; title: string }[]
  fields: Field[]
  done: Rule
  /** The short way: at most four answers, about 30 seconds. */
  short: string[]
  derived: DerivedDefinition[]
  /** An event worksheet offers "nothing happened", which is an answer. */
  nothing_happened: boolean
  /** Not open to entries about a time longer ago than this; null: any time. */
  backfill_hours: number | null
  backfill_note: string | null
  /** What practitioner and client may look at together. */
  review: string[]
  /** The likeliest barriers, most likely first. */
  barriers: string[]
  sizes: { small: string; usual: string; bigger: string } | null
}
