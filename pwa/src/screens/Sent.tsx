// What was sent: the last reminders and how far each got, as the server tells it. No word of anybody's is in it.
import { useEffect, useState } from 'preact/hooks'
import { back } from './parts/Back.tsx'
import { Heading } from './parts/Heading.tsx'
import { sent } from '../api/reminders.ts'
import { json, ours } from '../api/request.ts'
import { settings as words } from '../words/settings.ts'
import { clockTime, dayInWords, speak } from '../words/speak.ts'

type Line = { date: string; at: string; channel: 'push' | 'email' | 'sms'; became: string; why: string | null }

const t = speak(words)
const BECAME = ['coming', 'waiting', 'sending', 'sent', 'shown', 'opened', 'failed', 'expired', 'cancelled'] as const

export function Sent() {
  const [lines, have] = useState<Line[] | 'no-network' | null>(null)
  useEffect(() => {
    void sent().then((reply) => have((ours(reply) && json<{ reminders: Line[] }>(reply)?.reminders) || 'no-network'))
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

function row({ date, at, channel, became }: Line) {
  const known = BECAME.find((one) => one === became)
  const way = channel === 'email' ? t('sent.by-email') : channel === 'sms' ? t('sent.by-sms') : ''
  return known && (
    <div key={date + at + channel}>
      <dt>{t('sent.when', { day: dayInWords(date), time: clockTime(`2026-01-01T${at}`) })}</dt>
      <dd>{t(`sent.${known}`)}{way && <> · {way}</>}</dd>
    </div>
  )
}
