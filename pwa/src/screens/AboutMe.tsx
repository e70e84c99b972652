// About me: what whoever works with this person wants to know before they meet. Every part can stay empty.
import { useState } from 'preact/hooks'
import { back } from './parts/Back.tsx'
import { Heading } from './parts/Heading.tsx'
import { Tick } from './parts/Tick.tsx'
import { useWriting } from './parts/useWriting.ts'
import { here } from '../actions/keeps.ts'
import { startOwn } from '../actions/ownWriting.ts'
import { ABOUT_ME, aboutMe, changedOf, PARTS, sayAboutMe, type AboutMe as Held, type Part } from '../actions/personal.ts'
import type { ScreenProps } from './props.ts'
import type { Json } from '../worksheet/definition.ts'
import { settings as words } from '../words/settings.ts'
import { speak } from '../words/speak.ts'

const t = speak(words)
const ONE_LINE: Part[] = ['name', 'pronouns', 'speak']
const HINTS: Part[] = ['pronouns', 'access']
const LONGEST: { [part in Part]: number } = { name: 80, pronouns: 40, speak: 80, helps: 600, avoid: 600, access: 600 }

export default function AboutMe({ all }: ScreenProps) {
  const held = aboutMe(all.revisions)
  const writing = useWriting(() => startOwn(ABOUT_ME, {}))
  const [said, say] = useState<'saved' | 'not-saved' | null>(null)
  if (!writing) return null
  const { answers } = writing.draft
  const put = (part: string, text: string) => {
    say(null)
    writing.answer(part, text)
  }
  const save = async (event: Event) => {
    event.preventDefault()
    const { draft } = writing
    try {
      await sayAboutMe(changedOf(held, draft.answers))
      say('saved')
      await writing.saved(draft)
    } catch {
      say('not-saved')
    }
  }
  return (
    <form onSubmit={save} noValidate>
      {back()}
      <Heading>{t('about')}</Heading>
      <p>{t('about.text')}</p>
      <p>{t('about.read')}</p>
      {PARTS.map((part) => <PartField key={part} part={part} held={held} typed={answers[part]} put={(text) => put(part, text)} />)}
      <Tick id="about-interpreter" label={t('about.interpreter')} on={(answers.interpreter ?? (held.interpreter ? 'yes' : 'no')) === 'yes'} set={(on) => put('interpreter', on ? 'yes' : 'no')} />
      {held.byStaff.has('interpreter') && <p class="small-print">{t('about.by-staff')}</p>}
      {said === 'not-saved' && <p role="alert" class="problem">{t('about.not-saved')}</p>}
      <button type="submit" class="nhsuk-button wide">{t('about.save')}</button>
      <p role="status">{said === 'saved' && t(here('about.saved'))}</p>
    </form>
  )
}

function PartField({ part, held, typed, put }: { part: Part; held: Held; typed: Json | undefined; put: (text: string) => void }) {
  const id = `about-${part}`
  const hint = HINTS.includes(part) ? `${id}-hint` : undefined
  const shared = { id, maxLength: LONGEST[part], defaultValue: String(typed ?? held.words[part] ?? ''), 'aria-describedby': hint, onInput: (event: Event) => put((event.currentTarget as HTMLInputElement).value) }
  return (
    <div class="nhsuk-form-group">
      <label class="nhsuk-label nhsuk-label--s" for={id}>{t(`about.${part}`)}</label>
      {hint && <div class="nhsuk-hint" id={hint}>{t(part === 'access' ? 'about.access-hint' : 'about.pronouns-hint')}</div>}
      {ONE_LINE.includes(part) ? <input class="nhsuk-input" type="text" {...shared} /> : <textarea class="nhsuk-textarea" rows={3} {...shared} />}
      {held.byStaff.has(part) && <p class="small-print">{t('about.by-staff')}</p>}
    </div>
  )
}
