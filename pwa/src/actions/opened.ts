// Reminders that were tapped: the server is told, at once or, without a network, at the end of the next cycle.
import { opened } from '../api/reminders.ts'
import { meta } from '../store/meta.ts'
import { inOne } from '../store/records.ts'

const MOST = 50

/** This reminder was tapped: kept until the server was told. */
export function noteOpened(code: string): Promise<void> {
  return change((codes) => [...codes.filter((one) => one !== code), code].slice(-MOST))
}

/** Tell what was tapped. What our own server answered, yes or no, is told; anything else is tried again. */
export async function tellOpened(): Promise<void> {
  for (const code of (await meta('opened')) ?? []) {
    const { marker, status } = await opened(code)
    const told = marker === '1' && (status < 300 || status === 404 || status === 422)
    if (!told) return
    await change((codes) => codes.filter((one) => one !== code))
  }
}

function change(become: (codes: string[]) => string[]): Promise<void> {
  return inOne(['meta'], async (reading, write) => {
    const before = (await reading.get<string[]>('meta', 'opened')) ?? []
    write({ store: 'meta', key: 'opened', body: become(before) })
  })
}
