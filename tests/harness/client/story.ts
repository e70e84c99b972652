// One seed: people who write on phones that are killed, cut off, full and wrong about the time, until all is calm again.
import { Judge, type Broken } from './judge.ts'
import { Chance, Loop } from './loop.ts'
import { Phone, type Tab } from './phone.ts'
import { ask, type Person } from './server.ts'
import { NO_TROUBLE } from './disk.ts'
import type { Kept } from '../../../pwa/src/sync/kept.ts'

const START = Date.parse('2026-11-22T09:00:00.000Z')
const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
/** Within so long after the last fault nothing may wait any more. */
const CALM = 60 * SECOND
const SHEET = 'low-intensity-cbt/thought-record.v1'

export type Program = ConstructorParameters<typeof Phone>[1]
export type Told = { seed: number; broken: Broken[]; counted: Record<string, number>; traced: string[]; events: number; saves: number }
type Carrier = { phone: Phone; owner: number }

const STEPS = {
  write: 14, tap: 12, edit: 10, remove: 5, say: 3, open: 6, crash: 6, power: 2, network: 8, weather: 8, hide: 4, wait: 8, long: 2,
  clock: 2, disk: 3, two_tabs: 2, backup: 1, restore: 1, ended: 1, other_person: 1, reinstall: 1, sign_in: 2,
}
type Step = keyof typeof STEPS
/** How often each step is taken, against the others. */
export type Weights = Record<Step, number>

export class Story {
  readonly counted: Record<string, number> = {}
  readonly loop = new Loop(START)
  readonly judge = new Judge(this.loop)
  readonly carriers: Carrier[]
  readonly #chance: Chance
  readonly #people: Person[]
  readonly #weights: Weights
  #backedUp = false

  constructor(seed: number, program: Program, phones: number, more: Partial<Weights>) {
    this.#weights = { ...STEPS, ...more }
    this.#chance = new Chance(seed)
    this.#people = ask<{ people: Person[] }>('reset', { now: START, people: Math.max(2, Math.ceil(phones / 2)) }).people
    this.carriers = Array.from({ length: phones }, (_, n) => ({
      phone: new Phone(`phone ${n}`, program, this.loop, this.#chance, this.counted), owner: Math.floor(n / 2),
    }))
    for (const { phone } of this.carriers) phone.network.heard = (request, answer) => this.judge.heard(phone, request, answer)
  }

  async run(steps: number): Promise<void> {
    for (const carrier of this.carriers) {
      await this.#signIn(carrier)
      carrier.phone.tabs[0]!.show(false)
    }
    await this.loop.pass(31 * MINUTE) // after that an open phone asks every minute only
    for (const { phone } of this.carriers) this.#weather(phone)
    for (let n = 0; n < steps && this.judge.broken.length === 0; n++) {
      const step = this.#chance.weighted<Step>(this.#weights)
      const carrier = this.#chance.pick(this.carriers)
      this.judge.trace(`${carrier.phone.name} ${step}`)
      await this.#step(step, carrier)
      await this.loop.pass(this.#chance.happens(0.3) ? this.#chance.next() * 30 : this.#chance.next() * 4 * SECOND)
      this.judge.now(this.#phones)
      for (const { phone } of this.carriers) for (const tab of phone.tabs) this.#look(tab)
    }
    if (this.judge.broken.length === 0) await this.#calm()
  }

  get #phones(): Phone[] {
    return this.carriers.map(({ phone }) => phone)
  }

  async #step(step: Step, carrier: Carrier): Promise<void> {
    const { phone } = carrier
    const chance = this.#chance
    const tab = phone.tabs.length > 0 ? chance.pick(phone.tabs) : phone.open()
    const count = () => (this.counted[step] = (this.counted[step] ?? 0) + 1)
    switch (step) {
      case 'write': return void this.#write(tab, carrier)
      case 'tap': return void this.#tap(tab, carrier)
      case 'edit': return void this.#edit(tab, carrier)
      case 'remove': return void this.#remove(tab)
      case 'say': return void this.#does(tab, async () => this.judge.saved(await tab.app.ask(`I wonder ${this.#mark(carrier)}`), phone))
      case 'open': return phone.tabs.length < 2 ? void phone.open() : tab.show(true)
      case 'hide': return tab.show(!tab.visible)
      case 'crash': return void (count(), this.loop.after(chance.next() * 300, () => tab.alive && phone.kill(tab)))
      case 'power': return void (count(), this.loop.after(chance.next() * 300, () => [phone.killAll(), phone.locks?.clear(), phone.disk.powerLost()]))
      case 'network': return phone.online(!phone.network.online)
      case 'weather': return this.#weather(phone)
      case 'wait': return this.loop.pass(chance.next() * MINUTE)
      case 'long': return this.#long()
      case 'clock': return void (count(), phone.skew = chance.pick([0, 0, -HOUR, HOUR, 3 * MINUTE, -3650 * 24 * HOUR, 3650 * 24 * HOUR, chance.between(-48, 48) * HOUR]))
      case 'disk': return void (phone.disk.trouble = chance.happens(0.5) ? NO_TROUBLE : { full: chance.pick([0, 0.3]), broken: chance.pick([0, 0.2]), closed: chance.pick([0, 0.5]) })
      case 'two_tabs': return this.#twoTabs(carrier)
      case 'backup': return void (this.#backedUp = ask('backup', { now: this.loop.now }))
      case 'restore': return this.#restore(count)
      case 'ended': return void (count(), ask('end_device', { token: phone.network.token, now: this.loop.now }))
      case 'sign_in': return this.#signInIfAsked(carrier)
      case 'other_person': return this.#otherPerson(carrier, count)
      case 'reinstall': return this.#reinstall(carrier, count)
    }
  }

  /** Something a person does; it may never come to its end, and may fail where a phone says so. */
  async #does(tab: Tab, what: () => Promise<unknown>): Promise<void> {
    try {
      await what()
    } catch (error) {
      const name = (error as Error).constructor.name
      const said = name.startsWith('NotSaved') || name.startsWith('StoreTrouble') || name.startsWith('NotPaired')
      if (!tab.alive) return
      this.counted[`told_${name}`] = (this.counted[`told_${name}`] ?? 0) + 1
      if (!said) this.judge.breaks('error', `${tab.phone.name}: ${(error as Error).stack}`)
    }
  }

  #mark({ owner }: Carrier): string {
    return this.judge.mark(this.#people[owner]!.client_id)
  }

  #slot({ owner }: Carrier): { assignment_id: string; slot: string } {
    const { assignment_id, days } = this.#people[owner]!
    return { assignment_id, slot: `${this.#chance.pick(days)}#1` }
  }

  #say(tab: Tab, kept: Kept | null): void {
    if (kept && tab.alive) this.judge.saved(kept, tab.phone)
  }

  async #write(tab: Tab, carrier: Carrier): Promise<void> {
    const text = `It happened ${this.#mark(carrier)}`
    const about = this.#slot(carrier)
    await this.#does(tab, async () => {
      const sheet = (await tab.app.snapshot()).worksheets.get(SHEET)
      if (!sheet) return
      const writing = await tab.app.startWriting(about)
      writing.answer('situation', text)
      if (this.#chance.happens(0.5)) await writing.flush()
      this.#say(tab, await writing.finish(sheet))
    })
  }

  async #tap(tab: Tab, carrier: Carrier): Promise<void> {
    const about = this.#slot(carrier)
    const words = this.#mark(carrier)
    await this.#does(tab, async () => {
      if (this.#chance.happens(0.2)) return tab.app.takeBack(about)
      this.#say(tab, await tab.app.answer(about, { answer: this.#chance.pick(['done', 'tried', 'not_today'] as const), words }))
    })
  }

  async #edit(tab: Tab, carrier: Carrier): Promise<void> {
    const text = `Now I see ${this.#mark(carrier)}`
    await this.#does(tab, async () => {
      const all = await tab.app.snapshot()
      const sheet = all.worksheets.get(SHEET)
      const living = tab.app.entries(all.revisions).map(([head]) => head!).filter(({ revision }) => revision.kind !== 'delete')
      if (!sheet || living.length === 0) return
      const writing = await tab.app.startEditing(this.#chance.pick(living.slice(0, 3)))
      writing.answer('situation', text)
      this.#say(tab, await writing.finish(sheet))
    })
  }

  async #remove(tab: Tab): Promise<void> {
    await this.#does(tab, async () => {
      const heads = tab.app.entries((await tab.app.snapshot()).revisions).map(([head]) => head!)
      if (heads.length === 0) return
      const head = this.#chance.pick(heads.slice(0, 3))
      this.#say(tab, await tab.app.changeEntry(head, head.revision.kind === 'delete' ? 'restore' : 'delete'))
    })
  }

  /** The same entry in two tabs within ten milliseconds. */
  #twoTabs(carrier: Carrier): void {
    const { phone } = carrier
    while (phone.tabs.length < 2) phone.open()
    for (const tab of phone.tabs) void this.#edit(tab, carrier)
  }

  #weather(phone: Phone): void {
    phone.network.faulty = this.#chance.pick([0, 0.2, 0.5, 0.5, 0.9])
  }

  /** Hours go by; nobody looks at a phone. */
  async #long(): Promise<void> {
    for (const phone of this.#phones) for (const tab of phone.tabs) tab.show(false)
    await this.loop.pass(this.#chance.between(1, 20) * HOUR)
  }

  async #restore(count: () => void): Promise<void> {
    if (!this.#backedUp) return
    count()
    ask('restore', { now: this.loop.now })
    this.counted.gone_by_rule = (this.counted.gone_by_rule ?? 0) + this.judge.afterRestore(this.#phones)
  }

  async #otherPerson(carrier: Carrier, count: () => void): Promise<void> {
    const before = carrier.owner
    count()
    carrier.phone.killAll()
    carrier.owner = this.#chance.below(this.#people.length)
    if (!(await this.#signIn(carrier))) await this.#isStill(carrier, before)
  }

  /** The code was not taken, or its answer was lost: the phone knows whose it is. */
  async #isStill(carrier: Carrier, before: number): Promise<void> {
    const tab = carrier.phone.tabs[0]!
    await this.#within(async () => {
      const device = await tab.app.meta('device')
      if (device?.client_id !== this.#people[carrier.owner]!.client_id) carrier.owner = before
    }, 10 * SECOND)
  }

  /** The browser's data are cleared, but only when nothing on it is unsent; then the phone is set up again. */
  async #reinstall(carrier: Carrier, count: () => void): Promise<void> {
    const { phone } = carrier
    const { hashes } = ask<{ hashes: Record<string, string> }>('stored')
    if (this.judge.restored || [...phone.disk.keys('revisions')].some((id) => !(id in hashes))) return
    count()
    phone.killAll()
    phone.disk.clear()
    phone.network.token = ''
    this.judge.forgets(phone)
    for (const [id, one] of this.judge.told) if (one.phone === phone && hashes[id]) this.judge.told.delete(id)
    await this.#signIn(carrier)
  }

  async #signInIfAsked(carrier: Carrier): Promise<void> {
    const tab = carrier.phone.tabs[0]
    if (!tab) return
    let strange = false
    await this.#within(async () => { strange = (await tab.app.meta('device'))?.locked !== false }, 5 * SECOND)
    if (strange) await this.#signIn(carrier)
  }

  /** Type a new code; a poor network may eat it. True when the phone says it is paired. */
  async #signIn(carrier: Carrier): Promise<boolean> {
    const { phone } = carrier
    const tab = phone.tabs[0] ?? phone.open()
    const code = ask<string>('invite', { client_id: this.#people[carrier.owner]!.client_id, now: this.loop.now })
    let done = false
    await this.#within(() => this.#does(tab, async () => { done = (await tab.app.pairPhone(code)) === null }), 40 * SECOND)
    return done
  }

  /** Let time pass until something is done, so long at the most. */
  async #within(what: () => Promise<unknown>, most: number): Promise<void> {
    let over = false
    void what().catch(() => {}).finally(() => { over = true })
    await this.loop.pass(most, () => over)
  }

  #look(tab: Tab): void {
    if (!tab.alive) return
    void this.#does(tab, async () => {
      const all = await tab.app.snapshot()
      if (tab.alive && all.device) this.judge.looked(tab, all)
    })
  }

  /** Faults over. Everybody signs in where they had written, the app is in front, and a minute is enough. */
  async #calm(): Promise<void> {
    this.judge.trace('calm')
    for (const phone of this.#phones) {
      phone.network.faulty = 0
      phone.disk.trouble = NO_TROUBLE
    }
    for (const phone of this.#phones) for (const tab of phone.tabs) tab.show(false)
    await this.loop.pass(MINUTE) // what was on its way arrives
    for (const { phone } of this.carriers) phone.online(true)
    for (const carrier of this.carriers) await this.#bringHome(carrier)
    await this.loop.pass(CALM)
    const looks: Parameters<Judge['atRest']>[0] = []
    for (const { phone } of this.carriers) {
      const tab = phone.tabs[0]!
      await this.#within(async () => {
        const all = await tab.app.snapshot()
        looks.push({ phone, all, shown: tab.app.entries(all.revisions) })
      }, 10 * SECOND)
    }
    if (looks.length < this.carriers.length) this.judge.breaks('stuck', 'a phone shows nothing')
    this.judge.atRest(looks)
    this.judge.now(this.#phones)
    const wrong = ask<string>('holds', { now: this.loop.now })
    if (wrong) this.judge.breaks('differ', wrong)
  }

  /** The phone is opened; whoever wrote on it signs in there once more, its owner last. */
  async #bringHome(carrier: Carrier): Promise<void> {
    const { phone } = carrier
    const tab = phone.tabs[0] ?? phone.open()
    tab.show(true)
    for (const one of phone.tabs) one.tell('visibilitychange')
    await this.loop.pass(2 * SECOND)
    const { hashes } = ask<{ hashes: Record<string, string> }>('stored')
    const owner = carrier.owner
    const others = this.#people.map((_, n) => n).filter((n) => n !== owner && [...this.judge.told].some(([id, one]) =>
      one.phone === phone && one.owner === this.#people[n]!.client_id && !(id in hashes)))
    for (carrier.owner of [...others, owner]) {
      if (others.length > 0) await this.#signIn(carrier)
      else await this.#signInIfAsked(carrier)
      if (others.length > 0) await this.loop.pass(20 * SECOND)
    }
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
