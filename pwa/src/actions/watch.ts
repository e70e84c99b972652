// Keeps a screen's picture of the store fresh: read once, and again after each write in any tab.
import { setHere } from './setHere.ts'
import { whenChanged } from '../store/changes.ts'
import { watchTrouble, type Trouble, StoreTrouble } from '../store/database.ts'
import { snapshot, type Snapshot } from '../store/snapshot.ts'
import { dayOf } from '../sync/days.ts'

/** Call `show` with everything, now and whenever something changes; `fail` when the store cannot be read. */
export function watch(show: (all: Snapshot) => void, fail: (kind: Trouble) => void): () => void {
  let reading = false
  let again = false
  const refresh = async (): Promise<void> => {
    if (reading) {
      again = true
      return
    }
    reading = true
    try {
      show(await snapshot())
    } catch (error) {
      fail(error instanceof StoreTrouble ? error.kind : 'broken')
    }
    reading = false
    if (again) {
      again = false
      await refresh()
    }
  }
  watchTrouble(fail)
  void refresh()
  // Drafts change with every key stroke, and nothing outside the worksheet draws them meanwhile.
  return whenChanged((stores) => stores.some((store) => store !== 'drafts') && void refresh())
}

/** Note that the app was opened today, for "welcome back": once the first screen shows. */
export function openedToday(all: Snapshot): void {
  const today = dayOf(new Date())
  if (all.device && all.settings.last_opened_on !== today) setTimeout(() => void setHere({ last_opened_on: today }).catch(() => undefined), 300)
}
