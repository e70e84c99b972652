"""When a reminder is due by the client's own clock, whether it may still go out, and the little it says."""

import base64
import hashlib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LIVE_FOR = timedelta(hours=2)  # a reminder later than this is no reminder (trust.md C2)
AHEAD = timedelta(hours=48)
LEASE = timedelta(seconds=120)
# Waits after the first, second … attempt (trust.md C2: 0 s, 30 s, 2 min, 10 min, 30 min).
WAITS = tuple(timedelta(seconds=s) for s in (30, 120, 600, 1800))
STALLS = 3  # after so many without an answer, in a row, a push service is left alone
REST = timedelta(seconds=60)  # the first time; then twice as long each time, up to …
LONGEST_REST = timedelta(minutes=15)
PATIENCE = timedelta(minutes=15)  # how long the next way waits for one whose service is left alone
PROBING = timedelta(seconds=45)  # how long the others wait for what comes of those that try it again
MOST_A_DAY = 2  # however many rules somebody has (design.md 7)

NEVER = time(0), time(0)  # quiet hours of no length

TITLE = "Meantime"
UNREADABLE = (ValueError, TypeError, KeyError, AttributeError)  # what reading kept or given texts raises


@dataclass(frozen=True)
class Shift:
    """Other hours from one day to another, both included: nights, or an early week. The weekdays stay."""

    from_day: date
    until_day: date
    at: time
    quiet: tuple[time, time] | None = None

    @classmethod
    def of(cls, kept: dict[str, Any] | None) -> "Shift | None":
        """A shift from the texts it is kept as. `ValueError` when they cannot be read, or it ends before it began."""
        if not kept:
            return None
        first, last = date.fromisoformat(kept["from"]), date.fromisoformat(kept["until"])
        if last < first:
            raise ValueError("a shift ends on its first day or later")
        return cls(first, last, wall_time(kept["at"]), silent(kept.get("quiet")))


@dataclass(frozen=True)
class Hours:
    """A client's own hours: wall time, weekdays (Monday = 0) and zone, with quiet hours, a pause and limits in days."""

    at: time
    weekdays: frozenset[int]
    zone: ZoneInfo
    quiet: tuple[time, time] | None = None
    from_date: date | None = None
    until_date: date | None = None
    paused_from: date | None = None
    paused_until: date | None = None  # the first day on which it reminds again
    shift: Shift | None = None

    @classmethod
    def of(
        cls, *, at: str, weekdays: list[int], zone: str, quiet: dict[str, str] | None = None,
        from_date: date | None = None, until_date: date | None = None, paused_from: date | None = None,
        paused_until: date | None = None, shift: dict[str, Any] | None = None,
    ) -> "Hours":  # fmt: skip
        """Hours from the texts they are kept as. `ValueError` when one of them cannot be read."""
        if not set(weekdays) <= set(range(7)):
            raise ValueError("weekdays are 0 (Monday) to 6")
        limits = from_date, until_date, paused_from, paused_until
        return cls(wall_time(at), frozenset(weekdays), zone_of(zone), silent(quiet), *limits, Shift.of(shift))

    def on(self, day: date) -> bool:
        """Whether these hours hold on this day of the client's own calendar."""
        return (
            day.weekday() in self.weekdays
            and (self.from_date is None or self.from_date <= day)
            and (self.until_date is None or day <= self.until_date)
            and not self.is_paused(day)
        )

    def is_paused(self, day: date) -> bool:
        """Whether they asked for none on this day: a pause, or a holiday."""
        return self.paused_until is not None and (self.paused_from or date.min) <= day < self.paused_until

    def at_on(self, day: date) -> time:
        """The time of day that holds on this day."""
        return self.shift.at if self.shift and self._in_shift(day) else self.at

    def quiet_on(self, day: date) -> tuple[time, time] | None:
        """The hours in which nothing is wanted on this day: a shift that says nothing of them keeps the usual ones.

        None on purpose is a pair of equal ends.
        """
        return (self.shift.quiet if self.shift and self._in_shift(day) else None) or self.quiet

    def _in_shift(self, day: date) -> bool:
        return self.shift is not None and self.shift.from_day <= day <= self.shift.until_day


@dataclass(frozen=True)
class Due:
    """One reminder to come: the local day and time it stands for, when that is, and when it is too late."""

    local_date: date
    slot: str
    due_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class Facts:
    """What is known about one delivery just before it is sent."""

    due_at: datetime
    expires_at: datetime
    local_date: date
    hours: Hours | None  # None: the rule has ended, or cannot be read
    in_care: bool
    to_do: bool  # something agreed is still open and not done yet
    sent_that_day: int
    rules: int  # active rules of this client
    phones: int = field(default=1)  # live subscriptions
    most: int | None = None  # how many a day they want at most, where they said so
    counts: bool = True  # asked for a moment ago, or of an appointment: beside what a day may have


def wall_time(text: str) -> time:
    """A time of day from "13:30". `ValueError` when it is anything else."""
    hours, _, minutes = text.partition(":")
    if not (len(hours) == len(minutes) == 2 and hours.isdecimal() and minutes.isdecimal()):
        raise ValueError("a time of day looks like 13:30")
    return time(int(hours), int(minutes))


def silent(kept: dict[str, str] | None) -> tuple[time, time] | None:
    """Quiet hours from the texts they are kept as, or none. `ValueError` when they cannot be read."""
    return (wall_time(kept["from"]), wall_time(kept["until"])) if kept else None


def zone_of(name: str) -> ZoneInfo:
    """A zone by its name. `ValueError` when nobody knows it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError, TypeError) as wrong:
        raise ValueError("no such zone") from wrong


def moment_of(day: date, at: time, zone: ZoneInfo) -> datetime:
    """When that day's clock shows `at`, in UTC.

    In the repeated hour of autumn the first of the two; in the missing hour of spring the first minute after it.
    """
    moment = datetime.combine(day, at, zone).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == datetime.combine(day, at):
        return moment
    # Missing: with fold=1 Python reads it by the later offset, which lies before the change; fold=0 lies after.
    before, after = datetime.combine(day, at.replace(fold=1), zone).astimezone(UTC), moment
    offset = after.astimezone(zone).utcoffset()
    while after - before > timedelta(minutes=1):
        middle = before + timedelta(minutes=(after - before) // timedelta(minutes=2))
        before, after = (before, middle) if middle.astimezone(zone).utcoffset() == offset else (middle, after)
    return after


def moments(hours: Hours, start: datetime, end: datetime, taken: frozenset[date] = frozenset()) -> list[Due]:
    """The reminders due from `start` (UTC, included) to `end` (not included), at most one a local day.

    Days in `taken` have had theirs: after a journey or a changed hour nobody is reminded twice on one date.
    """
    due = []
    day, last = start.astimezone(hours.zone).date(), end.astimezone(hours.zone).date()
    while day <= last:
        if hours.on(day) and day not in taken:
            at = hours.at_on(day)
            moment = moment_of(day, at, hours.zone)
            # A gap that swallows the end of a day (or, at the date line, all of it) leaves no such time that day.
            same_day = moment.astimezone(hours.zone).date() == day
            if same_day and start <= moment < end and not is_quiet(hours, moment):
                due.append(Due(day, f"{at:%H:%M}", moment, moment + LIVE_FOR))
        day += timedelta(days=1)
    return due


def is_quiet(hours: Hours, moment: datetime) -> bool:
    """Whether the client's clock is in their quiet hours then. They may span midnight; equal ends mean none.

    A night goes on to its end by the hours of the day it began on: the first morning of a shift is still the night
    before it, and the last night of a shift does not stop at midnight.
    """
    local = moment.astimezone(hours.zone)
    day, clock = local.date(), local.time().replace(tzinfo=None)
    start, end = hours.quiet_on(day) or NEVER
    if start <= clock and (clock < end or end < start):
        return True
    start, end = hours.quiet_on(day - timedelta(days=1)) or NEVER
    return clock < end < start


def quiet_from(hours: Hours, start: datetime, end: datetime) -> datetime | None:
    """The first minute after `start` and before `end`, a few hours later, that is quiet; None when there is none."""
    zone = hours.zone
    if start.astimezone(zone).utcoffset() != end.astimezone(zone).utcoffset():
        # The clock is changed on the way, and may go back into quiet hours or jump over their beginning.
        first = start.replace(second=0, microsecond=0) + timedelta(minutes=1)
        minutes = (first + timedelta(minutes=n) for n in range((end - start) // timedelta(minutes=1) + 1))
        return next((at for at in minutes if at < end and is_quiet(hours, at)), None)
    local, last = (at.astimezone(zone).replace(tzinfo=None) for at in (start, end))
    days = {local.date(), last.date()}
    begins = [start + (datetime.combine(day, quiet[0]) - local) for day in days if (quiet := hours.quiet_on(day))]
    return min((at for at in begins if start < at < end and is_quiet(hours, at)), default=None)


def cap(rules: int, most: int | None = None) -> int:
    """How many a day at most: as they said, else one, or two for somebody with more than one rule (design.md 7)."""
    return max(1, min(rules if most is None else most, MOST_A_DAY))


def objection(facts: Facts, now: datetime) -> str | None:
    """Why this delivery is not to be sent at `now`, as a code; None when nothing speaks against it."""
    if now >= facts.expires_at:
        return "too-late"
    if facts.hours is None or not facts.hours.on(facts.local_date):
        return "rule-ended"
    if not facts.in_care:
        return "care-ended"
    if not facts.to_do:
        return "nothing-to-do"
    if is_quiet(facts.hours, now):
        return "quiet-hours"
    if facts.counts and facts.sent_that_day >= cap(facts.rules, facts.most):
        return "enough-today"
    return None if facts.phones else "no-phone"


def next_try(
    attempts: int, now: datetime, expires_at: datetime, retry_after: timedelta | None, jitter: float
) -> datetime | None:
    """When to try again after `attempts` tries (1 or more), or None when that would be too late.

    `jitter` from 0 to 1 spreads the wait by up to a fifth, so that ten thousand phones do not come back at once.
    What the push service asked for is never undercut.
    """
    if attempts > len(WAITS):
        return None
    wait = WAITS[attempts - 1] * (1 + jitter / 5)
    again = now + max(wait, retry_after or timedelta(0))
    return again if again < expires_at else None


def after_outcomes(
    stalls: int, rest_until: datetime | None, *, answered: bool, stalled: int, asked: timedelta | None, now: datetime
) -> tuple[int, datetime | None]:
    """The breaker of one push service after a few messages: (stalls in a row, left alone until).

    `answered`: one of them was answered for good. `stalled`: so many were not. `asked`: what Retry-After says; who
    asks for a day is tried by a few messages after a quarter of an hour all the same, as one that stalled is.
    """
    stalls = 0 if answered else stalls + stalled
    rest_until = None if answered else rest_until
    if stalls >= STALLS and stalled:
        doubled = REST * 2 ** min(stalls // STALLS - 1, 8)
        rest_until = max(rest_until or now, now + min(doubled, LONGEST_REST))
    if asked:
        stalls, rest_until = max(stalls, STALLS), max(rest_until or now, now + min(asked, LONGEST_REST))
    return stalls, rest_until


def retry_after(header: str | None, now: datetime) -> timedelta | None:
    """What a Retry-After header asks for (seconds or an HTTP date, RFC 9110 10.2.3), or None if unreadable."""
    text = (header or "").strip()
    if text.isascii() and text.isdecimal():
        return timedelta(seconds=min(int(text[:9]), 86_400))
    try:
        until = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    until = until.replace(tzinfo=UTC) if until.tzinfo is None else until
    return min(max(until - now, timedelta(0)), timedelta(days=1))


def topic(code: str) -> str:
    """The Topic of a message: 22 base64url characters from the code, so that a repeat replaces the first.

    Hashed, because the push service reads it, and the code itself is for the phone only (RFC 8030 5.4).
    """
    return base64.urlsafe_b64encode(hashlib.sha256(f"topic|{code}".encode()).digest()[:16])[:22].decode()


def notification(body: str, code: str, base_url: str, proof: str = "", later: str = "") -> dict[str, object]:
    """The declarative payload, neutral at every level: its body (`wording.body`) tells nothing to whoever sees it.

    With `proof` the phone's worker can say, signed out, that it showed this one; without it nobody asks.
    `later` is the word of the button that puts it off; without it there is none.
    """
    return {
        "web_push": 8030,
        "notification": {
            "title": TITLE,
            "body": body,
            "navigate": f"{base_url}/#r={code}",
            "tag": code,
            "silent": False,
            "mutable": True,
            "data": {"proof": proof} | ({"later": later} if later else {}),
        },
    }
