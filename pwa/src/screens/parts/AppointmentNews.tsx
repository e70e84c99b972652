// One quiet line on Today: what became of an appointment, and that what was agreed stays.
import { isNews } from '../../actions/appointmentNews.ts'
import type { AppointmentNews } from '../../store/meta.ts'
import { dayOf } from '../../sync/days.ts'
import { notes } from '../../words/notes.ts'
import { dayInWords, speak } from '../../words/speak.ts'

const t = speak(notes)

export default function News({ news }: { news: NonNullable<AppointmentNews> }) {
  const words = isNews(news, dayOf(new Date())) ? newsWords(news) : ''
  return words ? <p data-became={news.what}>{words}</p> : null
}

/** The sentence of a row; "" for one that a newer server knows and this app does not. */
function newsWords({ what, was }: NonNullable<AppointmentNews>): string {
  const key = `became.${what}`
  if (!(key in notes)) return ''
  return t(key as keyof typeof notes & string, { was: was ? dayInWords(was) : '' })
}
