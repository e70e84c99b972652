// Settings of this phone alone. What writes them is fetched when it is first wanted, because Today opens with little.
import { FIRST_SETTINGS, type Settings } from '../store/kinds.ts'

/** Settings that never leave the phone. */
export async function setHere(parts: Partial<Settings>): Promise<void> {
  await (await import('../store/meta.ts')).changeMeta('settings', parts, FIRST_SETTINGS)
}
