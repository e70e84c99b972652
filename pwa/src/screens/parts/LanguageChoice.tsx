// The languages the service offers, each by its own name: in Settings, and before a code is typed.
import { useState } from 'preact/hooks'
import { languageOf } from '../../actions/offer.ts'
import type { Snapshot } from '../../store/snapshot.ts'
import { language as words } from '../../words/language.ts'
import { direction, speak } from '../../words/speak.ts'

const t = speak(words)
const choosing = () => import('../../actions/wording.ts')
type Props = { all: Snapshot }
const ENGLISH = { code: 'en', name: 'English' }

/** In Settings. English alone is no choice, and nothing to look at. */
export function LanguageChoice({ all }: Props) {
  const { languages, chosen, choose, missing } = useLanguages(all)
  if (languages.length < 2) return null
  return (
    <section data-languages>
      <h2 class="nhsuk-heading-m" id="language">{t('choose')}</h2>
      <fieldset class="nhsuk-fieldset" aria-labelledby="language">
        <div class="nhsuk-radios">
          {languages.map(({ code, name }) => (
            <div class="nhsuk-radios__item" key={code}>
              <input class="nhsuk-radios__input" type="radio" name="language" id={`language-${code}`} checked={code === chosen} onChange={() => void choose(code, true)} />
              <label class="nhsuk-label nhsuk-radios__label" for={`language-${code}`}><span lang={code} dir={direction(code)}>{name}</span></label>
            </div>
          ))}
        </div>
      </fieldset>
      {missing && <p role="alert" class="notice">{t('later')}</p>}
      <p class="small-print">{t('own-words')}</p>
    </section>
  )
}

/** Above the code: one tap on the name of a language. */
export function LanguageRow({ all }: Props) {
  const { languages, chosen, choose, missing } = useLanguages(all)
  if (languages.length < 2) return null
  return (
    <div class="languages" role="group" aria-label={t('choose')} data-languages>
      {languages.map(({ code, name }) => (
        <button type="button" class="link" key={code} lang={code} dir={direction(code)} aria-pressed={code === chosen}
          onClick={() => void choose(code, false)}>{name}</button>
      ))}
      {missing && <p role="alert">{t('later')}</p>}
    </div>
  )
}

function useLanguages({ settings, service }: Snapshot) {
  const [missing, say] = useState(false)
  const choose = async (code: string, told: boolean) => say(!(await choosing().then(({ chooseLanguage }) => chooseLanguage(code, told)).catch(() => false)))
  return { languages: [ENGLISH, ...(service?.languages ?? [])], chosen: languageOf(settings, service), choose, missing }
}
