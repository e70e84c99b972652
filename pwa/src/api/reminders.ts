// Where reminders are sent, and what became of one.
import { ask, type Reply } from './request.ts'

export function pushKey(): Promise<Reply> {
  return ask('GET', '/api/v1/push-key')
}

export function subscribe(subscription: { endpoint: string; keys: { p256dh: string; auth: string } }): Promise<Reply> {
  return ask('PUT', '/api/v1/push-subscription', subscription)
}

export function unsubscribe(): Promise<Reply> {
  return ask('DELETE', '/api/v1/push-subscription')
}

/** This phone takes messages no more, and nobody in the app asked for that. */
export function lost(why: 'permission-lost' | 'cannot'): Promise<Reply> {
  return ask('POST', '/api/v1/push-subscription/lost', { why })
}

export function sent(): Promise<Reply> {
  return ask('GET', '/api/v1/reminders/sent', undefined, { patience: 8_000 })
}

export function next(): Promise<Reply> {
  return ask('GET', '/api/v1/reminders/next', undefined, { patience: 8_000 })
}

export function testReminder(): Promise<Reply> {
  return ask('POST', '/api/v1/push-test', {})
}

export function opened(code: string): Promise<Reply> {
  return ask('POST', '/api/v1/reminders/opened', { code }, { patience: 8_000 })
}

export function reminder(code: string): Promise<Reply> {
  return ask('GET', `/api/v1/reminders/${encodeURIComponent(code)}`, undefined, { patience: 8_000 })
}
