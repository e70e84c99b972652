"""Occurrences for the tests of the figures, as many as wanted in each state."""

from datetime import UTC, datetime, timedelta

from server.caseload.rules import Interval
from server.engagement.queries import told_of
from server.engagement.rules import Figures, Told, within
from server.people.models import Client

DUE = datetime(2026, 11, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def told(state, n=1, due=DUE, **more) -> Told:
    """One of assignment *a*, due at midnight after its day."""
    return Told(more.pop("assignment", "a"), f"2026-11-08#{n}", state, (due - DAY).date(), due, **more)


def many(**counts: int) -> list[Told]:
    """So many in each state: many(done=3, unknown=1)."""
    return [told(state, n) for state, count in counts.items() for n in range(count)]


def of_interval(client: Client, interval: Interval, now: datetime) -> Figures:
    """The figures of one interval, from the rows of somebody who has but one course."""
    return Figures(tuple(within(told_of([client.id], now)[client.id], interval.opens_at, interval.closes_at)))
