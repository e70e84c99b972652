// The few records there is one of: who this phone belongs to, where the sync stands, how the app is set.
import { inOne, read, write, type Reading } from './records.ts'
import { NO_SYNC, type Device, type Meta, type SyncMark } from './kinds.ts'

export * from './kinds.ts'

/** One of the records, or undefined. */
export function meta<Name extends keyof Meta>(name: Name): Promise<Meta[Name] | undefined> {
  return read<Meta[Name]>('meta', name)
}

/** Whether this phone is still the one it was, of the same person: a code may have been taken since. */
export async function isStill(device: Device, reading?: Reading): Promise<boolean> {
  const now = reading ? await reading.get<Device>('meta', 'device') : await meta('device')
  return now?.device_id === device.device_id && now.client_id === device.client_id
}

/** Replace one of the records. */
export function setMeta<Name extends keyof Meta>(name: Name, body: Meta[Name]): Promise<void> {
  return write([{ store: 'meta', key: name, body }])
}

/** Change some of a record's parts, in one transaction, over `first` where there is none yet. */
export function changeMeta<Name extends 'device' | 'sync' | 'settings'>(
  name: Name, parts: Partial<Meta[Name]>, first?: Meta[Name],
): Promise<void> {
  return inOne(['meta'], async (reading, change) => {
    const kept = await reading.get<Meta[Name]>('meta', name)
    const before = kept ?? first
    const same = kept && Object.entries(parts).every(([part, value]) => kept[part as keyof Meta[Name]] === value)
    if (before && !same) change({ store: 'meta', key: name, body: { ...before, ...parts } })
  })
}

/** Change where the sync of this device stands. False, and nothing changed, where somebody else signed in meanwhile. */
export function changeSyncOf(device: Device, parts: Partial<SyncMark>): Promise<boolean> {
  return inOne(['meta'], async (reading, change) => {
    if (!(await isStill(device, reading))) return false
    const before = (await reading.get<SyncMark>('meta', 'sync')) ?? NO_SYNC
    change({ store: 'meta', key: 'sync', body: { ...before, ...parts } })
    return true
  })
}
