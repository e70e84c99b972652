// Somebody else's words are still on this phone and nowhere else: said, as a number, wherever they could be lost.
import { lock } from '../../words/lock.ts'
import { speak } from '../../words/speak.ts'

export function Others({ count }: { count: number }) {
  return count > 0 ? <p><strong>{speak(lock)('others', { n: count })}</strong></p> : null
}
