// Quiet lines on Today that are rarely needed: two states of one entry to choose from, and what cannot be opened any more.
import { to } from '../go.ts'
import { titleOf } from './titleOf.ts'
import type { Snapshot } from '../../store/snapshot.ts'
import { later } from '../../words/later.ts'
import { speak } from '../../words/speak.ts'

const t = speak(later)

export default function TodayNotes({ all, twice }: { all: Snapshot; twice: string[] }) {
  const [first] = twice
  const task = all.revisions.find(({ revision }) => revision.entry_id === first)?.revision.subject.assignment_id
  const fresh = all.unreadable > (all.settings.unreadable_told ?? 0)
  return (
    <>
      {first && <p data-twice>{twice.length === 1 ? t('twice', { title: titleOf(all, task) }) : t('twice.more', { n: twice.length })} <a href={to('entry', first)}>{t('twice.see')}</a></p>}
      {fresh && <p data-unreadable>{t('unreadable', { n: all.unreadable })} <a href={to('data')}>{t('unreadable.see')}</a></p>}
    </>
  )
}
