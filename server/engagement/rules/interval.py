"""Which work belongs to an interval, as every page shows it. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from server.caseload.rules import Interval, Meeting
from server.engagement.rules.counts import Figures
from server.engagement.rules.told import Told, within


def interval_figures(
    told: Iterable[Told], interval: Interval | None, meetings: Sequence[Meeting], now: datetime
) -> Figures:
    """The figures of one interval, the same on every page; none before the first.

    What falls due long after the next appointment is not its work yet: a dated time up to the next day, one for any
    day of its week up to a week on. None of that is below a line, so the shares are those of the whole interval.
    """
    if interval is None:
        return Figures(())
    until = looked_at(meetings, interval, now)
    held = within(told, interval.opens_at, interval.closes_at)
    return Figures(tuple(o for o in held if o.state not in ("planned", "moved") or o.due_at <= until + _reach(o.slot)))


def looked_at(meetings: Iterable[Meeting], interval: Interval, now: datetime) -> datetime:
    """When the work of an interval is looked at: at the first appointment still to be held since it opened."""
    to_come = (m.starts_at for m in meetings if m.state == "planned" and m.starts_at > interval.opens_at)
    return max(now, next(to_come, now))


def _reach(slot: str) -> timedelta:
    return timedelta(days=1) if slot[:1].isdigit() else timedelta(days=7)
