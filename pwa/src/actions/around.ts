// The circumstances of anything a person does now: when, in which zone, who, with which app.
import { meta } from '../store/meta.ts'
import { ownZone } from '../sync/days.ts'
import type { Circumstances } from '../sync/revision.ts'

declare const __APP_VERSION__: string
/** `0.1.0`; filled in by the build. */
export const APP_VERSION = typeof __APP_VERSION__ === 'undefined' ? '0.0.0' : __APP_VERSION__

/** Nobody is paired on this phone. */
export class NotPaired extends Error {}

export async function around(now: Date = new Date()): Promise<Omit<Circumstances, 'seq'>> {
  const device = await meta('device')
  if (!device) throw new NotPaired('not paired')
  return { now, zone: ownZone(), owner: device.client_id, appVersion: APP_VERSION }
}
