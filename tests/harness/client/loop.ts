// One seed's world of chance and time: numbers that repeat, a clock that only events move, and their queue.

/** Numbers from a seed (mulberry32): the same seed, the same story. */
export class Chance {
  #state: number

  constructor(seed: number) {
    this.#state = (seed * 2654435761) >>> 0
  }

  /** From 0 up to 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }

  below(n: number): number {
    return Math.floor(this.next() * n)
  }

  between(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1))
  }

  happens(probability: number): boolean {
    return this.next() < probability
  }

  pick<T>(some: readonly T[]): T {
    return some[this.below(some.length)]!
  }

  /** One of the names, as often as its weight says. */
  weighted<T extends string>(weights: Partial<Record<T, number>>): T {
    const all = Object.entries(weights) as [T, number][]
    let left = this.next() * all.reduce((sum, [, weight]) => sum + weight, 0)
    return (all.find(([, weight]) => (left -= weight) < 0) ?? all[0]!)[0]
  }
}

export type Event = { at: number; order: number; run: () => unknown; ready?: Promise<unknown> }

/** Events in the order of their time. Between two of them every promise that can settle has settled. */
export class Loop {
  now: number
  events = 0
  #order = 0
  readonly #queue: Event[] = []

  constructor(start: number) {
    this.now = start
  }

  /** Run something later, but not before `ready` has settled in real time. */
  after(delay: number, run: () => unknown, ready?: Promise<unknown>): Event {
    const event = { at: this.now + Math.max(0, delay), order: this.#order++, run, ready }
    let low = 0
    let high = this.#queue.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#queue[middle]!.at <= event.at) low = middle + 1
      else high = middle
    }
    this.#queue.splice(low, 0, event)
    return event
  }

  cancel(event: Event): void {
    const at = this.#queue.indexOf(event)
    if (at >= 0) this.#queue.splice(at, 1)
  }

  /** Let everything happen that is due in the next so many milliseconds. */
  async pass(time: number, enough: () => boolean = () => false): Promise<void> {
    const until = this.now + time
    await settled()
    while (this.#queue.length > 0 && this.#queue[0]!.at <= until && !enough()) {
      const event = this.#queue.shift()!
      this.now = event.at
      this.events += 1
      if (event.ready) await event.ready.catch(() => {})
      event.run()
      await settled()
    }
    if (!enough()) this.now = until
  }
}

/** After all promises that can settle now. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
