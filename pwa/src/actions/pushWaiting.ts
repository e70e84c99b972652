// Sends what waits, batch by batch, and believes only a provable acknowledgement.
import { push } from '../api/sync.ts'
import { changeMeta, type Device } from '../store/meta.ts'
import { mark, settle, waiting } from '../store/revisions.ts'
import { acknowledged, type Verdict } from '../sync/acknowledged.ts'
import { retryAfter } from '../sync/backoff.ts'
import { firstBatch } from '../sync/batches.ts'
import { newId } from '../sync/ids.ts'
import type { Kept } from '../sync/kept.ts'

export type Pushed = { verdict: Verdict | null; moved: boolean; retryAfter: number | null }

/** Push until nothing waits or something says stop. `verdict` is what stopped it; null: all is sent. */
export async function pushWaiting(device: Device, now: () => Date): Promise<Pushed> {
  const tried = new Set<string>()
  let moved = false
  let most = 100
  for (;;) {
    const left = (await waiting(device.client_id)).filter((kept) => !tried.has(kept.revision.revision_id))
    if (left.length === 0) return { verdict: tried.size > 0 && !moved ? { kind: 'later' } : null, moved, retryAfter: null }
    const batch = firstBatch(left, (kept) => JSON.stringify(kept.revision), most)
    const { verdict, pause } = await sendOne(device, batch, now)
    if (verdict.kind === 'too-large' && batch.length > 1) {
      most = Math.max(1, batch.length >> 1)
      continue
    }
    if (verdict.kind === 'too-large') {
      await settle(new Map([[ids(batch)[0]!, { state: 'refused', code: 'too-large', message: null }]]), now())
      continue
    }
    if (verdict.kind !== 'acknowledged') return { verdict, moved, retryAfter: pause }
    ids(batch).forEach((id) => tried.add(id))
    moved ||= verdict.became.size > 0
  }
}

async function sendOne(device: Device, batch: Kept[], now: () => Date): Promise<{ verdict: Verdict; pause: number | null }> {
  const batch_id = newId(now().getTime())
  await mark(ids(batch), 'sending')
  const revisions = batch.map((kept) => kept.revision)
  // What this phone's clock says as it pushes: the server sees from it how wrong `created_at` is.
  const sent_at = now().toISOString()
  const body = { protocol: 1, batch_id, device_id: device.device_id, epoch: device.epoch, sent_at, revisions }
  const reply = await push(JSON.stringify(body))
  const items = batch.map((kept) => ({ revision_id: kept.revision.revision_id, content_hash: kept.content_hash }))
  const verdict = acknowledged(reply, { batch_id, items })
  if (verdict.kind === 'acknowledged') {
    await settle(verdict.became, now())
    await mark(ids(batch).filter((id) => !verdict.became.has(id)), 'pending')
    if (verdict.became.size > 0) await changeMeta('sync', { last_sent_at: now().toISOString() })
  } else {
    await mark(ids(batch), verdict.kind === 'signed-out' ? 'needs_sign_in' : 'pending')
  }
  return { verdict, pause: retryAfter(reply.retryAfter, now().getTime()) }
}

function ids(batch: Kept[]): string[] {
  return batch.map((kept) => kept.revision.revision_id)
}
