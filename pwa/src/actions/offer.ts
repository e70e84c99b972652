// Which of a service's languages this phone speaks. Pure.
import type { Settings } from '../store/meta.ts'
import type { Offered, Service } from '../sync/wire.ts'

/** The language to speak: the one chosen, while the service offers it. */
export function languageOf(settings: Settings, service: Service | null): string {
  return offer(settings, service)?.code ?? 'en'
}

/** What the service says of the language chosen; null for English. */
export function offer({ language }: Settings, service: Service | null): Offered | null {
  return service?.languages?.find(({ code }) => code === language) ?? null
}
