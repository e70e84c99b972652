// Whether what became of an appointment is still news: what was pulled stays on the phone while nothing else changes. Pure.
import type { AppointmentNews } from '../store/meta.ts'
import { addDays } from '../sync/days.ts'

const LASTS = 7
const MET_LASTS = 1

/** As the server has it (docs/appointments.md): a day for *you met*, a week for the rest; a move until its new day is over. */
export function isNews({ what, was, now }: NonNullable<AppointmentNews>, today: string): boolean {
  if (what.startsWith('moved') && now) return today <= now.slice(0, 10)
  return !was || today <= addDays(was.slice(0, 10), what === 'attended' ? MET_LASTS : LASTS)
}
