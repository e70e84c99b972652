// One fault, played alone: what a person does on which phone, and what has to be seen.
import { MINUTE, SECOND, SHEET, Stage, type Carrier } from './stage.ts'
import { ask, type Stored, type Work } from './server.ts'
import type { Fate } from './network.ts'
import type { Phone, Tab } from './phone.ts'
import type { Kept } from '../../../pwa/src/sync/kept.ts'

/** Phones 0 and 1 are one person's, phone 2 is another's. */
export class Scene extends Stage {
  carrier(n: number): Carrier {
    return this.carriers[n]!
  }

  phone(n: number): Phone {
    return this.carrier(n).phone
  }

  /** The open tab of a phone, in front. */
  tab(n: number): Tab {
    const tab = this.phone(n).tabs[0] ?? this.phone(n).open()
    tab.show(true)
    return tab
  }

  /** Opened, and everything it asks at its opening is over. */
  async opened(n: number): Promise<Tab> {
    const tab = this.tab(n)
    await this.loop.pass(2 * SECOND)
    return tab
  }

  fates(n: number, ...fates: Fate[]): void {
    this.phone(n).network.next = fates
  }

  see(holds: boolean, what: string): void {
    if (!holds) this.judge.breaks('error', `not so: ${what}`)
  }

  /** Done, and what came of it, or null when it never ended. */
  async gets<T>(what: () => Promise<T>, most = 5 * SECOND): Promise<T | null> {
    let got: T | null = null
    await this.within(async () => { got = await what() }, most)
    return got
  }

  /** One tap about one day, said to be saved; the id of what was saved. */
  async tap(n: number, day = 0, tab = this.tab(n), work: Work = this.people[this.carrier(n).owner]!): Promise<string> {
    const { assignment_id, days } = work
    const words = this.mark(this.carrier(n))
    const kept = await this.gets(() => tab.app.answer({ assignment_id, slot: `${days[day]}#1` }, { answer: 'done', words }))
    if (kept) this.say(tab, kept)
    return kept?.revision.revision_id ?? ''
  }

  /** An entry, or the next state of one. */
  async entry(n: number, of?: Kept, tab = this.tab(n)): Promise<Kept | null> {
    const { assignment_id, days } = this.people[this.carrier(n).owner]!
    const text = `Written ${this.mark(this.carrier(n))}`
    const kept = await this.gets(async () => {
      const sheet = (await tab.app.snapshot()).worksheets.get(SHEET)!
      const writing = of ? await tab.app.startEditing(of) : await tab.app.startWriting({ assignment_id, slot: `${days[0]}#1` })
      writing.answer('situation', text)
      return writing.finish(sheet)
    })
    if (kept) this.say(tab, kept)
    return kept
  }

  /** As a screen shows it: revisions by id, entries by their heads. */
  async shown(n: number): Promise<{ states: Map<string, Kept['state']>; entries: Kept[][] }> {
    const tab = this.phone(n).tabs[0] ?? this.phone(n).open()
    const all = await this.gets(() => tab.app.snapshot())
    return {
      states: new Map(all?.revisions.map((kept) => [kept.revision.revision_id, kept.state])),
      entries: all ? tab.app.entries(all.revisions) : [],
    }
  }

  async state(n: number, id: string): Promise<string | undefined> {
    return (await this.shown(n)).states.get(id)
  }

  async isSent(n: number, id: string, within: number): Promise<void> {
    const until = this.loop.now + within
    while (this.loop.now < until && (await this.state(n, id)) !== 'sent') await this.loop.pass(SECOND)
    this.see((await this.state(n, id)) === 'sent', `sent within ${within / SECOND} s`)
  }

  /** Whether the phone shows that this is to be done. */
  async isAsked(n: number, { assignment_id }: Work): Promise<boolean> {
    const all = await this.gets(() => this.tab(n).app.snapshot())
    return [...all?.assignments ?? [], ...all?.occurrences ?? []].some((one) => one.assignment_id === assignment_id)
  }

  stored(): Stored {
    return ask<Stored>('stored')
  }

  async minutes(count: number): Promise<void> {
    await this.loop.pass(count * MINUTE)
  }
}
