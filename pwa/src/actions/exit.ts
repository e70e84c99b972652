// Leaving the screen quickly, and what somebody finds who goes back.

/** Where a quick exit goes: an everyday page that fits any phone. */
const NEUTRAL = 'https://www.bbc.co.uk/weather'
const LEFT = 'meantime-left'

/** Blank the page first, then go. The screens before this one stay blank when somebody goes back. */
export function quickExit(): void {
  document.documentElement.hidden = true
  document.title = ' '
  sessionStorage.setItem(LEFT, '1')
  // Offline there is no other page to go to: an empty one is better than an error with our address in it.
  location.replace(navigator.onLine ? NEUTRAL : 'about:blank')
}

/** Whether somebody came back by the Back button after a quick exit. */
export function cameBackAfterExit(): boolean {
  if (sessionStorage.getItem(LEFT) !== '1') return false
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
  if (navigation?.type === 'back_forward') return true
  sessionStorage.removeItem(LEFT)
  return false
}

/** They chose to open it again. */
export function openAgain(): void {
  sessionStorage.removeItem(LEFT)
  document.documentElement.hidden = false
}
