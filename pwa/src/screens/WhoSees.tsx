// Who sees what: the rows of the table in words/who-sees.json, in its order; and who has looked.
import '../styles/forms.scss'
import { back } from './parts/Back.tsx'
import { besides } from './parts/Beside.tsx'
import { Heading } from './parts/Heading.tsx'
import { Looks } from './parts/Looks.tsx'
import { here } from '../actions/keeps.ts'
import type { ScreenProps } from './props.ts'
import table from '../words/who-sees.json' with { type: 'json' }

type Who = 'client' | 'linked' | 'practitioner' | 'supervisor' | 'service_lead' | 'administrator' | 'researcher' | 'operator'

export default function WhoSees({ all }: ScreenProps) {
  const b = besides(all)
  return (
    <>
      {back()}
      <Heading>{b('who.title')}</Heading>
      <p class="lede">{b('who.short')}</p>
      {all.service?.reading_promise && <p>{all.service.reading_promise}</p>}
      <dl class="who">
        {table.rows.map(({ who }) => (
          <div key={who} data-who={who}>
            <dt>{b(`who.${who as Who}`)}</dt>
            <dd>{b(`who.${who as Who}-sees`)}</dd>
          </div>
        ))}
      </dl>
      {all.device && !all.device.revoked && <Looks known={all.looks} />}
      <h2 class="nhsuk-heading-m">{b('who.phone')}</h2>
      <p>{b(all.kept === 'unsealed' ? 'who.phone-open' : `who.phone-${all.kept}`)} {b(here('who.draft'))}</p>
    </>
  )
}
