// What a worksheet is, as the phone gets it from `/api/v1/worksheets/<family>/<name>/v<N>`.
// Mirrors `to_wire` in server/worksheets/definition.py: every key is always there; what a file left out is null or [].

/** Anything JSON can hold. Answers come from storage and from other versions, so nothing is taken for granted. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** Field id → what was answered. A list field holds an array of such objects. `_nothing_happened` is reserved. */
export type Answers = { [fieldId: string]: Json }

/** The reserved answer of event worksheets: nothing happened to write down. */
export const NOTHING_HAPPENED = '_nothing_happened'

/** The one key of an answer in own words, where a choice is open: `{other: 'words'}`, in `choices` one of the list. */
export const OTHER = 'other'

export type FieldType =
  | 'text' | 'number' | 'scale' | 'choice' | 'choices' | 'boolean'
  | 'date' | 'time' | 'moment' | 'duration' | 'list' | 'heading'

export type Rule =
  | { all: Rule[] }
  | { any: Rule[] }
  | { at_least: { n: number; of: Rule[] } }
  | { answered: string }
  | { not: Rule }
  | { is: { field: string; value: string | number | boolean } }
  | { above: { field: string; value: string | number } }
  | { below: { field: string; value: string | number } }
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
  /** An empty page starts from the last entry's answer, and says so. */
  carry_over: boolean
  /** text: the most characters (code points) that fit. Never a reason to refuse a save. */
  max_length: number | null
  /** choice, choices: own words are welcome beside the options. */
  open: boolean
  /** The answer an empty page starts from; null: none. It is no answer of theirs until something else is said. */
  initial: Json
  /** number: whole numbers only. */
  integer: boolean
  /** What an imported question is called where it came from. */
  link_id: string | null
}

/** What an answer about risk opens: a card at once, offline too. Never blocks saving. */
export type RiskFlag = { field: string; level: 1 | 2; card: 'support' | 'safety'; when: Rule }

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
  /** Hash of the file's LF bytes (of the part, where it is not the whole): with `language`, the wording a revision names. */
  sha256: string
  /** `without_risk`: the questions about risk are left out, because the service has no response procedure. */
  part: 'whole' | 'without_risk'
  language: string
  title: string
  /** Says nothing about health: for lock screens and page titles. */
  neutral_title: string
  summary: string
  why: string
  /** [] in imported ones. */
  how: string[]
  /** A worked example: who, in a sentence, and their answers. */
  example: { who: string; answers: Answers } // imported ones have none: who is blank
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
  /** Who may agree it; null: anybody who may agree tasks. */
  agreed_by: 'therapist' | 'nobody' | null
  risk_flags: RiskFlag[]
  /** An imported instrument: which measure it is, and its copyright line, shown unchanged. */
  measure: string | null
  copyright: string | null
  imported: boolean
  /** Only staff fill it in. */
  staff_entry: boolean
  /** An imported one: its address and version where it came from. */
  canonical: string | null
}
