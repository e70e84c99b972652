// Answers as somebody reads them, row by row. Pure.
import { readingForm } from '../../worksheet/reading.ts'
import type { Answers, Worksheet } from '../../worksheet/definition.ts'
import { later } from '../../words/later.ts'
import { speak } from '../../words/speak.ts'

const t = speak(later)

/** Under the labels of their sheet; without one, as of a free task or one that is not on this phone, as they are kept. */
export function inRows(sheet: Worksheet | null, answers: Answers): [label: string, text: string][] {
  if (sheet) return readingForm(sheet, answers)
  return Object.entries(answers).map(([name, value]) => [name === 'words' ? t('entry.words') : name, typeof value === 'string' ? value : JSON.stringify(value)])
}
