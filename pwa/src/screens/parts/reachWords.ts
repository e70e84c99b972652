// What to say when reminders cannot reach this phone (yet).
import type { Reach } from '../../actions/remindMe.ts'
import { pairing } from '../../words/pairing.ts'
import { speak } from '../../words/speak.ts'

type Key = 'reminder.blocked' | 'reminder.cannot' | 'reminder.install-first' | 'reminder.no-network'

export const reachWords: (key: Key) => string = speak(pairing)
export const EXPLAINED: { [became in Reach]: Key } = {
  'on': 'reminder.cannot', 'not-asked': 'reminder.blocked', 'not-set-up': 'reminder.cannot', 'blocked': 'reminder.blocked', 'cannot': 'reminder.cannot',
  'install-first': 'reminder.install-first', 'no-network': 'reminder.no-network', 'not-known-here': 'reminder.cannot',
}
