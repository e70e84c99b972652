// Help now: works signed out and offline, one tap from every screen.
import '../styles/forms.scss'
import { Heading } from './parts/Heading.tsx'
import { back } from './parts/Back.tsx'
import { besides } from './parts/Beside.tsx'
import type { Snapshot } from '../store/snapshot.ts'
import { help } from '../words/help.ts'
import { speak } from '../words/speak.ts'

const plain = speak(help)

export default function Help({ all }: { all: Snapshot | null; parts: string[] }) {
  const t = besides(all)
  const crisis = all?.service?.crisis
  const nation = all?.service?.nation ?? 'england'
  return (
    <>
      {back()}
      <Heading>{t('title')}</Heading>
      <section class="care care--emergency" aria-labelledby="danger">
        <h2 class="care__title" id="danger"><span class="nhsuk-u-visually-hidden">{t('emergency')}: </span>{t('danger')}</h2>
        <ul class="nhsuk-list nhsuk-list--bullet"><li>{t('danger-1')}</li><li>{t('danger-2')}</li></ul>
        <a class="call call--emergency" href="tel:999">{t('danger-call')}</a>
      </section>
      {nation !== 'northern-ireland' && (
        <section class="care care--urgent" aria-labelledby="urgent">
          <h2 class="care__title" id="urgent"><span class="nhsuk-u-visually-hidden">{t('urgent-care')}: </span>{t('urgent')}</h2>
          <ul class="nhsuk-list nhsuk-list--bullet"><li>{t('urgent-1')}</li><li>{t('urgent-2')}</li></ul>
          <a class="call" href="tel:111">{t('urgent-call')}</a>
          <p>{t('urgent-more')}</p>
          <p>{t('urgent-text')}</p>
        </section>
      )}
      {crisis?.number && (
        <section class="care" aria-labelledby="service">
          <h2 class="care__title" id="service">{t('service', { name: crisis.name || all?.service?.name || plain('your-service') })}</h2>
          <a class="call" href={`tel:${crisis.number.replace(/[^\d+]/g, '')}`}>{crisis.number}</a>
          {crisis.hours && <p>{t('service-hours', { hours: crisis.hours })}</p>}
        </section>
      )}
      <div class="nhsuk-inset-text">
        <h2 class="nhsuk-heading-s">{t('talk')}</h2>
        <p><a href="tel:116123">{t('samaritans')}</a></p>
        <p><a href="sms:85258?body=SHOUT">{t('shout')}</a></p>
        <p><a href="tel:08000684141">{t('papyrus')}</a></p>
        {nation === 'wales' && <p>{t('other-nation-wales')}</p>}
        {nation === 'scotland' && <p><a href="tel:0800838587">{t('other-nation-scotland')}</a></p>}
        {nation === 'northern-ireland' && <p><a href="tel:08088088000">{t('other-nation-ni')}</a></p>}
      </div>
      <p class="small-print">{t('not-read')}</p>
    </>
  )
}
