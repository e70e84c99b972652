// Is this really an answer from us, and what does it say became of each revision? Only then does anything count as sent.
import type { PushResult } from './wire.ts'

export type Answer = { status: number; type: string; marker: string | null; text: string }
export type Sent = { batch_id: string; items: { revision_id: string; content_hash: string }[] }
export type Became = { state: 'sent' | 'quarantined' | 'refused'; code: string | null; message: string | null }
export type Verdict =
  | { kind: 'acknowledged'; epoch: string; became: Map<string, Became> }
  | { kind: 'offline' | 'later' | 'signed-out' | 'too-large' | 'app-too-old' }
  | { kind: 'revoked'; device_id: string }
  | { kind: 'epoch-changed'; epoch: string }

// A map and not an object: "constructor" is no status.
const STATES = new Map<unknown, Became['state']>([
  ['stored', 'sent'], ['duplicate', 'sent'], ['stored_conflict', 'sent'], ['quarantined', 'quarantined'], ['refused', 'refused'],
])

/** What an answer to a push means. Everything that is not provably ours is `offline`, and changes nothing. */
export function acknowledged(answer: Answer, sent: Sent): Verdict {
  const refusal = refused(answer)
  if (refusal) return refusal
  const body = parsed(answer.text)
  if (answer.status !== 200 || !body || body.batch_id !== sent.batch_id || !Array.isArray(body.results)) {
    return { kind: 'offline' }
  }
  const hashes = new Map(sent.items.map((item) => [item.revision_id, item.content_hash]))
  const became = new Map<string, Became>()
  for (const result of body.results as PushResult[]) {
    const state = STATES.get(result?.status)
    const id = result?.revision_id
    if (!state || !id || !hashes.has(id) || hashes.get(id) !== result.content_hash) continue
    became.set(id, { state, code: result.code ?? null, message: result.message ?? null })
  }
  return { kind: 'acknowledged', epoch: String(body.epoch), became }
}

/** What a refusal of any call of ours means; null when the answer is no refusal. */
export function refused(answer: Answer): Verdict | null {
  if (answer.marker !== '1') return { kind: answer.status >= 500 || answer.status === 429 ? 'later' : 'offline' }
  if (answer.status < 400) return answer.type.includes('application/json') || answer.status === 304 || answer.status === 204
    ? null
    : { kind: 'offline' }
  const body = parsed(answer.text) ?? {}
  const fields = (body.fields ?? {}) as Record<string, unknown>
  if (answer.status === 401 && body.code === 'device-revoked') {
    return { kind: 'revoked', device_id: String(body.device_id ?? fields.device_id ?? '') }
  }
  if (answer.status === 401 || answer.status === 403) return { kind: 'signed-out' }
  if (answer.status === 409 && body.code === 'epoch-changed') {
    return { kind: 'epoch-changed', epoch: String(body.epoch ?? fields.epoch ?? '') }
  }
  if (answer.status === 413) return { kind: 'too-large' }
  if (answer.status === 426) return { kind: 'app-too-old' }
  return { kind: 'later' }
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}
