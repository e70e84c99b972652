// Signed in as a device this app does not know of: the head of a pairing's answer arrived, with its cookie, and the rest did not.
import { json, ours } from '../api/request.ts'
import { aboutMe, type Paired } from '../api/signIn.ts'
import { changeMeta, type Device } from '../store/meta.ts'
import { refused, type Verdict } from '../sync/acknowledged.ts'

/**
 * The server refused an epoch that is its own, so it may be the device that differs. Null: its name is known now. Another
 * person's device counts as not signed in: nothing goes there, nothing comes from there.
 */
export async function anotherDevice(device: Device, verdict: Verdict): Promise<Verdict | null> {
  if (verdict.kind !== 'epoch-changed' || verdict.epoch !== device.epoch) return verdict
  const reply = await aboutMe()
  const told = ours(reply) ? json<Paired>(reply) : null
  if (!told) return refused(reply) ?? { kind: 'offline' }
  if (told.client_id !== device.client_id) return { kind: 'signed-out' }
  if (told.device_id === device.device_id) return verdict
  await changeMeta('device', { device_id: told.device_id, epoch: told.epoch })
  return null
}
