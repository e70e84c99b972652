// Words about the language the app speaks.

import { NAME } from './speak.ts'

export const language = {
  [NAME]: 'language',
  'choose': 'Language',
  'own-words': 'You can write in any language you like.',
  'draft': 'Draft: nobody has checked these words yet.',
  'later': 'The words come to this phone when you have signal.',
} as const
