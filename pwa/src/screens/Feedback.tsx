// What the person says of their course: a few questions, all of them optional, sent as everything else is.
import { go, to } from './go.ts'
import { back } from './parts/Back.tsx'
import { Heading } from './parts/Heading.tsx'
import { OwnForm } from './parts/OwnForm.tsx'
import { saidOf, sheetHere } from '../actions/afterwards.ts'
import { setting } from '../actions/say.ts'
import type { ScreenProps } from './props.ts'
import type { Answers } from '../worksheet/definition.ts'
import { over } from '../words/over.ts'
import { speak } from '../words/speak.ts'

const t = speak(over)

export default function Feedback({ all }: ScreenProps) {
  const sheet = sheetHere(all, all.courseOver!.worksheets?.feedback?.id)
  const episode_id = all.courseOver!.episode_id
  const send = async (answers: Answers) => {
    await setting('feedback', { episode_id, worksheet: sheet!.id, version: sheet!.version, answers })
    go(to(), true)
  }
  return (
    <>
      {back()}
      <Heading>{t('feedback')}</Heading>
      {sheet ? (
        <>
          <p>{sheet.summary}</p>
          <p class="small-print"><strong>{t('feedback-who')}</strong> {sheet.who_sees}</p>
          <OwnForm sheet={sheet} draft={`${sheet.id}/${episode_id}`} start={saidOf(all) ?? {}} label={t('feedback-send')} save={send} />
        </>
      ) : <p>{t('not-here')}</p>}
    </>
  )
}
