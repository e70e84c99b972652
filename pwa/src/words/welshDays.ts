// Days in Welsh, for browsers that have no Welsh of their own (Chromium). The names are those of the Unicode locale data.

const DAYS = ['Sul', 'Llun', 'Mawrth', 'Mercher', 'Iau', 'Gwener', 'Sadwrn']
const SHORT_DAYS = ['Sul', 'Llun', 'Maw', 'Mer', 'Iau', 'Gwen', 'Sad']
const MONTHS = ['Ionawr', 'Chwefror', 'Mawrth', 'Ebrill', 'Mai', 'Mehefin', 'Gorffennaf', 'Awst', 'Medi', 'Hydref', 'Tachwedd', 'Rhagfyr']
const SHORT_MONTHS = ['Ion', 'Chwef', 'Maw', 'Ebr', 'Mai', 'Meh', 'Gorff', 'Awst', 'Medi', 'Hyd', 'Tach', 'Rhag']

/** The parts of a day in UTC that `options` ask for: `Dydd Llun 23 Tachwedd 2026`. */
export function welshDay({ weekday, day, month, year }: Intl.DateTimeFormatOptions, when: Date): string {
  const at = when.getUTCDay()
  return [
    weekday && (weekday === 'short' ? SHORT_DAYS[at] : `Dydd ${DAYS[at]}`),
    day && when.getUTCDate(),
    month && (month === 'short' ? SHORT_MONTHS : MONTHS)[when.getUTCMonth()],
    year && when.getUTCFullYear(),
  ].filter(Boolean).join(' ')
}
