// What a task is called, by its id; a word for any entry where it is not here any more.
import type { Snapshot } from '../../store/snapshot.ts'
import { later } from '../../words/later.ts'
import { speak } from '../../words/speak.ts'

export function titleOf(all: Snapshot, assignment_id: string | undefined): string {
  return all.assignments.find((one) => one.assignment_id === assignment_id)?.title ?? speak(later)('entry.title')
}
