// Turns the app into another language: its words, its way round an answer, and which way the page runs.
import { markEnglish } from './marked.ts'
import type { WordsOf } from '../../actions/wording.ts'
import { ENGLISH, sayIn, type Said } from '../../worksheet/said.ts'
import { reading } from '../../words/reading.ts'
import { direction, longDayInWords, numberInDigits, speak, speakIn, spoken } from '../../words/speak.ts'

/** Speak this language. Without its words: English, until they are here. */
export function turnTo(language: string, words: WordsOf | null): void {
  if (language === 'en' || !words) speakIn('en')
  else {
    markEnglish()
    speakIn(language, words.catalogues)
  }
  sayIn(spoken() === 'en' ? ENGLISH : translated())
  document.documentElement.lang = spoken()
  document.documentElement.dir = direction()
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
