// People, their phones and the server, with nothing wrong yet: what stories and single faults are played on.
import { NO_TROUBLE } from './disk.ts'
import { Judge } from './judge.ts'
import { Chance, Loop } from './loop.ts'
import { Phone, type Tab } from './phone.ts'
import { ask, type Person, type Work } from './server.ts'
import type { Kept } from '../../../pwa/src/sync/kept.ts'

export const START = Date.parse('2026-11-22T09:00:00.000Z')
export const SECOND = 1_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
/** Within so long after the last fault nothing may wait any more. */
const CALM = 60 * SECOND
export const SHEET = 'low-intensity-cbt/thought-record.v1'

export type Program = ConstructorParameters<typeof Phone>[1]
export type Carrier = { phone: Phone; owner: number }

export class Stage {
  readonly counted: Record<string, number> = {}
  readonly loop = new Loop(START)
  readonly judge = new Judge(this.loop)
  readonly chance: Chance
  readonly people: Person[]
  readonly carriers: Carrier[]
  readonly agreedLater: (Work & { owner: number })[] = []

  constructor(seed: number, program: Program, phones: number) {
    this.chance = new Chance(seed)
    this.people = ask<{ people: Person[] }>('reset', { now: START, people: Math.max(2, Math.ceil(phones / 2)) }).people
    for (const { client_id, assignment_id } of this.people) this.judge.agreedWith.set(assignment_id, client_id)
    this.carriers = Array.from({ length: phones }, (_, n) => ({
      phone: new Phone(`phone ${n}`, program, this.loop, this.chance, this.counted), owner: Math.floor(n / 2),
    }))
    for (const { phone } of this.carriers) phone.network.heard = (request, answer) => this.judge.heard(phone, request, answer)
  }

  get phones(): Phone[] {
    return this.carriers.map(({ phone }) => phone)
  }

  /** Every phone is paired, and put away for half an hour: after that an open one asks every minute only. */
  async begin(): Promise<void> {
    for (const carrier of this.carriers) {
      await this.signIn(carrier)
      carrier.phone.tabs[0]!.show(false)
    }
    await this.loop.pass(31 * MINUTE)
  }

  /** Something a person does; it may never come to its end, and may fail where a phone says so. */
  async does(tab: Tab, what: () => Promise<unknown>): Promise<void> {
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

  mark({ owner }: Carrier): string {
    return this.judge.mark(this.people[owner]!.client_id)
  }

  /** Something more is agreed with the person of a phone. */
  agree({ owner }: Carrier): Work {
    const { client_id } = this.people[owner]!
    const work = ask<Work>('agree', { client_id, now: this.loop.now })
    this.judge.agreedWith.set(work.assignment_id, client_id)
    this.agreedLater.push({ owner, ...work })
    return work
  }

  /** One time of something that was agreed with them, whether or not this phone was told of it yet. */
  slot({ owner }: Carrier): { assignment_id: string; slot: string } {
    const { assignment_id, days } = this.chance.pick([this.people[owner]!, ...this.agreedLater.filter((one) => one.owner === owner)])
    return { assignment_id, slot: `${this.chance.pick(days)}#1` }
  }

  say(tab: Tab, kept: Kept | null): void {
    if (kept && tab.alive) this.judge.saved(kept, tab.phone)
  }

  async write(tab: Tab, carrier: Carrier): Promise<void> {
    const text = `It happened ${this.mark(carrier)}`
    const about = this.slot(carrier)
    await this.does(tab, async () => {
      const sheet = (await tab.app.snapshot()).worksheets.get(SHEET)
      if (!sheet) return
      const writing = await tab.app.startWriting(about)
      writing.answer('situation', text)
      if (this.chance.happens(0.5)) await writing.flush()
      this.say(tab, await writing.finish(sheet))
    })
  }

  async signInIfAsked(carrier: Carrier): Promise<void> {
    const tab = carrier.phone.tabs[0]
    if (!tab) return
    let strange = false
    await this.within(async () => { strange = (await tab.app.meta('device'))?.locked !== false }, 5 * SECOND)
    if (strange) await this.signIn(carrier)
  }

  /** Type a new code; a poor network may eat it. True when the phone says it is paired. */
  async signIn(carrier: Carrier): Promise<boolean> {
    const { phone } = carrier
    const tab = phone.tabs[0] ?? phone.open()
    const code = ask<string>('invite', { client_id: this.people[carrier.owner]!.client_id, now: this.loop.now })
    let done = false
    await this.within(() => this.does(tab, async () => { done = (await tab.app.pairPhone(code)) === null }), 40 * SECOND)
    return done
  }

  /** Let time pass until something is done, so long at the most. */
  async within(what: () => Promise<unknown>, most: number): Promise<void> {
    let over = false
    void what().catch(() => {}).finally(() => { over = true })
    await this.loop.pass(most, () => over)
  }

  look(tab: Tab): void {
    if (!tab.alive) return
    void this.does(tab, async () => {
      const all = await tab.app.snapshot()
      if (tab.alive && all.device) this.judge.looked(tab, all)
    })
  }

  /** Faults over. Everybody signs in where they had written, the app is in front, and a minute is enough. */
  async calm(): Promise<void> {
    this.judge.trace('calm')
    for (const phone of this.phones) {
      phone.network.faulty = 0
      phone.disk.trouble = NO_TROUBLE
    }
    for (const phone of this.phones) for (const tab of phone.tabs) tab.show(false)
    await this.loop.pass(MINUTE) // what was on its way arrives
    for (const { phone } of this.carriers) phone.online(true)
    for (const carrier of this.carriers) await this.bringHome(carrier)
    await this.loop.pass(CALM)
    const looks: Parameters<Judge['atRest']>[0] = []
    for (const { phone } of this.carriers) {
      const tab = phone.tabs[0]!
      await this.within(async () => {
        const all = await tab.app.snapshot()
        looks.push({ phone, all, shown: tab.app.entries(all.revisions) })
      }, 10 * SECOND)
    }
    if (looks.length < this.carriers.length) this.judge.breaks('stuck', 'a phone shows nothing')
    this.judge.atRest(looks)
    this.judge.now(this.phones)
    const wrong = ask<string>('holds', { now: this.loop.now })
    if (wrong) this.judge.breaks('differ', wrong)
  }

  /** The phone is opened; whoever wrote on it signs in there once more, its owner last. */
  async bringHome(carrier: Carrier): Promise<void> {
    const { phone } = carrier
    const tab = phone.tabs[0] ?? phone.open()
    tab.show(true)
    for (const one of phone.tabs) one.tell('visibilitychange')
    await this.loop.pass(2 * SECOND)
    const { hashes } = ask<{ hashes: Record<string, string> }>('stored')
    const owner = carrier.owner
    const others = this.people.map((_, n) => n).filter((n) => n !== owner && [...this.judge.told].some(([id, one]) =>
      one.phone === phone && one.owner === this.people[n]!.client_id && !(id in hashes)))
    for (carrier.owner of [...others, owner]) {
      if (others.length > 0) await this.signIn(carrier)
      else await this.signInIfAsked(carrier)
      if (others.length > 0) await this.loop.pass(20 * SECOND)
    }
  }
}
