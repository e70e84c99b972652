// Whether a worksheet may be filled in on this phone now. Pure.
import type { Assignment, Service } from './wire.ts'

/** Not where it is nothing without its questions about risk, and the service does not answer for them: told with every pull. */
export function isOpenTo(worksheet: Assignment['worksheet'], service: Service | null | undefined): boolean {
  return worksheet?.needs_procedure !== true || service?.asks_about_risk === true
}
