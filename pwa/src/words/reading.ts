// Words round an answer that is read again: "7 out of 10", "1 hour 15 minutes", "Other: …".

import { NAME } from './speak.ts'

export const reading = {
  [NAME]: 'reading',
  'out-of': '{value} out of {max}',
  'yes': 'Yes',
  'no': 'No',
  'other': 'Other: {words}',
  'hours': { one: '{n} hour', other: '{n} hours' },
  'minutes': { one: '{n} minute', other: '{n} minutes' },
  'hours-minutes': '{hours} {minutes}',
  'with-unit': '{value} {unit}',
  'percent': '{value}%',
  'day-time': '{day} at {time}',
  'item-number': '{item} {n}',
  'within': '{item}: {question}',
  'nothing': 'Anything to write down?',
  'nothing-happened': 'Nothing happened this time',
} as const
