// What is round every screen: help and a quick way out at the top, the three places at the bottom.
import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { to } from './go.ts'
import { lazy } from './lazy.tsx'
import { quickExit } from '../actions/exit.ts'
import { keepsNothing } from '../actions/keeps.ts'
import { en } from '../words/en.ts'
import { language } from '../words/language.ts'
import { speak } from '../words/speak.ts'

const t = speak(en)
const OnlineBar = lazy(() => import('./parts/OnlineBar.tsx'))
/** Where people write, the places stay at the end of the page. */
const STILL = new Set(['write', 'edit', 'plan', 'question', 'safe', 'check', 'feedback'])
const PLACES = [['', 'app.today'], ['history', 'app.history'], ['settings', 'app.settings']] as const

export function Shell({ at, paired, demo, draft, children }: { at: string; paired: boolean; demo: boolean; draft: boolean; children: ComponentChildren }) {
  useExitByKeyboard()
  return (
    <>
      <a class="skip" href="#main" onClick={skip}>{t('app.skip')}</a>
      <header class="top">
        <a class="top__help" href={to('help')}>{t('app.help')}</a>
        <button type="button" class="top__exit" onClick={quickExit}>{t('app.exit')}</button>
      </header>
      {demo && <aside class="demo">{t('app.demo')}</aside>}
      {keepsNothing() && <OnlineBar />}
      {draft && <aside class="demo" data-draft>{speak(language)('draft')}</aside>}
      <main id="main" class="main" tabIndex={-1}>{children}</main>
      {paired && (
        <nav class={STILL.has(at) ? 'places places--still' : 'places'} aria-label={t('app.menu')}>
          {PLACES.map(([name, label]) => (
            <a href={to(name)} aria-current={(at === 'today' ? '' : at) === name ? 'page' : undefined} key={name}>{t(label)}</a>
          ))}
        </nav>
      )}
    </>
  )
}

/** `#main` would read as a place of ours: move the focus instead. */
function skip(event: Event): void {
  event.preventDefault()
  document.getElementById('main')?.focus()
}

/** Shift three times within two seconds, as on GOV.UK's "Exit this page". */
function useExitByKeyboard(): void {
  useEffect(() => {
    let presses: number[] = []
    const pressed = ({ key }: KeyboardEvent) => {
      if (key !== 'Shift') return void (presses = [])
      presses = [...presses.filter((moment) => Date.now() - moment < 2000), Date.now()]
      if (presses.length >= 3) quickExit()
    }
    addEventListener('keyup', pressed)
    return () => removeEventListener('keyup', pressed)
  }, [])
}
