// The one question after an answer about risk, kept as the next state of its entry.
import { around } from './around.ts'
import { following } from './changeEntry.ts'
import { save } from '../store/revisions.ts'
import type { Kept } from '../sync/kept.ts'
import type { SafeNow } from '../sync/wire.ts'

/** Whether they feel able to keep safe. It never stands in the way of help: what cannot be saved is left out. */
export async function saySafe(entry: Kept, safe_now: SafeNow): Promise<void> {
  const { payload } = entry.revision
  try {
    await save({ ...following(entry), payload: { ...payload, safe_now } }, await around())
  } catch (error) {
    console.error(error)
  }
}
