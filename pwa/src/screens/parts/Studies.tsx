// Studies that the client was asked to, and whether they may be asked at all: choices apart from the one about research.
import { answerStudy, chooseContact } from '../../actions/say.ts'
import type { Settings } from '../../store/meta.ts'
import type { Study } from '../../sync/wire.ts'
import { settings as words } from '../../words/settings.ts'
import { speak } from '../../words/speak.ts'

const t = speak(words)

export function Studies({ settings: { research_contact, studies = [] } }: { settings: Settings }) {
  return (
    <section>
      <h2 class="nhsuk-heading-m">{t('studies')}</h2>
      <Choice name="research-contact" legend={t('studies.may-ask')} chosen={research_contact}
        options={[['yes', t('research.yes')], ['no', t('research.no')]]} choose={(choice) => void chooseContact(choice)} />
      {studies.length === 0 && research_contact !== 'no' && <p>{t('studies.none')}</p>}
      {studies.map((study) => <OneStudy key={study.study_id} study={study} />)}
    </section>
  )
}

function OneStudy({ study }: { study: Study }) {
  const options: ['given' | 'withdrawn', string][] = [['given', t('studies.given')], ['withdrawn', t('studies.withdrawn')]]
  return (
    <>
      <h3 class="nhsuk-heading-s" dir="auto">{study.name}</h3>
      {study.words.split('\n').filter(Boolean).map((line) => <p key={line} dir="auto">{line}</p>)}
      {study.over && <p>{t('studies.over')}</p>}
      {study.over && study.choice !== 'given' ? null : (
        <>
          <Choice name={`study-${study.study_id}`} legend={t('studies.question')} chosen={study.choice}
            options={options} choose={(choice) => void answerStudy(study, choice)} />
          <p class="small-print">{t('studies.change')}</p>
        </>
      )}
    </>
  )
}

type ChoiceProps<Code extends string> = {
  name: string
  legend: string
  chosen: Code | null | undefined
  options: [Code, string][]
  choose: (code: Code) => void
}

function Choice<Code extends string>({ name, legend, chosen, options, choose }: ChoiceProps<Code>) {
  return (
    <fieldset class="nhsuk-fieldset">
      <legend class="nhsuk-fieldset__legend nhsuk-fieldset__legend--s">{legend}</legend>
      <div class="nhsuk-radios">
        {options.map(([code, text]) => (
          <div class="nhsuk-radios__item" key={code}>
            <input class="nhsuk-radios__input" type="radio" name={name} id={`${name}-${code}`} checked={chosen === code} onChange={() => choose(code)} />
            <label class="nhsuk-label nhsuk-radios__label" for={`${name}-${code}`}>{text}</label>
          </div>
        ))}
      </div>
    </fieldset>
  )
}
