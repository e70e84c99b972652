// The hours in which nobody wants a reminder. They always win: server/reminders/rules.py, `is_quiet`.

export type Quiet = { from: string; until: string }

/** Both ends are given. With one alone nobody knows which hours are meant. */
export function isWhole(quiet: Quiet | null): quiet is Quiet {
  return quiet !== null && quiet.from !== '' && quiet.until !== ''
}

/** Whether a reminder at `at` would fall into them. They may span midnight; equal ends mean none. */
export function isQuiet(at: string, quiet: Quiet | null): boolean {
  return isSilent(at, quiet, quiet)
}

/** The same on a day that has hours of its own: a night that began the evening before goes on by the hours it had then. */
export function isSilent(at: string, quiet: Quiet | null, before: Quiet | null): boolean {
  const [today, night] = [quiet, before].map((one) => (isWhole(one) ? one : { from: '', until: '' })) as [Quiet, Quiet]
  const spans = today.until < today.from
  return (today.from <= at && (at < today.until || spans)) || (night.until < night.from && at < night.until)
}
