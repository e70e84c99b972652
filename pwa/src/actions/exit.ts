// Leaving the screen quickly, and what somebody finds who goes back.

import { changed } from '../store/changes.ts'

/** Where a quick exit goes: an everyday page that fits any phone. */
const NEUTRAL = 'https://www.bbc.co.uk/weather'
const LEFT = 'meantime-left'

/** Blank the page first, lock this phone in every tab, then go. The screens before this one stay blank when somebody goes back. */
export function quickExit(): void {
  document.documentElement.hidden = true
  document.title = ' '
  sessionStorage.setItem(LEFT, '1')
  changed(['locked'])
  // Offline there is no other page to go to: an empty one is better than an error with our address in it.
  location.replace(navigator.onLine ? NEUTRAL : 'about:blank')
}

/**
 * Whether they left quickly here and did not open it again since. How they came back is not asked: WebKit calls loading
 * again what Back showed a new visit.
 */
export function cameBackAfterExit(): boolean {
  return sessionStorage.getItem(LEFT) === '1'
}

/** They chose to open it again. */
export function openAgain(): void {
  sessionStorage.removeItem(LEFT)
  document.documentElement.hidden = false
}
