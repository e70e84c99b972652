// What only the service says, and this phone keeps to show without a network: agreed work and when it is due, reviews,
// appointments, reminders. Never what was written here.
import type { Reading } from './records.ts'
import type { Assignment, Delivery, Occurrence } from '../sync/wire.ts'

export const SAID_BY_SERVICE = {
  assignment: 'assignments', occurrence: 'occurrences', review: 'reviews', appointment: 'appointments', delivery: 'deliveries',
} as const
export const STORES_OF_SERVICE = Object.values(SAID_BY_SERVICE)
export type FromService = { store: (typeof STORES_OF_SERVICE)[number] | 'meta'; key: string }

/** Where each of them lies; of hand-overs there is one, the last. */
export async function fromService(reading: Reading): Promise<FromService[]> {
  const of = <R>(store: FromService['store'], key: (one: R) => string) =>
    reading.all<R>(store).then((found) => found.map((one) => ({ store, key: key(one) })))
  return (await Promise.all([
    of<Assignment>('assignments', (one) => one.assignment_id),
    of<Occurrence>('occurrences', (one) => `${one.assignment_id}/${one.slot}`),
    of<{ review_id: string }>('reviews', (one) => one.review_id),
    of<{ appointment_id: string }>('appointments', (one) => one.appointment_id),
    of<Delivery>('deliveries', (one) => one.code),
    reading.get('meta', 'handover').then((found) => (found ? [{ store: 'meta' as const, key: 'handover' }] : [])),
  ])).flat()
}
