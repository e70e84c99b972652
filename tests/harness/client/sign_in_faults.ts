// Faults of the sign-in itself: its token changes each day, comes back after a flat battery, and is copied to another phone.
import { HOUR, MINUTE, SECOND } from './stage.ts'
import { ask, type Answered } from './server.ts'
import type { Scene } from './scene.ts'

const DAY = 24 * HOUR

export const SIGN_IN: Record<string, (scene: Scene) => Promise<void>> = {
  f44: async (scene) => {
    await scene.opened(0)
    await scene.isSent(0, await scene.tap(0), MINUTE)
    scene.phone(1).killAll()
    scene.phone(1).disk.copyOf(scene.phone(0).disk)
    scene.phone(1).network.token = scene.phone(0).network.token
    scene.judge.forgets(scene.phone(1))
    await scene.opened(1)
    const [one, other] = [await scene.tap(0, 1), await scene.tap(1, 2)]
    await scene.isSent(0, one, MINUTE)
    await scene.isSent(1, other, MINUTE)
    for (const n of [0, 1]) await scene.isSent(n, await scene.tap(n, 3), MINUTE)
    await scene.minutes(1)
    const [first, second] = await Promise.all([0, 1].map(async (n) => (await scene.gets(() => scene.tab(n).app.snapshot()))!))
    scene.see(first!.device!.device_id !== second!.device!.device_id, 'the second phone has a device of its own')
    const counts = [first, second].map((all) => [all!.sync.counts?.made, all!.sync.counts?.stored].sort().join())
    scene.see(counts.sort().join(' ') === '2,2 3,3', `made and stored are right for both: ${counts.join(' ')}`)
    // Each goes on by itself for days, and neither looks as if it had been copied.
    for (let day = 0; day < 3; day++) {
      for (const n of [0, 1]) scene.tab(n).show(false)
      await scene.loop.pass(DAY)
      for (const n of [0, 1]) await scene.opened(n)
      await scene.minutes(3)
    }
    for (const n of [0, 1]) await scene.isSent(n, await scene.tap(n, 4), MINUTE)
  },
  /** A battery that goes flat again and again, days apart, at whichever moment of a new token. */
  f25b: async (scene) => {
    const { network, disk } = scene.phone(0)
    await scene.opened(0)
    const tokens = new Set<string>()
    for (let day = 0; day < 12; day++) {
      scene.phone(0).killAll()
      await scene.loop.pass(DAY)
      await scene.opened(0)
      await scene.loop.pass(day * 15 * SECOND)
      tokens.add(network.token)
      scene.phone(0).killAll()
      disk.powerLost()
      network.powerLost()
      await scene.opened(0)
      await scene.isSent(0, await scene.tap(0, day % 5), MINUTE)
    }
    scene.see(tokens.size > 6, `its token changed: ${tokens.size}`)
    scene.see((scene.counted.cookie_undone ?? 0) > 0, 'a new one was undone')
  },
  /** The sign-in is used on two phones: neither goes on, nothing is wiped, and all comes with a new code. */
  f44b: async (scene) => {
    await scene.opened(0)
    await scene.isSent(0, await scene.tap(0), MINUTE)
    const stolen = scene.phone(0).network.token
    for (let day = 0; day < 2; day++) {
      scene.tab(0).show(false)
      await scene.loop.pass(DAY)
      await scene.opened(0)
      await scene.minutes(20)
    }
    scene.see(scene.phone(0).network.token !== stolen, 'its token changed')
    const told = ask<Answered>('request', { now: scene.loop.now, method: 'GET', path: '/api/v1/sync/pull', headers: { Cookie: `phone=${stolen}` }, body: null })
    scene.see(told.status === 401 && told.body.includes('device-copied'), `whoever has the old one is told no: ${told.status}`)
    const id = await scene.tap(0, 1)
    await scene.minutes(2)
    scene.see((await scene.state(0, id)) === 'needs_sign_in', 'the phone keeps everything, and asks for a new code')
    await scene.signInIfAsked(scene.carrier(0))
    await scene.isSent(0, id, MINUTE)
  },
}
