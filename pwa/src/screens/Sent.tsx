// What was sent: the last reminders and how far each got, as the server tells it. No word of anybody's is in it.
import { useEffect, useState } from 'preact/hooks'
import { back } from './parts/Back.tsx'
import { Heading } from './parts/Heading.tsx'
import { sentList, type Reminded } from '../actions/sentList.ts'
import { settings as words } from '../words/settings.ts'
import { clockTime, dayInWords, speak } from '../words/speak.ts'

const t = speak(words)
const BECAME = ['coming', 'waiting', 'sending', 'sent', 'shown', 'opened', 'failed', 'expired', 'cancelled'] as const

export function Sent() {
  const [lines, have] = useState<Reminded[] | 'no-network' | null>(null)
  useEffect(() => {
    void sentList().then((found) => have(found ?? 'no-network'))
  }, [])
  return (
    <>
      {back()}
      <Heading>{t('sent')}</Heading>
      <p>{t('sent.text')}</p>
      <div role="status">
        {lines === 'no-network' && <p>{t('sent.no-network')}</p>}
        {lines?.length === 0 && <p>{t('sent.none')}</p>}
      </div>
      {Array.isArray(lines) && lines.length > 0 && <dl class="reading">{lines.map(row)}</dl>}
      <p class="small-print">{t('sent.note')}</p>
    </>
  )
}

function row({ date, at, channel, became }: Reminded) {
  const known = BECAME.find((one) => one === became)
  const way = channel === 'email' ? t('sent.by-email') : channel === 'sms' ? t('sent.by-sms') : ''
  return known && (
    <div key={date + at + channel}>
      <dt>{t('sent.when', { day: dayInWords(date), time: clockTime(`2026-01-01T${at}`) })}</dt>
      <dd>{t(`sent.${known}`)}{way && <> · {way}</>}</dd>
    </div>
  )
}
