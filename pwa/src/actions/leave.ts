// Taking one's data along, and removing this phone.
import { forgetOwnWords } from '../store/ownWords.ts'
import { forget } from '../api/signIn.ts'
import { meta } from '../store/meta.ts'
import { wipe } from '../store/database.ts'
import { keyOf, type Local, type Wraps } from '../store/keys.ts'
import { rescue } from '../store/rescue.ts'
import { open, type Sealed } from '../store/sealed.ts'
import { snapshot } from '../store/snapshot.ts'
import { revisionsOf } from '../store/revisions.ts'
import { unsent, type Kept } from '../sync/kept.ts'

/** What is on this phone only. */
export async function unsentHere(): Promise<Kept[]> {
  const device = await meta('device')
  return device ? (await revisionsOf(device.client_id)).filter(unsent) : []
}

/** Everything this phone holds about the person, as JSON text, for them to keep. The app's own words are not about them. */
export async function myData(): Promise<string> {
  const { device, sync: _, worksheets: __, translated: ___, words: ____, others: _____, ...rest } = await snapshot()
  return JSON.stringify({ written_at: new Date().toISOString(), preferred_name: device?.preferred_name, ...rest }, null, 2)
}

/** Everything in a database this app is too old for, as JSON text: in words where this phone opens by itself, else as it lies there. */
export async function rescued(): Promise<string> {
  const { version, stores: { keys = [], ...stores } } = await rescue()
  const wrap = (name: string) => keys.find(({ key }) => key === name)?.record
  await keyOf(wrap('local') as Local | undefined, wrap('wraps') as Wraps | undefined).catch(() => null)
  const read = Object.entries(stores).map(async ([store, all]) => [store, await Promise.all(all.map(async ({ key, record }) => {
    const body = (record as Sealed | null)?.v === 1 ? await open(store, String(key), record).catch(() => undefined) : undefined
    return body === undefined ? { key, record } : { key, body }
  }))])
  return JSON.stringify({ written_at: new Date().toISOString(), version, stores: Object.fromEntries(await Promise.all(read)) }, inText, 2)
}

/** Bytes as base64: what cannot be read can be kept, and opened another day. */
function inText(_: string, value: unknown): unknown {
  const bytes = value instanceof ArrayBuffer ? new Uint8Array(value) : value
  return bytes instanceof Uint8Array ? btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')) : value
}

const TYPES = { json: 'application/json', txt: 'text/plain;charset=utf-8', ics: 'text/calendar' }
type Ending = keyof typeof TYPES

/** Hand a text to the phone as a file. */
export function download(name: `${string}.${Ending}`, text: string): void {
  const type = TYPES[name.split('.').at(-1) as Ending]
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type }))
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

/** End this device at the service and clear it. `wiped` is false when the service could not be told and nothing was done. */
export async function removePhone(evenOffline: boolean): Promise<{ wiped: boolean }> {
  const reply = await forget((await unsentHere()).length)
  const told = reply.marker === '1' && (reply.status === 204 || reply.status === 401)
  if (!told && !evenOffline) return { wiped: false }
  await clearPhone()
  return { wiped: true }
}

/** Clear everything this app keeps here, its files for offline use left in place. */
export async function clearPhone(): Promise<void> {
  await wipe()
  await forgetOwnWords()
  localStorage.clear()
  sessionStorage.clear()
}
