// After a pull from nothing: what this phone holds of the service, and the service did not name. A copy that was put back
// may know less than a phone was told: work that is not there any more must not be asked for. What is changed just then
// goes too, for a moment: the next pull brings it.
import { begun } from '../store/begun.ts'
import type { Draft } from '../store/drafts.ts'
import { fromService, SAID_BY_SERVICE, type FromService } from '../store/fromService.ts'
import type { Reading, Write } from '../store/records.ts'
import type { Change } from '../sync/wire.ts'

/** What no page has named yet, this one included. `before`: after the page before it; null where this is the first of a pull from nothing. */
export async function unnamed(reading: Reading, before: FromService[] | null, changes: Change[]): Promise<FromService[]> {
  const named = new Set(changes.map(({ kind, id }) => (kind === 'handover' ? 'meta/handover' : `${SAID_BY_SERVICE[kind as keyof typeof SAID_BY_SERVICE]}/${id}`)))
  return (before ?? await fromService(reading)).filter(({ store, key }) => !named.has(`${store}/${key}`))
}

/** All of it goes; but what somebody began to write about stays for as long as it is not finished. */
export async function gone(reading: Reading, left: FromService[]): Promise<Write[]> {
  if (left.length === 0) return []
  const drafts = (await reading.all<Draft>('drafts')).filter((draft) => !draft.put_by && begun(draft))
  const held = new Set(drafts.flatMap(({ assignment_id, slot }) => [assignment_id, `${assignment_id}/${slot}`]))
  return left.filter(({ key }) => !held.has(key)).map(({ store, key }) => ({ store, key, remove: true }))
}
