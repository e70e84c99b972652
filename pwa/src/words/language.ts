// Words about the language the app speaks.

import { NAME } from './speak.ts'

export const language = {
  [NAME]: 'language',
  'choose': 'Language',
  'own-words': 'You can write in any language you like.',
  'draft': 'Draft: nobody has checked these words yet.',
  'draft-english': 'The same in English',
  'later': 'The words come to this phone when you have signal.',
  'some-english': 'Some words are still in English.',
} as const
