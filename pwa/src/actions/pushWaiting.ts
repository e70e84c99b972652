// Sends what waits, batch by batch, and believes only a provable acknowledgement.
import { push } from '../api/sync.ts'
import { changeSyncOf, type Device } from '../store/meta.ts'
import { keepsNothing } from '../store/online.ts'
import { mark, waiting } from '../store/revisions.ts'
import { settle } from '../store/settling.ts'
import { acknowledged, type Verdict } from '../sync/acknowledged.ts'
import { retryAfter } from '../sync/backoff.ts'
import { firstBatch } from '../sync/batches.ts'
import { newId } from '../sync/ids.ts'
import type { Kept } from '../sync/kept.ts'

export type Pushed = { verdict: Verdict | null; moved: boolean; retryAfter: number | null }

const MOST = 100
// So many single ones broken in a row: probably it is not them, and the rest waits for the next cycle.
const MOST_BROKEN = 3

/** Sent once in a batch on which the server broke. */
const stumbled = new Set<string>()
/** Those on which the server breaks even alone, the longest untried first: they stay waiting, and go last. */
const aside = new Set<string>()

/** Push until nothing waits or something says stop. `verdict` is what stopped it; null: what could be sent is sent. */
export async function pushWaiting(device: Device, now: () => Date): Promise<Pushed> {
  const tried = new Set<string>()
  const skipped = new Set<string>()
  let moved = false
  let most = MOST
  let inARow = 0
  for (;;) {
    const left = (await waiting(device.client_id))
      .filter(({ revision: { revision_id: id } }) => !tried.has(id) && !skipped.has(id))
    if (left.length === 0) return { verdict: tried.size > 0 && !moved ? { kind: 'later' } : null, moved, retryAfter: null }
    const batch = firstBatch(asideLast(left), (kept) => JSON.stringify(kept.revision), most)
    const { verdict, pause, broke } = await sendOne(device, batch, now)
    if (broke && ids(batch).some((id) => stumbled.has(id))) {
      if (batch.length > 1) {
        most = batch.length >> 1
        continue
      }
      skipped.add(setAside(batch))
      inARow += 1
      if (inARow < MOST_BROKEN) continue
      return { verdict: null, moved, retryAfter: null }
    }
    if (broke) ids(batch).forEach((id) => stumbled.add(id))
    if (verdict.kind === 'too-large' && batch.length > 1) {
      most = Math.max(1, batch.length >> 1)
      continue
    }
    if (verdict.kind === 'too-large') {
      await settle(new Map([[ids(batch)[0]!, { state: 'refused', code: 'too-large', message: null }]]), now())
      continue
    }
    if (verdict.kind !== 'acknowledged') return { verdict, moved, retryAfter: pause }
    ids(batch).forEach((id) => [tried.add(id), stumbled.delete(id), aside.delete(id)])
    moved ||= verdict.became.size > 0
    inARow = 0
    most = Math.min(MOST, most * 2)
  }
}

/** What may go together next: all but those set aside, or, when only those are left, one of them. */
function asideLast(left: Kept[]): Kept[] {
  const others = left.filter((kept) => !aside.has(kept.revision.revision_id))
  if (others.length > 0) return others
  const next = [...aside].find((id) => left.some((kept) => kept.revision.revision_id === id))
  return left.filter((kept) => kept.revision.revision_id === next)
}

function setAside(batch: Kept[]): string {
  const id = ids(batch)[0]!
  aside.delete(id)
  aside.add(id)
  return id
}

type One = { verdict: Verdict; pause: number | null; broke: boolean }

async function sendOne(device: Device, batch: Kept[], now: () => Date): Promise<One> {
  const batch_id = newId(now().getTime())
  await mark(ids(batch), 'sending')
  const revisions = batch.map((kept) => kept.revision)
  // What this phone's clock says as it pushes: the server sees from it how wrong `created_at` is.
  const sent_at = now().toISOString()
  const body = {
    protocol: 1, batch_id, device_id: device.device_id, epoch: device.epoch, sent_at, revisions,
    ...elsewhere(device, batch), ...(keepsNothing() && { keeps_nothing: true }),
  }
  const reply = await push(JSON.stringify(body))
  const items = batch.map((kept) => ({ revision_id: kept.revision.revision_id, content_hash: kept.content_hash }))
  const verdict = acknowledged(reply, { batch_id, items })
  if (verdict.kind === 'acknowledged') {
    await settle(verdict.became, now())
    await mark(ids(batch).filter((id) => !verdict.became.has(id)), 'pending')
    if (verdict.became.size > 0) await changeSyncOf(device, { last_sent_at: now().toISOString() })
  } else {
    await mark(ids(batch), verdict.kind === 'signed-out' ? 'needs_sign_in' : 'pending')
  }
  // 503 says that nothing can be kept just now, whatever it is: that is waited out, not looked for in the batch.
  const broke = verdict.kind === 'later' && reply.status >= 500 && reply.status !== 503
  return { verdict, pause: retryAfter(reply.retryAfter, now().getTime()), broke }
}

/** Of what another phone made and this one gives back: which one it was, as far as it is known. */
function elsewhere({ device_id }: Device, batch: Kept[]): { made_on?: Record<string, string | null> } {
  const others = batch.filter(({ mine, device }) => (device ? device !== device_id : !mine))
  const made_on = Object.fromEntries(others.map(({ revision, device }) => [revision.revision_id, device ?? null]))
  return others.length > 0 ? { made_on } : {}
}

function ids(batch: Kept[]): string[] {
  return batch.map((kept) => kept.revision.revision_id)
}
