// The one question after an answer about risk, kept as the next state of its entry.
import { around } from './around.ts'
import { save } from '../store/revisions.ts'
import type { Kept } from '../sync/kept.ts'
import type { SafeNow } from '../sync/wire.ts'

/** Whether they feel able to keep safe. It never stands in the way of help: what cannot be saved is left out. */
export async function saySafe({ revision }: Kept, safe_now: SafeNow): Promise<void> {
  const { subject, entry_id, revision_id, form_key, form_version, wording, medium, helped_by, payload } = revision
  try {
    await save({
      subject, entry_id, parents: [revision_id], medium, helped_by, payload: { ...payload, safe_now },
      form: form_key && wording ? { key: form_key, version: form_version ?? 1, ...wording } : undefined,
      local: revision.happened_at.local,
    }, await around())
  } catch (error) {
    console.error(error)
  }
}
