// Settings of this phone alone. Apart from what is said to the service, because Today opens with little.
import { changeMeta, FIRST_SETTINGS, type Settings } from '../store/meta.ts'

/** Settings that never leave the phone. */
export function setHere(parts: Partial<Settings>): Promise<void> {
  return changeMeta('settings', parts, FIRST_SETTINGS)
}
