// The end of a cycle: says how much is still here, and checks that both sides hold the same revisions. No side wins.
import { json } from '../api/request.ts'
import { contact, type ContactAnswer } from '../api/sync.ts'
import { changeSyncOf, isStill, meta, type Device } from '../store/meta.ts'
import { revisionsOf, sendAgain } from '../store/revisions.ts'
import { refused, type Verdict } from '../sync/acknowledged.ts'
import { digest } from '../sync/digest.ts'
import { unsent } from '../sync/kept.ts'

export type Contacted = { verdict: Verdict | null; again: boolean }

/** Somebody else signed in meanwhile: nothing of this is theirs, and the next cycle asks for them. */
const NOT_THEIRS: Contacted = { verdict: { kind: 'later' }, again: false }

/** Tell the server where we stand. `again`: something was missing on one side, another cycle puts it right. */
export async function makeContact(device: Device, now: () => Date): Promise<Contacted> {
  const here = await revisionsOf(device.client_id)
  const sent = here.filter((kept) => kept.state === 'sent').map((kept) => kept.revision.revision_id)
  // What the service holds and cannot read is there for both: else each cycle would ask for it again.
  const ids = [...new Set([...sent, ...((await meta('sync'))?.damaged ?? [])])]
  const body = {
    device_id: device.device_id, outbox: here.filter(unsent).length, device_seq: (await meta('device_seq')) ?? 0, digest: digest(ids),
  }
  if (!(await isStill(device))) return NOT_THEIRS
  const first = await contact(body)
  const verdict = refused(first)
  if (verdict) return { verdict, again: false }
  const told = json<ContactAnswer>(first)
  const { made = 0, stored = 0, elsewhere = 0 } = told ?? {}
  const counts = { made, stored, elsewhere }
  const last_contact_at = now().toISOString()
  if (told?.same !== false) {
    return (await changeSyncOf(device, { last_contact_at, counts })) ? { verdict: null, again: false } : NOT_THEIRS
  }
  // Not over before it is known what differs: without that answer the next cycle asks again, not one in a quarter of an hour.
  if (!(await changeSyncOf(device, { last_contact_at: null, counts }))) return NOT_THEIRS
  const second = await contact({ ...body, ids })
  const unheard = refused(second)
  if (unheard) return { verdict: unheard, again: false }
  const answer = json<ContactAnswer>(second)
  const missingThere = answer?.missing_there ?? []
  const missingHere = answer?.missing_here ?? []
  if (!(await isStill(device))) return NOT_THEIRS
  const given = missingThere.length > 0 ? await sendAgain(device.client_id, missingThere) : 0
  const all = { last_contact_at, ...(missingHere.length > 0 && { cursor: '', etag: null }) }
  if (!(await changeSyncOf(device, all))) return NOT_THEIRS
  return { verdict: null, again: given > 0 || missingHere.length > 0 }
}
