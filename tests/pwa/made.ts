// A task, its times and what was said of them, for tests of what the screens show.
import { ANNA, ASSIGNMENT, anna } from './phone.ts'
import { FIRST_SETTINGS, NO_SYNC } from '../../pwa/src/store/meta.ts'
import type { Snapshot } from '../../pwa/src/store/snapshot.ts'
import type { Kept } from '../../pwa/src/sync/kept.ts'
import { made, type Doing } from '../../pwa/src/sync/revision.ts'
import type { Assignment, Occurrence } from '../../pwa/src/sync/wire.ts'
import type { Field, Worksheet } from '../../pwa/src/worksheet/definition.ts'

export const TODAY = '2026-11-22' // a Sunday
let seq = 0

export const assignment = (parts: Partial<Assignment> = {}): Assignment => ({
  assignment_id: ASSIGNMENT, worksheet: null, title: 'Walking', reason: 'You sleep better.', plan: {}, rhythm: { kind: 'daily', times: 1 },
  from: '2026-11-01', until: null, agreed_on: '2026-11-01', size: 'usual', state: 'open', version: 1, done_rule: null, agreed_with: 'Ben', ...parts,
})

export const occurrence = (parts: Partial<Occurrence> = {}): Occurrence => ({
  assignment_id: ASSIGNMENT, slot: `${TODAY}#1`, opens_on: TODAY, due_on: TODAY, state: 'open', barrier: null, size: null,
  moved_to: null, done_at: null, ...parts,
})

/** A time of one day. */
export const dated = (day: string, state: Occurrence['state'], parts: Partial<Occurrence> = {}): Occurrence =>
  occurrence({ slot: `${day}#1`, opens_on: day, due_on: day, state, ...parts })

export const snapshot = (parts: Partial<Snapshot> = {}): Snapshot => ({
  device: null, sync: NO_SYNC, settings: FIRST_SETTINGS, service: null, nextAppointment: null, looks: null, assignments: [assignment()],
  occurrences: [occurrence()], reviews: [], appointments: [], deliveries: [], revisions: [], drafts: [], worksheets: new Map(), unreadable: 0, ...parts,
})

export const kept = (doing: Partial<Doing> & Pick<Doing, 'payload'>, minute = 0, parts: Partial<Kept> = {}): Kept => ({
  ...made({ subject: { kind: 'answer', assignment_id: ASSIGNMENT, slot: `${TODAY}#1` }, ...doing },
    { ...anna, owner: ANNA, seq: ++seq, now: new Date(Date.UTC(2026, 10, 22, 9, minute)) }), ...parts,
})

export const field = (parts: Partial<Field> & Pick<Field, 'id' | 'type'>): Field => ({
  label: parts.id, hint: null, required: false, show_when: null, keep_visible: [], stage: null, risk: false, data_class: 'free_text', lines: 1,
  min: null, max: null, step: null, unit: null, low: null, high: null, options: [], fields: [], item: null, min_items: null, max_items: null,
  carry_over: false, max_length: null, open: false, initial: null, integer: false, link_id: null, ...parts,
})

export const sheetOf = (fields: Field[], parts: Partial<Worksheet> = {}): Worksheet => ({
  id: 'tests/sheet', version: 1, language: 'en', sha256: 'x', fields, stages: [], short: [], derived: [], done: { all: [] },
  nothing_happened: false, sizes: null, ...parts,
}) as unknown as Worksheet
