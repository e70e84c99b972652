// Starts the app: one picture of the store, one place, one screen. Sending starts after the first screen shows.
import { Component, render, type ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { lazy } from './screens/lazy.tsx'
import { go, to, usePlace } from './screens/go.ts'
import { inItsLanguage } from './screens/inItsLanguage.ts'
import { Shell } from './screens/Shell.tsx'
import { Heading } from './screens/parts/Heading.tsx'
import { isClosed } from './actions/closed.ts'
import { cameBackAfterExit, openAgain } from './actions/exit.ts'
import { offer } from './actions/offer.ts'
import { keepInStep } from './actions/sending.ts'
import { isGap, isSetUp } from './actions/setUp.ts'
import { openedToday, watch } from './actions/watch.ts'
import { dayOf } from './sync/days.ts'
import type { Snapshot } from './store/snapshot.ts'
import type { Trouble } from './store/database.ts'
import { here, onlineOnly } from './actions/keeps.ts'
import { en } from './words/en.ts'
import { direction, speak, spoken } from './words/speak.ts'

const t = speak(en)
const Today = lazy(() => import('./screens/Today.tsx'))
const Pair = lazy(() => import('./screens/Pair.tsx'))
const Welcome = lazy(() => import('./screens/Welcome.tsx'))
const Task = lazy(() => import('./screens/Task.tsx'))
const Sheet = lazy(() => import('./screens/Sheet.tsx'))
const Safe = lazy(() => import('./screens/Safe.tsx'))
const NotToday = lazy(() => import('./screens/NotToday.tsx'))
const History = lazy(() => import('./screens/History.tsx'))
const Entry = lazy(() => import('./screens/Entry.tsx'))
const Settings = lazy(() => import('./screens/Settings.tsx'))
const Plan = lazy(() => import('./screens/Plan.tsx'))
const Question = lazy(() => import('./screens/Question.tsx'))
const Earlier = lazy(() => import('./screens/Earlier.tsx'))
const MyData = lazy(() => import('./screens/MyData.tsx'))
const Help = lazy(() => import('./screens/Help.tsx'))
const WhoSees = lazy(() => import('./screens/WhoSees.tsx'))
const Ended = lazy(() => import('./screens/Ended.tsx'))
const Over = lazy(() => import('./screens/Over.tsx'))
const StoreTrouble = lazy(() => import('./screens/StoreTrouble.tsx'))
const Online = lazy(() => import('./screens/Online.tsx'))
const Lock = lazy(() => import('./screens/Lock.tsx'))
const Opened = lazy(() => import('./screens/Opened.tsx'))

const OVER = ['', 'today', 'feedback']

function App() {
  const parts = usePlace()
  const [all, show] = useState<Snapshot | null>(null)
  const [trouble, fail] = useState<Trouble | null>(null)
  const gap = useRef<boolean | null>(null)
  useEffect(() => watch((fresh) => void inItsLanguage(fresh).then((told) => { fail(null); show(told) }), fail), [])
  useEffect(() => { if (all) openedToday(all) }, [all === null, all?.lock, all?.device?.client_id])
  useEffect(() => { document.documentElement.dataset.text = all?.settings.text_size ?? 'usual' }, [all?.settings.text_size])
  useEffect(() => {
    document.documentElement.lang = spoken()
    document.documentElement.dir = direction()
  }, [spoken()])
  useEffect(() => { if (all) document.documentElement.dataset.started = '1' }, [all === null])
  if (trouble && (trouble !== 'closed' || !all)) {
    return <Shell at="" paired={false} demo={false} draft={false}>{parts[0] === 'help' ? <Help all={null} parts={parts} /> : <StoreTrouble kind={trouble} />}</Shell>
  }
  if (!all) return null
  gap.current ??= isGap(all.settings, dayOf(new Date()))
  return (
    <Shell at={parts[0] ?? ''} draft={spoken() !== 'en' && offer(all.settings, all.service)?.state === 'draft'} paired={all.device !== null && !all.device.revoked && !all.lock && isSetUp(all)} demo={all.service?.demo ?? false}>
      <Guarded key={parts.join('/')}>{screen(all, parts, gap.current)}</Guarded>
    </Shell>
  )
}

function screen(all: Snapshot, parts: string[], gap: boolean) {
  const props = { all, parts }
  const name = parts[0] ?? ''
  if (name === 'help') return <Help {...props} />
  if (all.lock && all.device && !all.device.revoked) return <Lock all={all} />
  if (name === 'who') return <WhoSees {...props} />
  if (all.device?.revoked) return <Ended all={all} />
  if (!all.device && onlineOnly()) return <Online {...props} />
  if (!all.device || name === 'code') return <Pair {...props} />
  if (!isSetUp(all)) return <Welcome {...props} />
  // Signed out: locked until there is a code, or until the person chooses to carry on without sending.
  if (all.device.locked && name === '') return <Pair {...props} />
  // The course has ended: this is Today now, and after the reading date it is all there is but settings and my data.
  if (name === 'check' || all.courseOver && (OVER.includes(name) || (isClosed(all.courseOver, dayOf(new Date())) && name !== 'settings' && name !== 'data'))) return <Over {...props} />
  switch (name) {
    case '': case 'today': return <Today all={all} gap={gap} />
    case 'task': return <Task {...props} />
    case 'write': case 'edit': return <Sheet {...props} />
    case 'safe': return <Safe {...props} />
    case 'not-today': return <NotToday {...props} />
    case 'history': return <History {...props} />
    case 'entry': return <Entry {...props} />
    case 'settings': return <Settings {...props} />
    case 'plan': return <Plan {...props} />
    case 'question': return <Question {...props} />
    case 'earlier': return <Earlier {...props} />
    case 'r': return <Opened {...props} />
    case 'data': return <MyData {...props} />
    default: return <NotFound />
  }
}

function NotFound() {
  return (
    <>
      <Heading>{t('app.not-found')}</Heading>
      <p>{t('app.not-found-text')}</p>
      <p><a href={to()}>{t('app.today')}</a></p>
    </>
  )
}

/** A mistake of ours in one screen leaves help and the way out where they are. */
class Guarded extends Component<{ children: ComponentChildren }, { broken: boolean }> {
  state = { broken: false }
  componentDidCatch(error: unknown) {
    console.error(error)
    this.setState({ broken: true })
  }
  render() {
    if (!this.state.broken) return this.props.children
    return (
      <div role="alert">
        <h1 class="nhsuk-heading-l">{t('app.broken')}</h1>
        <p>{t(here('app.broken-text'))}</p>
        <button type="button" class="nhsuk-button" onClick={() => location.reload()}>{t('app.try-again')}</button>
      </div>
    )
  }
}

function start(): void {
  const root = document.getElementById('app')!
  root.textContent = ''
  render(<App />, root)
  // After the first screen: it shows sooner.
  setTimeout(() => void keepInStep(), 300)
}

/** Somebody went back after a quick exit: nothing of the screens before is drawn until they ask for it. */
function startBlank(): void {
  const root = document.getElementById('app')!
  root.textContent = ''
  document.documentElement.dataset.started = '1'
  const open = () => { openAgain(); go(to(), true); start() }
  render(<main><h1 class="nhsuk-u-visually-hidden">{t('app.left')}</h1><p class="left"><button type="button" class="link" onClick={open}>{t('app.left')}</button></p></main>, root)
}

addEventListener('pageshow', (event) => { if (event.persisted && cameBackAfterExit()) location.reload() })
if (cameBackAfterExit()) startBlank()
else start()
