// What it means that something is saved here, sent, or not accepted: one tap behind each of these.

import { NAME } from './speak.ts'

export const saved = {
  [NAME]: 'saved',
  'here': 'It stays here if you close the app, run out of battery or have no signal. It goes when you are online.',
  'open': 'Nothing is kept on this phone. It goes when you have signal. If you close the page before that, it is lost.',
  'sent': 'Your practitioner’s service has it. It will not be lost or doubled.',
  'sign-in-unkept': 'Nothing is kept on this phone. If you close the page before it is sent, it is lost. You can copy it.',
  'sign-in': 'It is safe here. It goes when this phone has a new code.',
  'quarantined': 'The service kept what you wrote, exactly as it is. You can copy it here.',
  'refused-unkept': 'The service did not take it, and nothing is kept on this phone. Show your copy to your practitioner.',
  'refused': 'The service did not take it. You can copy it and show it to your practitioner.',
  'lost-phone': 'If this phone is lost before it says Sent, we cannot get it back.',
} as const
