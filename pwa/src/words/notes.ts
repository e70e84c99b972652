// Words for what Today says now and then: the rest of a plan that waits for a yes, what became of an appointment, a
// hand-over, another clock, a phone that keeps nothing. Apart from the rest, because each of these may show at the start.

import { NAME } from './speak.ts'

export const notes = {
  [NAME]: 'notes',
  'often': 'How often',
  'often.once': 'Once',
  'often.daily': { one: 'Every day', other: '{n} times a day' },
  'often.per_week': { one: 'Once a week', other: '{n} times a week' },
  'often.weekdays': 'On these days: {days}',
  'often.weekly': 'Once a week',
  'often.per_appointment': 'Once before each appointment',
  'often.monthly': 'Once a month',
  'often.event': 'Whenever it happens',
  'remind.moved': 'Your reminder now comes at {at}. You agreed that with {who}.',
  'asked.of': 'Plan 1 of {of}',
  'asked.why': 'Why this, for you',
  'asked.obstacle': 'What could get in the way',
  'asked.then': 'Then I will',

  'became.attended': 'You met on {was}. What you agreed is here.',
  'became.missed': 'Your appointment on {was} did not happen. What we agreed stays.',
  'became.cancelled_by_client': 'Your appointment on {was} is cancelled. What we agreed stays.',
  'became.cancelled_by_service': 'We had to cancel your appointment on {was}. What we agreed stays.',
  'became.moved_earlier': 'Your appointment on {was} was moved. What we agreed stays.',
  'became.moved_later': 'Your appointment on {was} was moved. What we agreed stays.',
  'became.none_booked': 'There is no next appointment yet. What we agreed stays.',

  'handed.from': 'From {day}, {who} looks after this with you.',
  'handed.now': '{who} looks after this with you now.',
  'handed.same': 'What you agreed stays as it is.',
  'handed.ok': 'OK',

  'clock': 'Your phone shows another time zone: {here}.',
  'clock.ask': 'Your reminders go by {there}. Move them to the clock here?',
  'clock.move': 'Yes, move them',
  'clock.keep': 'No, leave them',

  'online.bar': 'Online only. Nothing is kept on this phone. Stay on the page until it says “Sent”.',
  'online.forced': 'Online only. This browser cannot keep what you write. It may be a private window or Lockdown Mode. Stay on the page until it says “Sent”.',
} as const
