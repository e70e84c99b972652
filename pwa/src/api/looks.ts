// Who of the service has looked.
import { ask, type Reply } from './request.ts'

export function looks(): Promise<Reply> {
  return ask('GET', '/api/v1/looks', undefined, { patience: 8_000 })
}
