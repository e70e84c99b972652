// Online only: choosing it, learning who this is each time the app is opened, and not leaving before everything is sent.
import { keepWithService } from './lock.ts'
import { onlyHere } from './onlyHere.ts'
import { forgetOwnWords } from '../store/ownWords.ts'
import { moveIn } from './pair.ts'
import { setHere } from './setHere.ts'
import { json, ours } from '../api/request.ts'
import { aboutMe, type Paired } from '../api/signIn.ts'
import { changed } from '../store/changes.ts'
import { wipe } from '../store/database.ts'
import { FIRST_SETTINGS, changeMeta, meta, setMeta } from '../store/meta.ts'
import { chooseOnlineOnly, keepingNothing, keepsNothing, onlineOnly } from '../store/online.ts'
import { whileNobodyWrites } from '../store/records.ts'
import { revisionsOf } from '../store/revisions.ts'
import { snapshot } from '../store/snapshot.ts'
import { unsent } from '../sync/kept.ts'

export type Chosen = 'done' | 'waits' | 'would-lose'

/**
 * Keep nothing on this phone from now on, or keep things again. Nothing is changed while something is not sent (`waits`),
 * nor, unless `anyway`, while there is something that was never to be sent, or is another person's, and would be lost (`would-lose`).
 */
export async function changeOnlineOnly(on: boolean, anyway = false): Promise<Chosen> {
  return whileNobodyWrites(async () => {
    if (await unsentCount() > 0) return 'waits'
    const all = await snapshot()
    if (!anyway && onlyHere(all) + all.others > 0) return 'would-lose'
    await keepingNothing(async () => {
      await wipe()
      await forgetOwnWords()
      chooseOnlineOnly(on)
    })
    return 'done'
  })
}

/** Who this browser is signed in as, where nothing here says so. `nobody`: a code is needed. */
export async function learnWhoIAm(): Promise<'here' | 'nobody' | 'offline'> {
  const reply = await aboutMe()
  const body = ours(reply) ? json<Paired & { device_seq?: number }>(reply) : null
  if (!body?.client_id) return reply.marker === '1' && reply.status === 401 ? 'nobody' : 'offline'
  await moveIn(body, new Date())
  // The numbers go on where the last page left them.
  await setMeta('device_seq', body.device_seq ?? 0)
  await setHere({ welcome: 'finished', notifications: false })
  if (onlineOnly() === 'left') {
    chooseOnlineOnly(null)
    await keepWithService()
  } else await changeMeta('settings', { leave_nothing: false }, FIRST_SETTINGS)
  changed(['meta'])
  return 'here'
}

/** Ask before the page is closed while it alone holds something. */
export function stayUntilSent(): void {
  if (!keepsNothing()) return
  addEventListener('beforeunload', (event) => { if (open > 0) event.preventDefault() })
  setInterval(() => void unsentCount().then((count) => { open = count }), 500)
}
let open = 0

/** Whether something would be lost if this page were loaded again: what is not sent, begun only, or was not accepted. */
export async function heldHereOnly(): Promise<boolean> {
  return keepsNothing() && (await unsentCount() > 0 || onlyHere(await snapshot()) > 0)
}

async function unsentCount(): Promise<number> {
  const device = await meta('device')
  return device ? (await revisionsOf(device.client_id)).filter(unsent).length : 0
}
