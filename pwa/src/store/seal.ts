// The door into local storage; the one out is sealed.ts. What lies in front of a sealed part is named here.
import { dataKey } from './keys.ts'
import { bound, isSame, text, type Sealed } from './sealed.ts'

/** The app's own counters and words: nothing of a person is in them. */
const PLAIN = new Set(['meta/sync', 'meta/device_seq', 'meta/words'])
/** What can be read of a record before the app is unlocked. */
const FRONT: { [place: string]: string[] } = {
  'meta/device': ['device_id', 'client_id', 'epoch', 'paired_at', 'display', 'shared_phone', 'locked', 'revoked'],
  'meta/settings': ['language', 'text_size'],
  'meta/service': ['nation', 'crisis', 'languages', 'demo'],
  revisions: ['state', 'owner'],
}

/** Whether a record that lies there has to be sealed and is not: an older app wrote it. */
export function isOld(store: string, key: string, record: unknown): boolean {
  return (record as Sealed).v === 0 && !PLAIN.has(`${store}/${key}`)
}

/** A record as it is written. Throws `Locked` while the phone is locked. */
export async function seal(store: string, key: string, body: unknown): Promise<Sealed> {
  const place = `${store}/${key}`
  const data = PLAIN.has(place) ? null : await dataKey(true)
  if (!data) return { v: 0, body }
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const sealed = await crypto.subtle.encrypt(bound(iv, place), data, text.encode(JSON.stringify(body)))
  const names = FRONT[place] ?? FRONT[store]
  return { v: 1, iv, body: sealed, ...(names && { front: front(body as { [name: string]: unknown } | null, names) }) }
}

function front(body: { [name: string]: unknown } | null, names: string[]): object {
  return Object.fromEntries(names.map((name) => [name, body?.[name]]))
}

/** Two records are the same state of the same thing: no two are ever sealed alike. */
export function isSameState(one: unknown, other: unknown): boolean {
  const [a, b] = [one, other] as Partial<Extract<Sealed, { v: 1 }>>[]
  return a?.iv && b?.iv ? isSame(a.iv, b.iv) : JSON.stringify(one) === JSON.stringify(other)
}
