// Who has looked at what this person sent: asked for when somebody wants to know, and kept for when there is no signal.
import { looks } from '../api/looks.ts'
import { json, ours } from '../api/request.ts'
import { meta, setMeta } from '../store/meta.ts'
import { dayOf } from '../sync/days.ts'
import type { Look } from '../sync/wire.ts'

/** Ask who looked, and keep it. Without an answer of ours, what is kept stays. */
export async function learnLooks(now: Date = new Date()): Promise<void> {
  const device = await meta('device')
  if (!device || device.locked || device.revoked) return
  const reply = await looks()
  const told = ours(reply) ? json<{ looks: Look[] }>(reply)?.looks : null
  // Somebody else may have been paired while the answer was on its way.
  if (!Array.isArray(told) || (await meta('device'))?.client_id !== device.client_id) return
  await setMeta('looks', { checked_at: now.toISOString(), looks: told })
}

/** Looks by the day they were made on, newest day first; each person and kind of page once a day. Pure. */
export function looksByDay(all: Look[], zone?: string): { day: string; looks: Look[] }[] {
  const days = new Map<string, Look[]>()
  for (const look of [...all].sort((a, b) => (a.at < b.at ? 1 : -1))) {
    const day = dayOf(new Date(look.at), zone)
    const before = days.get(day) ?? []
    if (!before.some((one) => one.by === look.by && one.what === look.what)) days.set(day, [...before, look])
  }
  return [...days].map(([day, looks]) => ({ day, looks }))
}
