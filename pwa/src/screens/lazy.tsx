// A screen that is fetched when it is first wanted, so that Today opens with little.
import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { en } from '../words/en.ts'
import { speak } from '../words/speak.ts'

const t = speak(en)

/** Draws the screen once it is here; when it cannot be had, says so and offers another try. */
export function lazy<Props extends object>(fetchScreen: () => Promise<{ default: ComponentType<Props> }>): ComponentType<Props> {
  let fetched: ComponentType<Props> | null = null
  return function Lazy(props: Props) {
    const [Screen, show] = useState<ComponentType<Props> | null>(() => fetched)
    const [missing, setMissing] = useState(false)
    const load = () => {
      setMissing(false)
      fetchScreen().then((module) => {
        fetched = module.default
        show(() => module.default)
      }, () => setMissing(true))
    }
    useEffect(() => {
      if (!Screen) load()
    }, [])
    if (Screen) return <Screen {...props} />
    if (!missing) return null
    return (
      <div role="alert">
        <h1>{t('app.chunk')}</h1>
        <button type="button" class="nhsuk-button" onClick={load}>{t('app.try-again')}</button>
      </div>
    )
  }
}
