// What kind of phone and browser this is, for what to say about its own settings.

/** The kind of phone, for what to say about its own settings. */
export function platform(): 'ios' | 'android' | 'other' {
  if (isApple()) return 'ios'
  return /Android/.test(navigator.userAgent) ? 'android' : 'other'
}

/** An iPhone or iPad (which calls itself a Mac, with a touch screen). */
export function isApple(): boolean {
  return /iPhone|iPad|iPod/.test(navigator.userAgent) || (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1)
}

/** Opened from the home screen. */
export function installed(): boolean {
  return matchMedia('(display-mode: standalone)').matches || (navigator as { standalone?: boolean }).standalone === true
}

/** Inside another app's own browser, where nothing can be installed and storage does not last. */
export function inAppBrowser(agent: string): boolean {
  return /FBAN|FBAV|FB_IAB|Instagram|\bLine\/|MicroMessenger|Snapchat|TikTok|musical_ly|BytedanceWebview|LinkedInApp|Twitter|; wv\)|GSA\//.test(agent)
}
