// One seed: people who write on phones that are killed, cut off, full and wrong about the time, until all is calm again.
import { NO_TROUBLE } from './disk.ts'
import { HOUR, MINUTE, SECOND, SHEET, Stage, type Carrier, type Program } from './stage.ts'
import { ask } from './server.ts'
import type { Broken } from './judge.ts'
import type { Phone, Tab } from './phone.ts'

export type Told = { seed: number; broken: Broken[]; counted: Record<string, number>; traced: string[]; events: number; saves: number }

const STEPS = {
  write: 14, tap: 12, edit: 10, remove: 5, say: 3, open: 6, crash: 6, power: 2, network: 8, weather: 8, hide: 4, wait: 8, long: 2,
  clock: 2, disk: 3, two_tabs: 2, backup: 1, restore: 1, ended: 1, other_person: 1, reinstall: 1, sign_in: 2, days: 0, copied: 0,
  agree: 1,
}
type Step = keyof typeof STEPS
/** How often each step is taken, against the others. */
export type Weights = Record<Step, number>

export class Story extends Stage {
  readonly #weights: Weights
  #backedUp = false

  constructor(seed: number, program: Program, phones: number, more: Partial<Weights>) {
    super(seed, program, phones)
    this.#weights = { ...STEPS, ...more }
  }

  async run(steps: number): Promise<void> {
    await this.begin()
    for (const { phone } of this.carriers) this.#weather(phone)
    for (let n = 0; n < steps && this.judge.broken.length === 0; n++) {
      const step = this.chance.weighted<Step>(this.#weights)
      const carrier = this.chance.pick(this.carriers)
      this.judge.trace(`${carrier.phone.name} ${step}`)
      await this.#step(step, carrier)
      await this.loop.pass(this.chance.happens(0.3) ? this.chance.next() * 30 : this.chance.next() * 4 * SECOND)
      this.judge.now(this.phones)
      for (const { phone } of this.carriers) for (const tab of phone.tabs) this.look(tab)
    }
    if (this.judge.broken.length === 0) await this.calm()
  }

  async #step(step: Step, carrier: Carrier): Promise<void> {
    const { phone } = carrier
    const chance = this.chance
    const tab = phone.tabs.length > 0 ? chance.pick(phone.tabs) : phone.open()
    const count = () => (this.counted[step] = (this.counted[step] ?? 0) + 1)
    switch (step) {
      case 'write': return void this.write(tab, carrier)
      case 'tap': return void this.#tap(tab, carrier)
      case 'edit': return void this.#edit(tab, carrier)
      case 'remove': return void this.#remove(tab)
      case 'say': return void this.does(tab, async () => this.judge.saved(await tab.app.ask(`I wonder ${this.mark(carrier)}`), phone))
      case 'open': return phone.tabs.length < 2 ? void phone.open() : tab.show(true)
      case 'hide': return tab.show(!tab.visible)
      case 'crash': return void (count(), this.loop.after(chance.next() * 300, () => tab.alive && phone.kill(tab)))
      case 'power': return void (count(), this.loop.after(chance.next() * 300, () => [phone.killAll(), phone.locks?.clear(), phone.disk.powerLost(), phone.network.powerLost()]))
      case 'network': return phone.online(!phone.network.online)
      case 'weather': return this.#weather(phone)
      case 'wait': return this.loop.pass(chance.next() * MINUTE)
      case 'long': return this.#long()
      case 'clock': return void (count(), phone.skew = chance.pick([0, 0, -HOUR, HOUR, 3 * MINUTE, -3650 * 24 * HOUR, 3650 * 24 * HOUR, chance.between(-48, 48) * HOUR]))
      case 'disk': return void (phone.disk.trouble = chance.happens(0.5) ? NO_TROUBLE : { full: chance.pick([0, 0.3]), broken: chance.pick([0, 0.2]), closed: chance.pick([0, 0.5]) })
      case 'two_tabs': return this.#twoTabs(carrier)
      case 'backup': return void (this.#backedUp = ask('backup', { now: this.loop.now }))
      case 'agree': return void (count(), this.agree(carrier))
      case 'restore': return this.#restore(count)
      case 'ended': return void (count(), ask('end_device', { token: phone.network.token, now: this.loop.now }))
      case 'sign_in': return this.signInIfAsked(carrier)
      case 'other_person': return this.#otherPerson(carrier, count)
      case 'reinstall': return this.#reinstall(carrier, count)
      case 'days': return (count(), this.#long(24 * this.chance.between(1, 3)))
      case 'copied': return this.#copied(carrier, count)
    }
  }

  async #tap(tab: Tab, carrier: Carrier): Promise<void> {
    const about = this.slot(carrier)
    const words = this.mark(carrier)
    await this.does(tab, async () => {
      if (this.chance.happens(0.2)) return tab.app.takeBack(about)
      this.say(tab, await tab.app.answer(about, { answer: this.chance.pick(['done', 'tried', 'not_today'] as const), words }))
    })
  }

  async #edit(tab: Tab, carrier: Carrier): Promise<void> {
    const text = `Now I see ${this.mark(carrier)}`
    await this.does(tab, async () => {
      const all = await tab.app.snapshot()
      const sheet = all.worksheets.get(SHEET)
      const living = tab.app.entries(all.revisions).map(([head]) => head!).filter(({ revision }) => revision.kind !== 'delete')
      if (!sheet || living.length === 0) return
      const writing = await tab.app.startEditing(this.chance.pick(living.slice(0, 3)))
      writing.answer('situation', text)
      this.say(tab, await writing.finish(sheet))
    })
  }

  async #remove(tab: Tab): Promise<void> {
    await this.does(tab, async () => {
      const heads = tab.app.entries((await tab.app.snapshot()).revisions).map(([head]) => head!)
      if (heads.length === 0) return
      const head = this.chance.pick(heads.slice(0, 3))
      this.say(tab, await tab.app.changeEntry(head, head.revision.kind === 'delete' ? 'restore' : 'delete'))
    })
  }

  /** The same entry in two tabs within ten milliseconds. */
  #twoTabs(carrier: Carrier): void {
    const { phone } = carrier
    while (phone.tabs.length < 2) phone.open()
    for (const tab of phone.tabs) void this.#edit(tab, carrier)
  }

  #weather(phone: Phone): void {
    phone.network.faulty = this.chance.pick([0, 0.2, 0.5, 0.5, 0.9])
  }

  /** Hours go by; nobody looks at a phone. */
  async #long(hours = this.chance.between(1, 20)): Promise<void> {
    for (const phone of this.phones) for (const tab of phone.tabs) tab.show(false)
    await this.loop.pass(hours * HOUR)
  }

  async #restore(count: () => void): Promise<void> {
    if (!this.#backedUp) return
    count()
    ask('restore', { now: this.loop.now })
    this.counted.gone_by_rule = (this.counted.gone_by_rule ?? 0) + this.judge.afterRestore(this.phones)
  }

  async #otherPerson(carrier: Carrier, count: () => void): Promise<void> {
    const before = carrier.owner
    count()
    carrier.phone.killAll()
    carrier.owner = this.chance.below(this.people.length)
    if (!(await this.signIn(carrier))) await this.#isStill(carrier, before)
  }

  /** The code was not taken, or its answer was lost: the phone knows whose it is. */
  async #isStill(carrier: Carrier, before: number): Promise<void> {
    const tab = carrier.phone.tabs[0] ?? carrier.phone.open()
    await this.within(async () => {
      const device = await tab.app.meta('device')
      if (device?.client_id !== this.people[carrier.owner]!.client_id) carrier.owner = before
    }, 10 * SECOND)
  }

  /** The browser's data are cleared, but only when nothing on it is unsent; then the phone is set up again. */
  async #reinstall(carrier: Carrier, count: () => void): Promise<void> {
    if (!this.#emptied(carrier)) return
    count()
    await this.signIn(carrier)
  }

  /** The backup of another phone, cookies and all, is put onto this one; nothing unsent was on it. Both go on. */
  #copied(carrier: Carrier, count: () => void): void {
    const other = this.chance.pick(this.carriers.filter((one) => one !== carrier))
    if (!this.#emptied(carrier)) return
    count()
    carrier.phone.disk.copyOf(other.phone.disk)
    carrier.phone.network.token = other.phone.network.token
    carrier.owner = other.owner
  }

  /** Everything is cleared from a phone on which nothing waits. False where something does. */
  #emptied({ phone }: Carrier): boolean {
    const { hashes } = ask<{ hashes: Record<string, string> }>('stored')
    if (this.judge.restored || [...phone.disk.keys('revisions')].some((id) => !(id in hashes))) return false
    phone.killAll()
    phone.disk.clear()
    phone.network.token = ''
    this.judge.forgets(phone)
    for (const [id, one] of this.judge.told) if (one.phone === phone && hashes[id]) this.judge.told.delete(id)
    return true
  }

}

/** Run one seed from its beginning to its end. */
export async function tell(seed: number, program: Program, phones: number, steps: number, more: Partial<Weights>): Promise<Told> {
  const story = new Story(seed, program, phones, more)
  try {
    await story.run(steps)
  } catch (error) {
    story.judge.breaks('error', (error as Error).stack ?? String(error))
  }
  for (const { phone } of story.carriers) phone.killAll()
  const { judge, counted, loop } = story
  return { seed, broken: judge.broken, counted, traced: judge.traced, events: loop.events, saves: judge.told.size }
}
