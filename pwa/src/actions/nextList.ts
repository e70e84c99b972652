// The next reminders as the server plans them: silence, a day that is full and days without a task are counted in.
import { next } from '../api/reminders.ts'
import { json, ours } from '../api/request.ts'

export type Coming = { date: string; at: string; channel: 'push' | 'email' | 'sms'; kind: 'own' | 'later' | 'appointment' }

/** In order; null without a network. */
export async function nextList(): Promise<Coming[] | null> {
  const reply = await next()
  return (ours(reply) && json<{ reminders: Coming[] }>(reply)?.reminders) || null
}

/** Those that come, where this phone shows none: another way still brings them. Pure. */
export function thatCome(coming: Coming[], reached: boolean): Coming[] {
  return coming.filter(({ channel }) => reached || channel !== 'push')
}
