// Settings: reminders, how it looks, privacy, research, the app, my data.
import '../styles/forms.scss'
import AboutMe from './AboutMe.tsx'
import { Sent } from './Sent.tsx'
import { to } from './go.ts'
import { Heading } from './parts/Heading.tsx'
import { InstallCode } from './parts/InstallCode.tsx'
import { LockForm } from './parts/LockForm.tsx'
import { LanguageChoice } from './parts/LanguageChoice.tsx'
import { ReminderForm } from './parts/ReminderForm.tsx'
import { SharedPhone } from './parts/SharedPhone.tsx'
import { Studies } from './parts/Studies.tsx'
import { Tick } from './parts/Tick.tsx'
import { installed } from '../actions/platform.ts'
import { saidLater } from '../actions/remindLater.ts'
import { chooseResearch, set } from '../actions/say.ts'
import type { ScreenProps } from './props.ts'
import type { Snapshot } from '../store/snapshot.ts'
import { heads, unsent } from '../sync/kept.ts'
import { en } from '../words/en.ts'
import { settings as words } from '../words/settings.ts'
import { speak } from '../words/speak.ts'

const t = speak(words)
const SIZES = ['usual', 'large', 'largest'] as const

export default function Settings({ all, parts }: ScreenProps) {
  if (parts[1] === 'sent') return <Sent />
  return parts[1] === 'about' ? <AboutMe all={all} parts={parts} /> : <Every all={all} parts={parts} />
}

function Every({ all }: ScreenProps) {
  const { settings } = all
  return (
    <>
      <Heading>{t('title')}</Heading>
      {!all.courseOver && <ReminderForm settings={settings} waits={all.service?.reminders_wait === true} later={saidLater(all.revisions, new Date())} sent={all.revisions.every((kept) => kept.revision.subject.kind !== 'setting' || !unsent(kept))} />}
      <p><a href={to('settings', 'sent')}>{t('sent')}</a></p>
      <Look settings={settings} />
      <LanguageChoice all={all} />
      <section>
        <h2 class="nhsuk-heading-m">{t('about')}</h2>
        <p>{t('about.why')}</p>
        <p><a href={to('settings', 'about')}>{t('about.open')}</a></p>
      </section>
      <section>
        <h2 class="nhsuk-heading-m">{t('privacy')}</h2>
        <p>{all.kept === 'unsealed' ? t('privacy.unsealed') : `${speak(en)(`anyone.${all.kept}`)} ${t('privacy.screen-lock')}`}</p>
        <SharedPhone all={all} />
        <p><a href={to('who')}>{t('privacy.who')}</a></p>
      </section>
      <LockForm settings={settings} />
      <Research chosen={settings.research ?? chosenBefore(all)} />
      <Studies settings={settings} />
      {!installed() && <InstallCode />}
      <section>
        <h2 class="nhsuk-heading-m">{t('data')}</h2>
        <p><a href={to('data')}>{t('data.title')}</a></p>
        <p><a href={to('data')}>{t('remove')}</a></p>
      </section>
    </>
  )
}

function Look({ settings }: Pick<Snapshot, 'settings'>) {
  return (
    <section>
      <h2 class="nhsuk-heading-m">{t('look')}</h2>
      <fieldset class="nhsuk-fieldset">
        <legend class="nhsuk-fieldset__legend nhsuk-fieldset__legend--s">{t('text-size')}</legend>
        <div class="nhsuk-radios">
          {SIZES.map((size) => (
            <div class="nhsuk-radios__item" key={size}>
              <input class="nhsuk-radios__input" type="radio" name="text-size" id={`size-${size}`} checked={settings.text_size === size} onChange={() => void set({ text_size: size })} />
              <label class="nhsuk-label nhsuk-radios__label" for={`size-${size}`}>{t(`text-size.${size}`)}</label>
            </div>
          ))}
        </div>
      </fieldset>
      <Tick id="one-question" label={t('one-question')} hint={t('one-question-hint')} on={settings.one_question} set={(on) => void set({ one_question: on })} />
    </section>
  )
}

/** What they chose on an earlier phone, or what their practitioner recorded for them. */
function chosenBefore({ revisions }: Snapshot): string | null {
  const said = heads(revisions).filter(({ revision }) => revision.subject.kind === 'research')
  const last = said.sort((a, b) => (a.saved_at < b.saved_at ? 1 : -1))[0]
  return last ? String(last.revision.payload.choice) : null
}

function Research({ chosen }: { chosen: string | null }) {
  return (
    <section>
      <h2 class="nhsuk-heading-m">{t('research')}</h2>
      <p>{t('research.text')}</p>
      <p>{t('research.yes-means')}</p>
      <fieldset class="nhsuk-fieldset">
        <legend class="nhsuk-fieldset__legend nhsuk-fieldset__legend--s">{t('research.question')}</legend>
        <div class="nhsuk-radios">
          {(['yes', 'no'] as const).map((choice) => (
            <div class="nhsuk-radios__item" key={choice}>
              <input class="nhsuk-radios__input" type="radio" name="research" id={`research-${choice}`} checked={chosen === choice} onChange={() => void chooseResearch(choice)} />
              <label class="nhsuk-label nhsuk-radios__label" for={`research-${choice}`}>{t(`research.${choice}`)}</label>
            </div>
          ))}
        </div>
      </fieldset>
      <p class="small-print">{t('research.change')}</p>
    </section>
  )
}
