// A second tap meant for what was there before: what has just been drawn takes no tap for a moment. Keys are not held up.

/** Longer than a double tap, shorter than reading a word. */
const MOMENT = 350
let timer: ReturnType<typeof setTimeout> | undefined

/** Call when something else now stands where the finger is. Help and the way out at the top take taps all the time. */
export function settle(): void {
  const root = document.documentElement
  root.dataset.settling = '1'
  clearTimeout(timer)
  timer = setTimeout(() => { delete root.dataset.settling }, MOMENT)
}
