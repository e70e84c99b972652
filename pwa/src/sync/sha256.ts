// SHA-256 (FIPS 180-4) without waiting: a save builds its revision inside one database transaction, and the browser's
// own digest is asynchronous (the transaction would close) and missing over plain http.

const K = constants()

/** Lower-case hex of the SHA-256 of the UTF-8 bytes of `text`. */
export function sha256(text: string): string {
  const state = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19]
  const blocks = padded(new TextEncoder().encode(text))
  const view = new DataView(blocks.buffer)
  const words = new Uint32Array(64)
  for (let at = 0; at < blocks.length; at += 64) absorb(state, words, view, at)
  return state.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('')
}

function padded(bytes: Uint8Array): Uint8Array {
  const blocks = new Uint8Array((((bytes.length + 8) >> 6) + 1) * 64)
  blocks.set(bytes)
  blocks[bytes.length] = 0x80
  const view = new DataView(blocks.buffer)
  view.setUint32(blocks.length - 8, Math.floor(bytes.length / 0x20000000))
  view.setUint32(blocks.length - 4, bytes.length << 3)
  return blocks
}

function absorb(state: number[], words: Uint32Array, view: DataView, at: number): void {
  for (let i = 0; i < 16; i++) words[i] = view.getUint32(at + i * 4)
  for (let i = 16; i < 64; i++) {
    const x = words[i - 15]!
    const y = words[i - 2]!
    const s0 = turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)
    const s1 = turn(y, 17) ^ turn(y, 19) ^ (y >>> 10)
    words[i] = words[i - 16]! + s0 + words[i - 7]! + s1
  }
  let [a, b, c, d, e, f, g, h] = state as [number, number, number, number, number, number, number, number]
  for (let i = 0; i < 64; i++) {
    const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i]! + words[i]!) | 0
    const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0
    ;[h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0]
  }
  ;[a, b, c, d, e, f, g, h].forEach((word, i) => (state[i] = (state[i]! + word) | 0))
}

function turn(x: number, by: number): number {
  return (x >>> by) | (x << (32 - by))
}

// The first 32 bits of the fractional parts of the cube roots of the first 64 primes. Double precision is enough:
// the vectors in tests/vectors/revisions.json would show a wrong bit.
function constants(): number[] {
  const found: number[] = []
  for (let n = 2; found.length < 64; n++) {
    let prime = true
    for (let i = 2; i * i <= n; i++) if (n % i === 0) prime = false
    if (prime) found.push(((Math.cbrt(n) % 1) * 0x100000000) | 0)
  }
  return found
}
