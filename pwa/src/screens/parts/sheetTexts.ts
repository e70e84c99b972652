// Every text of a worksheet under the key its translation uses. Pure; twin of `texts` in server/worksheets/definition.py.
import type { Field, Worksheet } from '../../worksheet/definition.ts'

type Change = (key: string, text: string) => string

/** The same worksheet with each of its texts changed, those of the example's answers left alone. */
export function withTexts<Sheet extends Worksheet>(sheet: Sheet, change: Change): Sheet {
  const one = <Text extends string | null>(key: string, text: Text): Text => (text ? change(key, text) : text) as Text
  const numbered = (name: string, texts: string[]) => texts.map((text, n) => one(`${name}.${n + 1}`, text))
  return {
    ...sheet,
    title: one('title', sheet.title), neutral_title: one('neutral_title', sheet.neutral_title), summary: one('summary', sheet.summary),
    why: one('why', sheet.why), who_sees: one('who_sees', sheet.who_sees), safety_note: one('safety_note', sheet.safety_note),
    backfill_note: one('backfill_note', sheet.backfill_note), how: numbered('how', sheet.how), review: numbered('review', sheet.review),
    sizes: sheet.sizes && Object.fromEntries(Object.entries(sheet.sizes).map(([size, text]) => [size, one(`sizes.${size}`, text)])) as Sheet['sizes'],
    stages: sheet.stages.map((stage) => ({ ...stage, title: one(`stages.${stage.id}.title`, stage.title) })),
    fields: sheet.fields.map((field) => inField(field, 'fields', one)),
    derived: sheet.derived.map((figure) => ({ ...figure, label: one(`derived.${figure.id}.label`, figure.label), unit: unit(`derived.${figure.id}.unit`, figure.unit, one) })),
    example: { ...sheet.example, who: one('example.who', sheet.example.who) },
  }
}

type One = <Text extends string | null>(key: string, text: Text) => Text

function inField(field: Field, under: string, one: One): Field {
  const key = `${under}.${field.id}`
  return {
    ...field,
    label: one(`${key}.label`, field.label), hint: one(`${key}.hint`, field.hint), low: one(`${key}.low`, field.low),
    high: one(`${key}.high`, field.high), item: one(`${key}.item`, field.item), unit: unit(`${key}.unit`, field.unit, one),
    options: field.options.map((option) => ({ ...option, label: one(`${key}.options.${option.code}`, option.label) })),
    fields: field.fields.map((inner) => inField(inner, `${key}.fields`, one)),
  }
}

/** The app reckons with these two, and has words of its own for them. */
function unit(key: string, text: string | null, one: One): string | null {
  return text === 'minutes' || text === '%' ? text : one(key, text)
}
