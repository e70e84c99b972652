// Turns the app into another language: its words, its way round an answer, which way the page runs, and what stays English.
import { markEnglish } from './marked.ts'
import { withTexts } from './sheetTexts.ts'
import { languageOf } from '../../actions/offer.ts'
import type { Snapshot } from '../../store/snapshot.ts'
import type { Assignment, Translated } from '../../sync/wire.ts'
import type { Worksheet } from '../../worksheet/definition.ts'
import { ENGLISH, sayIn, type Said } from '../../worksheet/said.ts'
import { reading } from '../../words/reading.ts'
import { ENGLISH_MARK, longDayInWords, numberInDigits, speak, speakIn, spoken, writeWelshDays } from '../../words/speak.ts'
import { welshDay } from '../../words/welshDays.ts'

writeWelshDays(welshDay)

/** Speak the language of this phone, as far as its words are here, and draw `all` in it. */
export function inTongue(all: Snapshot): Snapshot {
  const language = languageOf(all.settings, all.service)
  const words = all.words?.language === language ? all.words : null
  speakIn(words ? language : 'en', words?.catalogues)
  sayIn(words ? translated() : ENGLISH)
  if (spoken() === 'en') return all
  markEnglish()
  const fitting = [...all.translated].filter(([key, sheet]) => isSameForm(sheet, all.worksheets.get(key)))
  const worksheets = new Map([...all.worksheets, ...fitting].map(([key, sheet]) => [key, marked(sheet)]))
  return { ...all, worksheets, assignments: all.assignments.map((one) => titled(one, worksheets)) }
}

/** With questions about risk or without, as the English is: until that form is translated here too, English is shown. */
function isSameForm(sheet: Worksheet, english: Worksheet | undefined): boolean {
  return english === undefined || english.part === sheet.part
}

/** Texts that nobody translated say that they are English. */
function marked(sheet: Worksheet): Worksheet {
  const left = 'english' in sheet ? new Set((sheet as Translated).english) : null
  return withTexts(sheet, (key, text) => (left === null || left.has(key) ? ENGLISH_MARK + text : text))
}

/** What was agreed under the worksheet's own title has the title of its translation. */
function titled(assignment: Assignment, worksheets: Map<string, Worksheet>): Assignment {
  const { worksheet } = assignment
  const sheet = worksheet ? worksheets.get(`${worksheet.id}.v${worksheet.version}`) as Translated | undefined : undefined
  return sheet && sheet.english_title === assignment.title ? { ...assignment, title: sheet.title } : assignment
}

function translated(): Said {
  const t = speak(reading)
  return {
    outOf: (value, max) => t('out-of', { value, max }),
    answer: (yes) => t(yes ? 'yes' : 'no'),
    other: (words) => t('other', { words }),
    hours: (n) => t('hours', { n }),
    minutes: (n) => t('minutes', { n }),
    both: (hours, minutes) => t('hours-minutes', { hours, minutes }),
    withUnit: (value, unit) => t('with-unit', { value, unit }),
    percent: (value) => t('percent', { value }),
    day: (day) => longDayInWords(new Date(day)),
    dayTime: (day, time) => t('day-time', { day, time }),
    item: (item, n) => t('item-number', { item, n }),
    within: (item, question) => t('within', { item, question }),
    nothing: () => [t('nothing'), t('nothing-happened')],
    number: (value) => numberInDigits(Math.floor(value * 100 + 0.5) / 100),
  }
}
