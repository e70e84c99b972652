// What became of the last reminders, as the server tells it in codes.
import { sent } from '../api/reminders.ts'
import { json, ours } from '../api/request.ts'

export type Reminded = { date: string; at: string; channel: 'push' | 'email' | 'sms'; became: string; why: string | null }

/** The newest first; null without a network. */
export async function sentList(): Promise<Reminded[] | null> {
  const reply = await sent()
  return (ours(reply) && json<{ reminders: Reminded[] }>(reply)?.reminders) || null
}
