// Faults of trust.md A4 that the shipped app can be put through here, each with its own criterion. All invariants besides.
import { HOUR, MINUTE, SECOND, type Program } from './stage.ts'
import { ask } from './server.ts'
import { Scene } from './scene.ts'
import { SIGN_IN } from './sign_in_faults.ts'
import type { Fate } from './network.ts'
import type { Phone } from './phone.ts'
import type { Told } from './story.ts'

const DAY = 24 * HOUR
const TEN_YEARS = 3650 * DAY

/** The push goes wrong in these ways first: nothing counts as sent meanwhile, and then it is sent by itself. */
const untilSent = (...fates: Fate[]) => async (scene: Scene) => {
  await scene.opened(0)
  scene.fates(0, ...fates)
  const id = await scene.tap(0)
  await scene.loop.pass(400)
  scene.see((await scene.state(0, id)) !== 'sent', 'nothing counts as sent that is not proven')
  await scene.isSent(0, id, 5 * MINUTE)
  scene.see(scene.phone(0).network.tried.length === fates.length + 1, `tried ${fates.length + 1} times`)
}

/** Both phones of one person, without a network, over the same entry. */
async function bothOffline(scene: Scene) {
  await scene.opened(0)
  const first = (await scene.entry(0))!
  await scene.isSent(0, first.revision.revision_id, MINUTE)
  await scene.opened(1)
  const [n0, n1] = [scene.phone(0), scene.phone(1)]
  n0.online(false)
  n1.online(false)
  return { first, back: () => [n0.online(true), n1.online(true)] }
}

/** A phone with some revisions, and how an app before sealing would have kept them. */
async function withAnOldDatabase(scene: Scene) {
  const tab = await scene.opened(0)
  for (let n = 0; n < 3; n++) await scene.isSent(0, await scene.tap(0, n), MINUTE)
  const all = (await scene.gets(() => tab.app.snapshot()))!
  const phone = scene.phone(0)
  phone.killAll()
  const lying = (some: [string, unknown][]): [string, unknown][] => some.map(([key, body]) => [key, { v: 0, body }])
  const bodies = Object.fromEntries(Object.keys(phone.disk.records()).filter((name) => name !== 'keys').map((name) => [name, [] as [string, unknown][]]))
  bodies.revisions = lying(all.revisions.map((kept) => [kept.revision.revision_id, kept]))
  bodies.meta = lying([['device', all.device], ['settings', all.settings], ['device_seq', 3]])
  return { phone, bodies, count: all.revisions.length }
}

/** Browser data cleared, and signed in once more with a new code. */
async function clearedAndBack(scene: Scene): Promise<void> {
  scene.phone(0).killAll()
  scene.phone(0).disk.clear()
  scene.phone(0).network.token = ''
  scene.judge.forgets(scene.phone(0))
  await scene.signIn(scene.carrier(0))
  await scene.minutes(1)
}

/** Opened, and killed between two of its awaits. */
async function killedAfter({ loop }: Scene, phone: Phone, events: number): Promise<void> {
  phone.open()
  const until = loop.events + events
  await loop.pass(SECOND, () => loop.events >= until)
  phone.killAll()
}

const FAULTS: Record<string, (scene: Scene) => Promise<void>> = {
  f01: untilSent('lost_request'),
  f02: untilSent('lost_answer'),
  f03: untilSent('cut_answer', 'cut_answer'),
  f04: untilSent('portal', 'redirect', 'portal_200_json'),
  f05: async (scene) => {
    await scene.opened(0)
    await scene.isSent(0, await scene.tap(0, 1), MINUTE)
    scene.phone(0).network.tried.length = 0
    await untilSent('earlier_answer')(scene)
  },
  f06: async (scene) => {
    await scene.opened(0)
    const { network } = scene.phone(0)
    network.always = '503'
    const id = await scene.tap(0)
    await scene.minutes(60)
    const first = network.tried.length
    await scene.minutes(60)
    scene.see(first <= 24, `${first} tries in the first hour`)
    scene.see(network.tried.length - first <= 12, `${network.tried.length - first} tries in the second hour`)
    network.always = null
    scene.tab(0).tell('visibilitychange')
    await scene.isSent(0, id, MINUTE)
  },
  f07: async (scene) => {
    await scene.opened(0)
    scene.fates(0, '429')
    const id = await scene.tap(0)
    await scene.isSent(0, id, 10 * MINUTE)
    const [one, other] = scene.phone(0).network.tried
    scene.see(other! - one! >= 120 * SECOND, `tried again after ${(other! - one!) / SECOND} s`)
  },
  f08: async (scene) => {
    await scene.opened(0)
    scene.fates(0, 'slow', 'lost_answer', 'slow', 'lost_request', 'slow')
    const id = await scene.tap(0)
    scene.see((await scene.tap(0, 1)) !== '', 'more can be saved meanwhile')
    await scene.isSent(0, id, 10 * MINUTE)
  },
  f13: async (scene) => {
    await scene.opened(0)
    scene.phone(0).online(false)
    const id = await scene.tap(0)
    ask('end_device', { token: scene.phone(0).network.token, now: scene.loop.now })
    scene.tab(0).show(false)
    await scene.loop.pass(14 * DAY)
    scene.phone(0).online(true)
    scene.tab(0).show(true)
    await scene.loop.pass(20 * SECOND)
    scene.see((await scene.state(0, id)) === 'needs_sign_in', 'all is kept, and a new code is asked for')
    await scene.signInIfAsked(scene.carrier(0))
    await scene.isSent(0, id, MINUTE)
  },
  f15: async (scene) => {
    await scene.opened(0)
    const carrier = scene.carrier(0)
    scene.fates(0, 'lost_request', 'lost_request', 'lost_request', 'lost_request', 'lost_request')
    const id = await scene.tap(0)
    carrier.owner = 1
    await scene.signIn(carrier)
    await scene.loop.pass(MINUTE)
    scene.see((await scene.state(0, id)) === undefined, 'the next person sees none of it')
    scene.see(!(id in scene.stored().hashes), 'the next person sends none of it')
    carrier.owner = 0
    await scene.signIn(carrier)
    await scene.isSent(0, id, MINUTE)
  },
  f16: async (scene) => {
    const tab = await scene.opened(0)
    scene.phone(0).online(false)
    for (let n = 0; n < 3; n++) await scene.tap(0, n)
    scene.see((await scene.gets(() => tab.app.unsentHere()))?.length === 3, 'it says that three are not sent')
    scene.see((await scene.gets(() => tab.app.removePhone(false), MINUTE))?.wiped === false, 'without a network nothing is removed')
    scene.see((await scene.shown(0)).states.size === 3, 'all three are still here')
  },
  f17: async (scene) => {
    const { first, back } = await bothOffline(scene)
    await scene.entry(0, first)
    await scene.entry(1, first)
    back()
    await scene.minutes(3)
    const heads = await Promise.all([scene.shown(0), scene.shown(1)])
    scene.see(heads.every(({ entries }) => entries[0]?.length === 2), 'both states are kept on both phones')
    scene.see(heads[0]!.entries[0]![0]!.revision.revision_id === heads[1]!.entries[0]![0]!.revision.revision_id, 'the same one is shown first')
  },
  f18: async (scene) => {
    const { first, back } = await bothOffline(scene)
    await scene.entry(0, first)
    const tab = scene.tab(1)
    const removed = await scene.gets(() => tab.app.changeEntry(first, 'delete'))
    if (removed) scene.say(tab, removed)
    back()
    await scene.minutes(3)
    for (const n of [0, 1]) {
      const [heads] = (await scene.shown(n)).entries
      scene.see(heads?.length === 2 && heads.some(({ revision }) => revision.kind === 'save'), `phone ${n} still has the words`)
    }
  },
  f19: async (scene) => {
    const tab = await scene.opened(0)
    const other = scene.phone(0).open()
    await scene.loop.pass(2 * SECOND)
    const first = (await scene.entry(0))!
    const saved = [scene.entry(0, first, tab), scene.entry(0, first, other)]
    await scene.loop.pass(5 * SECOND)
    const [one, two] = await Promise.all(saved)
    for (const kept of [one, two]) await scene.isSent(0, kept!.revision.revision_id, MINUTE)
  },
  f20: async (scene) => {
    await scene.opened(0)
    const other = scene.phone(0).open()
    await scene.loop.pass(2 * SECOND)
    scene.phone(0).network.always = 'lost_request'
    const id = await scene.tap(0, 0, other)
    scene.phone(0).kill(other)
    scene.phone(0).network.always = null
    await scene.isSent(0, id, MINUTE)
  },
  f21: async (scene) => {
    const tab = await scene.opened(0)
    scene.phone(0).open()
    await scene.loop.pass(2 * SECOND)
    scene.fates(0, 'hangs')
    const id = await scene.tap(0, 0, tab)
    await scene.loop.pass(SECOND)
    const sending = scene.phone(0).network.tried.length
    for (const one of [...scene.phone(0).tabs]) if (one.sends) scene.phone(0).kill(one)
    scene.see(sending === 1 && scene.phone(0).tabs.length === 1, 'the tab that was sending is gone')
    await scene.isSent(0, id, 5 * SECOND)
  },
  f22: async (scene) => {
    await scene.opened(0)
    scene.fates(0, 'slow')
    const first = await scene.tap(0)
    await scene.loop.pass(300)
    const second = await scene.tap(0)
    scene.see((await scene.state(0, second)) === 'pending', 'the second waits')
    for (const id of [first, second]) await scene.isSent(0, id, 5 * MINUTE)
  },
  f24: async (scene) => {
    await scene.opened(0)
    scene.phone(0).online(false)
    const id = await scene.tap(0)
    scene.phone(0).killAll()
    await scene.loop.pass(DAY)
    scene.phone(0).online(true)
    await scene.opened(0)
    await scene.isSent(0, id, MINUTE)
  },
  f25: async (scene) => {
    await scene.opened(0)
    scene.phone(0).online(false)
    const id = await scene.tap(0)
    scene.phone(0).killAll()
    scene.phone(0).disk.powerLost()
    await scene.opened(0)
    scene.see((await scene.state(0, id)) === 'pending', 'it is there after the battery was out')
  },
  f26: async (scene) => {
    const tab = await scene.opened(0)
    const { disk } = scene.phone(0)
    disk.trouble = { full: 1, broken: 0, closed: 0 }
    const { assignment_id } = scene.people[0]!
    const sheet = (await scene.gets(() => tab.app.snapshot()))!.worksheets.get('low-intensity-cbt/thought-record.v1')!
    const writing = (await scene.gets(() => tab.app.startWriting({ assignment_id, slot: null })))!
    writing.answer('situation', `Full ${scene.mark(scene.carrier(0))}`)
    const none = await scene.gets(() => writing.finish(sheet))
    scene.see(none === null && writing.trouble?.kind === 'full', 'it says that the phone is full, not that it is saved')
    scene.see(String(writing.draft.answers.situation).startsWith('Full'), 'the text stays')
    disk.trouble = { full: 0, broken: 0, closed: 0 }
    const kept = await scene.gets(() => writing.finish(sheet))
    scene.say(tab, kept)
    await scene.isSent(0, kept!.revision.revision_id, MINUTE)
  },
  f28: async (scene) => {
    await scene.opened(0)
    for (let n = 0; n < 3; n++) await scene.isSent(0, await scene.tap(0, n), MINUTE)
    await clearedAndBack(scene)
    scene.see((await scene.shown(0)).states.size === 3, 'all three are back')
  },
  f31: async (scene) => {
    await scene.opened(0)
    scene.phone(0).online(false)
    const id = await scene.tap(0)
    scene.phone(0).killAll()
    scene.phone(0).disk.trouble = { full: 0, broken: 0, closed: 1 }
    scene.phone(0).open()
    await scene.loop.pass(5 * SECOND)
    scene.phone(0).disk.trouble = { full: 0, broken: 0, closed: 0 }
    scene.see((await scene.state(0, id)) === 'pending', 'nothing was wiped')
    scene.phone(0).online(true)
    await scene.isSent(0, id, MINUTE)
  },
  f33: async (scene) => {
    const { phone, bodies, count } = await withAnOldDatabase(scene)
    for (let events = 1; events < 120; events += 3) {
      phone.disk.becomes(1, bodies)
      await killedAfter(scene, phone, events)
      await scene.opened(0)
      const { states } = await scene.shown(0)
      scene.see(states.size === count, `killed after ${events} events: ${states.size} of ${count}`)
      phone.killAll()
    }
  },
  f34: async (scene) => {
    const { phone, bodies, count } = await withAnOldDatabase(scene)
    phone.disk.becomes(1, bodies)
    let old: { close(): void } | null = null
    phone.disk.open('meantime', 1, (connection) => { old = connection })
    await scene.loop.pass(100)
    const said: string[] = []
    phone.open().app.watch(() => {}, (kind) => said.push(kind))
    await scene.loop.pass(2 * SECOND)
    scene.see(said.includes('blocked'), `the new tab says why it waits, and says ${said.join()}`)
    old!.close()
    await scene.loop.pass(SECOND)
    scene.see((await scene.shown(0)).states.size === count, 'it goes on by itself')
  },
  f38: async (scene) => {
    for (const skew of [TEN_YEARS, -TEN_YEARS]) {
      scene.phone(0).skew = skew
      await scene.opened(0)
      const saving = scene.tap(0)
      scene.phone(0).skew = -skew
      await scene.loop.pass(SECOND)
      await scene.isSent(0, await saving, 2 * MINUTE)
    }
  },
  f42: async (scene) => {
    await scene.opened(0)
    await scene.opened(1)
    ask('backup', { now: scene.loop.now })
    const id = await scene.tap(0)
    await scene.isSent(0, id, MINUTE)
    await scene.minutes(2)
    ask('restore', { now: scene.loop.now })
    scene.see(scene.judge.afterRestore(scene.phones) === 0, 'a phone holds what the copy lacks')
    await scene.minutes(3)
    scene.see(id in scene.stored().hashes, 'it was brought back')
  },
  f42b: async (scene) => {
    await scene.opened(0)
    ask('backup', { now: scene.loop.now })
    const id = await scene.tap(0)
    await scene.isSent(0, id, MINUTE)
    await clearedAndBack(scene)
    scene.see((await scene.state(0, id)) === 'sent', 'it came back by a pull')
    ask('restore', { now: scene.loop.now })
    scene.see(scene.judge.afterRestore(scene.phones) === 0, 'a phone holds what the copy lacks')
    await scene.loop.pass(20 * SECOND)
    await scene.signInIfAsked(scene.carrier(0))
    await scene.minutes(3)
    scene.see(id in scene.stored().hashes, 'it was brought back by a phone that had only pulled it')
  },
  f42c: async (scene) => {
    await scene.opened(0)
    await scene.opened(1)
    ask('backup', { now: scene.loop.now })
    const work = scene.agree(scene.carrier(0))
    await scene.minutes(3)
    scene.see(await scene.isAsked(0, work) && await scene.isAsked(1, work), 'both phones were told of it')
    const id = await scene.tap(0, 0, scene.tab(0), work)
    await scene.isSent(0, id, MINUTE)
    await scene.minutes(3)
    for (const what of ['is put aside', 'is put aside again by the next']) {
      ask('restore', { now: scene.loop.now })
      scene.see(scene.judge.afterRestore(scene.phones) === 0, 'a phone holds what the copy lacks')
      await scene.minutes(3)
      scene.see(scene.stored().aside.join() === id && !(id in scene.stored().hashes), `what the copy has no work for ${what}`)
      scene.see((await scene.state(0, id)) === 'quarantined', 'and the phone that wrote it says so')
      scene.see(!await scene.isAsked(0, work) && !await scene.isAsked(1, work), 'neither phone asks for it any more')
    }
  },
  ...SIGN_IN,
}

/** Play one fault, then let all be calm. */
export async function play(name: string, program: Program): Promise<Told> {
  const scene = new Scene(1, program, 3)
  try {
    await scene.begin()
    for (const { network } of scene.phones) network.tried.length = 0
    await FAULTS[name]!(scene)
    scene.judge.now(scene.phones)
    await scene.calm()
  } catch (error) {
    scene.judge.breaks('error', (error as Error).stack ?? String(error))
  }
  for (const { phone } of scene.carriers) phone.killAll()
  const { judge, counted, loop } = scene
  return { seed: 1, broken: judge.broken, counted, traced: judge.traced, events: loop.events, saves: judge.told.size }
}
