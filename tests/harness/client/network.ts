// The way between one phone and the server, and all that happens on it.
import { ask, type Answered, type Headers } from './server.ts'
import type { Chance, Loop } from './loop.ts'

export const FATES = [
  'lost_request', 'lost_answer', 'cut_answer', 'twice', 'late_twin', 'slow', 'hangs', 'portal', 'redirect', 'portal_200_json', 'earlier_answer', 'other_hash',
  '500', '502', '503', '504', '429', '413', '401_of_a_proxy', '403_of_a_proxy',
] as const
export type Fate = (typeof FATES)[number] | 'arrives'
export type Request = { method: string; path: string; headers: Headers; body: string | null }
type Waiting = { resolve: (answer: unknown) => void; reject: (error: Error) => void }

/** A browser writes its cookies to disk no later than so long after it got them. */
const COOKIES_KEPT = 30_000
const PORTAL = '<html><title>Station Wi-Fi</title><body>Sign in to go on</body></html>'

/** One phone's network. `faulty`: how likely each request goes wrong, in any of the ways. */
export class Network {
  online = true
  faulty = 0
  /** The cookies that may still come back after a flat battery: the newest last. */
  #jar: { token: string; at: number }[] = []
  /** What happens to the next pushes, one after the other, or to every one for as long as `always` says it. */
  next: Fate[] = []
  always: Fate | null = null
  /** When each push was tried. */
  readonly tried: number[] = []
  /** What the phone was told, as it arrived: for those who judge. */
  heard: (request: Request, answer: Answered) => void = () => {}
  readonly counted: Record<string, number>
  readonly #loop: Loop
  readonly #chance: Chance
  #earlier: Answered | null = null

  constructor(loop: Loop, chance: Chance, counted: Record<string, number>) {
    this.#loop = loop
    this.#chance = chance
    this.counted = counted
  }

  get token(): string {
    return this.#jar.at(-1)?.token ?? ''
  }

  set token(token: string) {
    this.#jar = [{ token, at: -Infinity }]
  }

  /** The battery is out: a cookie that was not on disk yet never was, and one before it is back. */
  powerLost(): void {
    const kept = this.#jar.filter(({ at }) => this.#loop.now - at >= COOKIES_KEPT)
    if (kept.length < this.#jar.length) this.counted.cookie_undone = (this.counted.cookie_undone ?? 0) + 1
    this.#jar = kept
  }

  /** `fetch` of a tab; `alive`: whether there is still somebody to hear. */
  fetch(path: string, init: RequestInit, alive: () => boolean): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    if (!alive()) return promise
    const request = { method: init.method ?? 'GET', path, headers: init.headers as Headers, body: (init.body as string | undefined) ?? null }
    init.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')))
    const heard = { resolve: (answer: unknown) => alive() && resolve(answer), reject: (error: Error) => alive() && reject(error) }
    if (!this.online) this.#loop.after(this.#some(50), () => heard.reject(new TypeError('Failed to fetch')))
    else this.#carry(request, heard, alive, this.#fate(path))
    return promise
  }

  #fate(path: string): Fate {
    const pushes = path.endsWith('/push')
    if (pushes) this.tried.push(this.#loop.now)
    return (pushes && this.next.shift()) || this.always || (this.#chance.happens(this.faulty) ? this.#chance.pick(FATES) : 'arrives')
  }

  #carry(request: Request, { resolve, reject }: Waiting, alive: () => boolean, fate: Fate): void {
    if (fate !== 'arrives') this.counted[fate] = (this.counted[fate] ?? 0) + 1
    const there = fate === 'slow' ? this.#some(70_000) : this.#some(60)
    const back = fate === 'slow' ? this.#some(30_000) : this.#some(60)
    const lost = () => this.#loop.after(back, () => reject(new TypeError('Failed to fetch')))
    const deliver = (answer: Answered) => this.#loop.after(back, () => {
      this.#keepCookie(answer)
      if (alive()) this.heard(request, answer)
      resolve(response(answer))
    })
    const forged = forgery(fate, request, this.#earlier)
    if (fate === 'hangs' || fate === 'late_twin') {
      // Given up by the phone, or sent a second time by something on the way: it arrives when nobody expects it.
      this.#loop.after(this.#some(55_000), () => this.#ask(request))
      if (fate === 'hangs') return
    }
    if (fate === 'lost_request' || fate === 'redirect') return void this.#loop.after(there, lost)
    if (forged) return void this.#loop.after(there, () => deliver(forged))
    this.#loop.after(there, () => {
      if (!this.online) return lost()
      const answer = this.#ask(request)
      if (fate === 'twice') this.#ask(request)
      this.#earlier = answer
      if (fate === 'lost_answer') lost()
      else if (fate === 'cut_answer') deliver({ ...answer, body: answer.body.slice(0, Math.floor(answer.body.length * this.#chance.next())) })
      else if (fate === 'other_hash') deliver({ ...answer, body: answer.body.replace(/"content_hash":\s*"./g, '"content_hash":"x') })
      else deliver(answer)
    })
  }

  #ask(request: Request): Answered {
    const headers = { ...request.headers, ...(this.token && { Cookie: `phone=${this.token}` }) }
    return ask<Answered>('request', { ...request, headers, now: this.#loop.now })
  }

  /** The browser keeps a cookie as soon as the head of an answer is there, whatever becomes of the rest and of the tab. */
  #keepCookie({ headers }: Answered): void {
    const cookie = /^phone=([^;]*)/.exec(headers['set-cookie'] ?? '')
    if (!cookie) return
    // What is on disk is undone by nothing any more.
    const onDisk = this.#jar.findLast(({ at }) => this.#loop.now - at >= COOKIES_KEPT)
    this.#jar = [...this.#jar.slice(onDisk ? this.#jar.indexOf(onDisk) : 0), { token: cookie[1]!, at: this.#loop.now }]
  }

  #some(most: number): number {
    return 1 + this.#chance.next() * most
  }
}

/** An answer that is not the server's. */
function forgery(fate: Fate, request: Request, earlier: Answered | null): Answered | null {
  if (fate === 'portal') return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: PORTAL }
  if (fate === 'portal_200_json') return { status: 200, headers: { 'content-type': 'application/json' }, body: '{"ok": true}' }
  if (fate === 'earlier_answer') return request.path.includes('/push') ? earlier : null
  if (fate === '429') return { status: 429, headers: { 'content-type': 'text/plain', 'retry-after': '120' }, body: 'slow down' }
  if (/^\d+/.test(fate)) return { status: Number(fate.slice(0, 3)), headers: { 'content-type': 'text/html' }, body: `<h1>${fate}</h1>` }
  return null
}

function response({ status, headers, body }: Answered) {
  return { status, ok: status < 300, headers: { get: (name: string) => headers[name.toLowerCase()] ?? null }, text: async () => body }
}
