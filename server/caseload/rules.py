"""Intervals, from one attended appointment to the next, and what follows from what becomes of an appointment. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

LAST_INTERVAL_DAYS = 21  # clinical.md F1: without a next appointment an interval closes at discharge or after 21 days


@dataclass(frozen=True)
class Meeting:
    """One appointment as one client met it: its id, start, newest state, way of meeting and practitioner."""

    appointment_id: str
    starts_at: datetime
    state: str
    mode: str
    kind: str
    zone: str
    practitioner_id: str
    minutes: int = 30


@dataclass(frozen=True)
class Interval:
    """The unit in which between-session work is counted and reviewed: [opens_at, closes_at).

    `number` counts from 1. `opening` is the attended appointment it starts with (None for work agreed before any),
    `closing` the attended one that ends it (None while it is open, or when discharge or time ended it).
    """

    number: int
    opens_at: datetime
    closes_at: datetime | None
    opening: str | None
    closing: str | None

    @property
    def key(self) -> str:
        """How a per-appointment slot names this interval."""
        return self.opening or "start"

    def holds(self, moment: datetime) -> bool:
        """Whether a moment lies in this interval."""
        return self.opens_at <= moment and (self.closes_at is None or moment < self.closes_at)

    def is_looked_at(self, made_in: str | None, at: datetime) -> bool:
        """Whether what staff wrote down at a moment, in an appointment or in none, is about the work of this interval.

        In the appointment that closed it, or within it; what was written in its opening one is about the one before.
        """
        if made_in is not None and made_in in (self.opening, self.closing):
            return made_in == self.closing
        return self.holds(at)


@dataclass(frozen=True)
class Became:
    """What follows from one thing that becomes of an appointment.

    `closes`: whether the interval ends there and the next one begins. `counts`: where the work is counted.
    `tasks`: what becomes of tasks that are agreed. `reminders`: what becomes of theirs. In words, for the handbook;
    tests/caseload/test_table.py holds each row to what the actions do.
    """

    closes: bool
    counts: str
    tasks: str
    reminders: str


_GO_ON = "They go on as agreed."
_UNTIL_THEN = "A task for the next appointment is due at the new time; others keep their days."
_SAME = "In the same interval: it stays open."

# design.md 5: what becomes of an appointment × interval, due tasks, reminders. Only an attended one closes an interval.
BECAME: dict[str, Became] = {
    "planned": Became(False, _SAME, "A task for the next appointment is due when it begins.", _GO_ON),
    "attended": Became(True, "In the interval that ends there; what comes after, in the next.", _GO_ON, _GO_ON),
    "missed": Became(False, _SAME, "A task for the next appointment waits for the one after.", _GO_ON),
    "cancelled_by_client": Became(False, _SAME, "A task for the next appointment waits for the one after.", _GO_ON),
    "cancelled_by_service": Became(False, _SAME, "A task for the next appointment waits for the one after.", _GO_ON),
    "moved_earlier": Became(False, "In the same interval: it ends where they meet.", _UNTIL_THEN, _GO_ON),
    "moved_later": Became(False, "In the same interval: it ends where they meet.", _UNTIL_THEN, _GO_ON),
    "none_booked": Became(False, "In the same interval, for up to 21 days.", _GO_ON, _GO_ON),
}
CLOSES = {state: became.closes for state, became in BECAME.items()}
TOOK_PLACE = ("attended", "missed")  # what nobody can say of an appointment whose day has not begun
NEWS_LASTS = timedelta(days=7)  # how long a phone says what became of an appointment
MET_LASTS = timedelta(days=1)  # and that they met


def day_has_begun(starts_at: datetime, now: datetime, zone: str) -> bool:
    """Whether the day of an appointment has begun on the service's wall: from then on a call may begin early."""
    return starts_at.astimezone(ZoneInfo(zone)).date() <= now.astimezone(ZoneInfo(zone)).date()


@dataclass(frozen=True)
class News:
    """What a phone says of the next or the last appointment: a row of `BECAME`, when it was to be, and when it is now.

    `was` is None where there was none, `now` where there is no other.
    """

    what: str
    was: datetime | None = None
    now: datetime | None = None
    zone: str = ""


def next_of(meetings: Iterable[Meeting], now: datetime) -> Meeting | None:
    """The next that is planned, of appointments oldest first."""
    return next((m for m in meetings if m.state == "planned" and m.starts_at >= now), None)


def news_of(meetings: Iterable[Meeting], moved: Mapping[str, tuple[datetime, datetime]], now: datetime) -> News | None:
    """What a phone says about appointments at a moment, or None where the next one is simply as it was.

    `moved`: appointment → (when it was to be before, when somebody moved it), of the planned ones that moved.
    """
    ordered = sorted(meetings, key=lambda m: m.starts_at)
    coming = next_of(ordered, now)
    if coming and coming.appointment_id in moved:
        was, at = moved[coming.appointment_id]
        if was != coming.starts_at and now - at <= NEWS_LASTS:
            what = "moved_earlier" if coming.starts_at < was else "moved_later"
            return News(what, was, coming.starts_at, coming.zone)
    past = [m for m in ordered if m.state != "planned" and (m.starts_at <= now or m.state not in TOOK_PLACE)]
    last = past[-1] if past else None
    if last and now - last.starts_at <= (MET_LASTS if last.state == "attended" else NEWS_LASTS):
        return News(last.state, last.starts_at, coming.starts_at if coming else None, last.zone)
    return None if coming or not ordered else News("none_booked")


def intervals(
    meetings: Iterable[Meeting], first_agreed_at: datetime | None, closed_at: datetime | None, now: datetime
) -> list[Interval]:
    """Every interval of an episode, oldest first.

    The first starts with the first agreed task (or the first attended appointment, whichever is earlier); each
    attended appointment closes one and opens the next; the last ends at discharge (`closed_at`), or after 21 days
    without an appointment to come. A moved appointment counts where it finally took place.
    """
    ordered = sorted(meetings, key=lambda m: m.starts_at)
    attended = [m for m in ordered if CLOSES[m.state]]
    starts: list[tuple[datetime, str | None]] = [(m.starts_at, m.appointment_id) for m in attended]
    if first_agreed_at is not None and (not starts or first_agreed_at < starts[0][0]):
        starts.insert(0, (first_agreed_at, None))
    found: list[Interval] = []
    for n, (opens_at, opening) in enumerate(starts):
        is_last = n + 1 == len(starts)
        closes_at, closing = (None, None) if is_last else starts[n + 1]
        if is_last:
            closes_at = _last_close(opens_at, ordered, closed_at, now)
        found.append(Interval(n + 1, opens_at, closes_at, opening, closing))
    return found


def _last_close(
    opens_at: datetime, ordered: Sequence[Meeting], closed_at: datetime | None, now: datetime
) -> datetime | None:
    if closed_at is not None:
        return max(closed_at, opens_at)
    to_come = any(m.state == "planned" and m.starts_at > opens_at for m in ordered)
    ran_out = opens_at + timedelta(days=LAST_INTERVAL_DAYS)
    return None if to_come or now < ran_out else ran_out


def interval_at(found: Sequence[Interval], moment: datetime) -> Interval | None:
    """The interval that holds a moment; the first for one before it, None when there are none."""
    for interval in reversed(found):
        if interval.opens_at <= moment:
            return interval
    return found[0] if found else None


def last_interval(found: Sequence[Interval], before: datetime) -> Interval | None:
    """The interval whose work an appointment at `before` opens on: the one that was open until then."""
    opened = [i for i in found if i.opens_at < before]
    return opened[-1] if opened else None
