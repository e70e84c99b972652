// Cards that say whom to call, in the order a screen wants them. NHS care cards; charities stand outside them.
import type { Say } from './Beside.tsx'
import type { Snapshot } from '../../store/snapshot.ts'
import { help } from '../../words/help.ts'
import { speak } from '../../words/speak.ts'

const plain = speak(help)
type Props = { all: Snapshot | null; t: Say }

/** The nation whose lines are shown. */
export function nationOf(all: Snapshot | null): string {
  return all?.service?.nation ?? 'england'
}

/** The service's own number and what it is called; null where it has none. */
export function crisisOf(all: Snapshot | null): { name: string; number: string; tel: string; hours: string } | null {
  const crisis = all?.service?.crisis
  if (!crisis?.number) return null
  const name = crisis.name || all?.service?.name || plain('your-service')
  return { name, number: crisis.number, tel: `tel:${crisis.number.replace(/[^\d+]/g, '')}`, hours: crisis.hours }
}

export function Emergency({ t }: Props) {
  const signs = <ul class="nhsuk-list nhsuk-list--bullet"><li>{t('danger-1')}</li><li>{t('danger-2')}</li></ul>
  const call = <a class="call call--emergency" href="tel:999">{t('danger-call')}</a>
  // With the English beside it all is twice as long: the number stays in sight on a small screen.
  const long = typeof t('danger') !== 'string'
  return (
    <section class="care care--emergency" aria-labelledby="danger">
      <h2 class="care__title" id="danger"><span class="nhsuk-u-visually-hidden">{t('emergency')}: </span>{t('danger')}</h2>
      {long ? <>{call}{signs}</> : <>{signs}{call}</>}
    </section>
  )
}

export function Urgent({ all, t }: Props) {
  if (nationOf(all) === 'northern-ireland') return null
  return (
    <section class="care care--urgent" aria-labelledby="urgent">
      <h2 class="care__title" id="urgent"><span class="nhsuk-u-visually-hidden">{t('urgent-care')}: </span>{t('urgent')}</h2>
      <ul class="nhsuk-list nhsuk-list--bullet"><li>{t('urgent-1')}</li><li>{t('urgent-2')}</li></ul>
      <a class="call" href="tel:111">{t('urgent-call')}</a>
      <p>{t('urgent-more')}</p>
      <p>{t('urgent-text')}</p>
    </section>
  )
}

export function OwnService({ all, t }: Props) {
  const crisis = crisisOf(all)
  if (!crisis) return null
  return (
    <section class="care" aria-labelledby="service">
      <h2 class="care__title" id="service">{t('service', { name: crisis.name })}</h2>
      <a class="call" href={crisis.tel}><bdi dir="ltr">{crisis.number}</bdi></a>
      {crisis.hours && <p>{t('service-hours', { hours: crisis.hours })}</p>}
    </section>
  )
}

export function Talk({ all, t }: Props) {
  const nation = nationOf(all)
  return (
    <div class="nhsuk-inset-text">
      <h2 class="nhsuk-heading-s">{t('talk')}</h2>
      <p><a href="tel:116123">{t('samaritans')}</a></p>
      <p><a href="sms:85258?body=SHOUT">{t('shout')}</a></p>
      <p><a href="tel:08000684141">{t('papyrus')}</a></p>
      {nation === 'wales' && <p>{t('other-nation-wales')}</p>}
      {nation === 'scotland' && <p><a href="tel:0800838587">{t('other-nation-scotland')}</a></p>}
      {nation === 'northern-ireland' && <p><a href="tel:08088088000">{t('other-nation-ni')}</a></p>}
    </div>
  )
}
