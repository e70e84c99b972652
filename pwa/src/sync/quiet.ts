// The hours in which nobody wants a reminder. They always win: server/reminders/rules.py, `is_quiet`.

export type Quiet = { from: string; until: string }

/** Both ends are given. With one alone nobody knows which hours are meant. */
export function isWhole(quiet: Quiet | null): quiet is Quiet {
  return quiet !== null && quiet.from !== '' && quiet.until !== ''
}

/** Whether a reminder at `at` would fall into them. They may span midnight; equal ends mean none. */
export function isQuiet(at: string, quiet: Quiet | null): boolean {
  if (!isWhole(quiet) || quiet.from === quiet.until) return false
  const { from, until } = quiet
  return from < until ? from <= at && at < until : at >= from || at < until
}
