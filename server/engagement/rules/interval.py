"""Which work belongs to an interval, as every page shows it. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from server.caseload.rules import Interval, Meeting
from server.engagement.rules.counts import Figures
from server.engagement.rules.told import Told, within

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


def interval_figures(
    told: Iterable[Told], interval: Interval | None, meetings: Sequence[Meeting], now: datetime
) -> Figures:
    """The figures of one interval, the same on every page; none before the first.

    What falls due long after the next appointment is not its work yet: a dated time counts up to the next day, one for
    any day of its week where that week begins before the day of the appointment. None of that is below a line, so the
    shares are those of the whole interval.
    """
    if interval is None:
        return Figures(())
    coming = _coming(meetings, interval)
    until = max(now, coming or now)
    held = within(told, interval.opens_at, interval.closes_at)
    return Figures(
        tuple(
            o
            for o in held
            if o.state not in ("planned", "moved") or o.due_at <= until + _reach(o.slot, coming is not None)
        )
    )


def counts_until(interval: Interval, meetings: Sequence[Meeting], now: datetime) -> datetime:
    """The moment after which nothing that is merely planned, or moved, is among the figures of an interval."""
    return max(now, _coming(meetings, interval) or now) + WEEK


def _coming(meetings: Iterable[Meeting], interval: Interval) -> datetime | None:
    """When the work of an interval is looked at: at the first appointment still to be held since it opened."""
    return next((m.starts_at for m in meetings if m.state == "planned" and m.starts_at > interval.opens_at), None)


def _reach(slot: str, to_an_appointment: bool) -> timedelta:
    """How long after that a time may fall due and still be its work.

    A week falls due when it is over. One that begins on the very day of the appointment is the next interval's work,
    but for the first of what is agreed there.
    """
    if slot[:1].isdigit():
        return DAY
    begins_later = slot.startswith("w") and not slot.startswith("w1#")
    return WEEK - DAY if begins_later and to_an_appointment else WEEK
