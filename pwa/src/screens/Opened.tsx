// A reminder was tapped: find what it was about, on this phone first, and go there; about several tasks: to Today.
import { useEffect } from 'preact/hooks'
import { go, to } from './go.ts'
import { about } from '../actions/remindMe.ts'
import type { ScreenProps } from './props.ts'
import { en } from '../words/en.ts'
import { speak } from '../words/speak.ts'

const t = speak(en)

export default function Opened({ parts: [, code] }: ScreenProps) {
  useEffect(() => {
    void about(code ?? '').catch(() => null).then((found) => go(found?.assignment_id ? to('task', found.assignment_id, found.slot) : to(), true))
  }, [])
  return <p role="status">{t('app.opening')}</p>
}
