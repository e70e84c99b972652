// The three calls of a sync cycle, and the definitions that assignments name.
import { ask, type Reply } from './request.ts'

/** `body` is the JSON as it was measured: sent byte for byte. */
export function push(body: string): Promise<Reply> {
  return ask('POST', '/api/v1/sync/push', body, { patience: 60_000 })
}

/** `device_id`: whose changes these are to be; what another person's device would get is refused. */
export function pull(device_id: string, cursor: string, etag: string | null): Promise<Reply> {
  const address = `/api/v1/sync/pull?device=${device_id}&cursor=${encodeURIComponent(cursor)}&limit=200`
  return ask('GET', address, undefined, { headers: etag ? { 'If-None-Match': etag } : {} })
}

export type Contact = { device_id: string; outbox: number; device_seq: number; digest: { count: number; sha256: string }; ids?: string[] }
export type ContactAnswer = { same: boolean; count: number; made?: number; stored?: number; elsewhere?: number; missing_here?: string[]; missing_there?: string[] }

export function contact(body: Contact): Promise<Reply> {
  return ask('POST', '/api/v1/sync/contact', body)
}

/** `whole`: with its questions about risk; refused where the service does not answer for them. */
export function worksheet(id: string, version: number, whole: boolean): Promise<Reply> {
  return ask('GET', `/api/v1/worksheets/${id}/v${version}${whole ? '/whole' : ''}`)
}
