"""Occurrences for the tests of the figures, as many as wanted in each state."""

from datetime import UTC, datetime, timedelta

from server.engagement.rules import Told

DUE = datetime(2026, 11, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def told(state, n=1, due=DUE, **more) -> Told:
    """One of assignment *a*, due at midnight after its day."""
    return Told(more.pop("assignment", "a"), f"2026-11-08#{n}", state, (due - DAY).date(), due, **more)


def many(**counts: int) -> list[Told]:
    """So many in each state: many(done=3, unknown=1)."""
    return [told(state, n) for state, count in counts.items() for n in range(count)]
