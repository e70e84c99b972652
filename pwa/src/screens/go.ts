// Where the person is: the part of the address behind `#`, which no server ever sees.
import { useEffect, useState } from 'preact/hooks'
import { codeInHash } from '../sync/code.ts'

/** `#/task/ID/SLOT` as its parts; Today is []. */
export function place(hash: string = location.hash): string[] {
  return hash.replace(/^#\/?/, '').split('/').filter(Boolean).map(decodeURIComponent)
}

/** Address of a screen, for links. */
export function to(...parts: (string | null | undefined)[]): string {
  return `#/${parts.filter((part) => part != null).map((part) => encodeURIComponent(part!)).join('/')}`
}

/** Go to a screen; with `replace`, the one left cannot be gone back to. */
export function go(address: string, replace = false): void {
  if (replace) {
    history.replaceState(null, '', address)
    dispatchEvent(new HashChangeEvent('hashchange'))
  } else location.hash = address
}

let linked: string | null = null

/** The pairing code this page was opened with, if any. */
export function linkedCode(): string | null {
  return linked
}

/** The code was used, or refused: it is not offered again. */
export function forgetLinkedCode(): void {
  linked = null
}

/** Take a pairing code out of the address at once, and turn a reminder's address into one of ours. */
function arrive(): void {
  const code = codeInHash(location.hash)
  if (code) {
    linked = code
    history.replaceState(null, '', to('code'))
  }
  if (location.hash.startsWith('#r=')) history.replaceState(null, '', to('r', location.hash.slice(3)))
}

/** The parts of the address, drawn again when it changes. */
export function usePlace(): string[] {
  const [now, set] = useState(location.hash)
  useEffect(() => {
    const moved = () => {
      arrive()
      set(location.hash)
    }
    addEventListener('hashchange', moved)
    return () => removeEventListener('hashchange', moved)
  }, [])
  return place(now)
}

arrive()
