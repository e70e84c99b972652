// Whether anything is kept on this phone, for the screens that must not say so where it is not.
import { keepsNothing, onlineOnly } from '../store/online.ts'

export { keepsNothing, onlineOnly }

/** The key of the words that are true here: where nothing is kept on this phone, those whose name ends in `-unkept`. */
export function here<Key extends string>(key: Key): Key | `${Key}-unkept` {
  return keepsNothing() ? `${key}-unkept` : key
}
