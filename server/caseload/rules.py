"""Intervals: from one attended appointment to the next. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

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


# What each state of an appointment does to the interval: only an attended one closes it (design.md 5).
CLOSES = {
    "attended": True,
    "missed": False,
    "cancelled_by_client": False,
    "cancelled_by_service": False,
    "planned": False,
}


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
