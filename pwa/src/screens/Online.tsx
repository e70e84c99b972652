// Online only, or just not any more: who this is comes from the service, each time the app is opened.
import { useEffect, useState } from 'preact/hooks'
import Pair from './Pair.tsx'
import { Heading } from './parts/Heading.tsx'
import { learnWhoIAm } from '../actions/online.ts'
import { retryNow } from '../actions/sending.ts'
import type { ScreenProps } from './props.ts'
import { lock } from '../words/lock.ts'
import { en } from '../words/en.ts'
import { speak } from '../words/speak.ts'

const t = speak(lock)

export default function Online({ all, parts }: ScreenProps) {
  const [came, say] = useState<'asking' | 'nobody' | 'offline'>('asking')
  const ask = () => {
    say('asking')
    void learnWhoIAm().catch(() => 'offline' as const).then((now) => (now === 'here' ? void retryNow() : say(now)))
  }
  useEffect(ask, [])
  if (came === 'nobody') return <Pair all={all} parts={parts} />
  if (came === 'asking') return <p role="status">{speak(en)('app.opening')}</p>
  return (
    <div role="alert">
      <Heading>{t('online.signal')}</Heading>
      <p>{t('online.signal-text')}</p>
      <button type="button" class="nhsuk-button" onClick={ask}>{t('code.on')}</button>
    </div>
  )
}
