// Writing on a screen: drawn again on each change, kept at once when the page is hidden or left.
import { useEffect, useReducer, useState } from 'preact/hooks'
import { whileWriting } from '../../actions/release.ts'
import type { Writing } from '../../actions/writing.ts'

/** Null until the draft that was left is read. */
export function useWriting(start: () => Promise<Writing>): Writing | null {
  const [writing, begin] = useState<Writing | null>(null)
  const [, draw] = useReducer((n: number) => n + 1, 0)
  useEffect(() => {
    let stop = () => {}
    let gone = false
    const allow = whileWriting()
    void start().then((fresh) => {
      if (gone) return
      const unlisten = fresh.listen(() => draw(undefined))
      const keep = () => void fresh.flush()
      const hidden = () => document.visibilityState === 'hidden' && keep()
      document.addEventListener('visibilitychange', hidden)
      addEventListener('pagehide', keep)
      begin(fresh)
      stop = () => {
        unlisten()
        document.removeEventListener('visibilitychange', hidden)
        removeEventListener('pagehide', keep)
        void fresh.leave()
      }
    })
    return () => {
      gone = true
      stop()
      allow()
    }
  }, [])
  return writing
}
