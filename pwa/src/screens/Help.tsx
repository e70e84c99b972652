// Help now: works signed out and offline, one tap from every screen.
import '../styles/forms.scss'
import { Heading } from './parts/Heading.tsx'
import { back } from './parts/Back.tsx'
import { besides } from './parts/Beside.tsx'
import { Emergency, OwnService, Talk, Urgent } from './parts/Care.tsx'
import type { Snapshot } from '../store/snapshot.ts'

export default function Help({ all }: { all: Snapshot | null; parts: string[] }) {
  const t = besides(all)
  return (
    <>
      {back()}
      <Heading>{t('title')}</Heading>
      <Emergency all={all} t={t} />
      <Urgent all={all} t={t} />
      <OwnService all={all} t={t} />
      <Talk all={all} t={t} />
      <p class="small-print">{t('not-read')}</p>
    </>
  )
}
