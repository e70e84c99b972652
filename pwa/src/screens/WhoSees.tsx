// Who sees what: the client's own form of the table "Who sees what" in the design.
import '../styles/forms.scss'
import { back } from './parts/Back.tsx'
import { Heading } from './parts/Heading.tsx'
import type { ScreenProps } from './props.ts'
import { help } from '../words/help.ts'
import { speak } from '../words/speak.ts'

const t = speak(help)
const PEOPLE = ['you', 'practitioner', 'supervisor', 'lead', 'linked', 'admin', 'research', 'operator'] as const

export default function WhoSees({ all }: ScreenProps) {
  return (
    <>
      {back()}
      <Heading>{t('who.title')}</Heading>
      <p class="lede">{t('who.short')}</p>
      {all.service?.reading_promise && <p>{all.service.reading_promise}</p>}
      <dl class="who">
        {PEOPLE.map((who) => (
          <div key={who}>
            <dt>{t(`who.${who}`)}</dt>
            <dd>{t(`who.${who}-sees`)}{who === 'practitioner' && ` ${t('who.practitioner-not')}`}</dd>
          </div>
        ))}
      </dl>
      <h2 class="nhsuk-heading-m">{t('who.phone')}</h2>
      <p>{t('who.phone-text')} {t('who.draft')}</p>
    </>
  )
}
