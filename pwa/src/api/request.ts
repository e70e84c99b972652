// One request to our own server. Whatever goes wrong on the way comes back as an answer without our marker.
import type { Answer } from '../sync/acknowledged.ts'

export type Reply = Answer & { etag: string | null; retryAfter: string | null }

const PATIENCE = 30_000
const NOTHING: Reply = { status: 0, type: '', marker: null, text: '', etag: null, retryAfter: null }

/** Ask, with the protocol's marker. Never throws: no network, a redirect and a time-out are all status 0. */
export async function ask(
  method: string, path: string, body?: unknown, { headers = {}, patience = PATIENCE }: { headers?: Record<string, string>; patience?: number } = {},
): Promise<Reply> {
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(), patience)
  try {
    const response = await fetch(path, {
      method,
      headers: { 'X-Sync-Protocol': '1', ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
      // A redirect is a captive portal's: we never send one.
      redirect: 'error', credentials: 'same-origin', cache: 'no-store', signal: stop.signal,
    })
    const header = (name: string) => response.headers.get(name)
    return {
      status: response.status, type: header('Content-Type') ?? '', marker: header('X-Sync-Protocol'),
      text: await response.text(), etag: header('ETag'), retryAfter: header('Retry-After'),
    }
  } catch {
    return NOTHING
  } finally {
    clearTimeout(timer)
  }
}

/** Whether this is our own answer with one of the statuses that mean yes. */
export function ours(reply: Reply): boolean {
  return reply.marker === '1' && reply.status >= 200 && reply.status < 300
}

/** The JSON of an answer, or null. */
export function json<T>(reply: Reply): T | null {
  try {
    return JSON.parse(reply.text) as T
  } catch {
    return null
  }
}
