"""M11 and the estimators of time to an event, with those still followed counted as long as they were. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from server.engagement.rules.counts import Figures, attempts

DISENGAGED, DISCHARGED = "disengaged", "discharged"
QUIET_FOR = timedelta(days=21)  # clinical.md F2, M11
INTERVALS_WITH_NOTHING = 2


@dataclass(frozen=True)
class Followed:
    """One course of treatment: days until the event, or until nobody could have seen one (`event` None)."""

    days: float
    event: str | None


@dataclass(frozen=True)
class Done:
    """One closed interval as M11 needs it."""

    closed_at: datetime
    figures: Figures


def disengagement(
    *,
    began_at: datetime,
    intervals: Sequence[Done],
    entries_at: Iterable[datetime],
    ended_at: datetime | None,
    as_of: datetime,
    known_until: datetime | None = None,
) -> Followed:
    """M11. Days from the first agreed task to disengagement, discharge or the end of looking, whichever is first.

    Disengaged: the end of the second of two eligible intervals in a row with nothing tried (M2 = 0), or 21 days without
    an entry while in treatment (clinical.md F2). Discharge competes with it: who left in good order cannot disengage.
    Both ways for what is not known: silence is no entry; or, with `known_until` (the last contact that left nothing
    unsent), intervals of unknown alone say nothing and nobody is called quiet past that moment (F3.11).
    """
    stop = min(one for one in (ended_at, as_of, known_until) if one is not None)
    found = [
        at
        for at in (_two_with_nothing(intervals, known_until is not None), _quiet(began_at, entries_at, stop))
        if at is not None and at <= stop
    ]
    if found:
        return Followed(_days(began_at, min(found)), DISENGAGED)
    return Followed(_days(began_at, stop), DISCHARGED if ended_at is not None and stop == ended_at else None)


def cumulative_incidence(courses: Sequence[Followed], event: str) -> list[tuple[float, float]]:
    """Of all who began, the share that had this event by each day on which anybody had it: (days, share of 1).

    Aalen & Johansen 1978: the sum over event times of S(t-) x d(t) / n(t), S being the share free of *every* event.
    Kaplan-Meier with discharge as censoring would call more people disengaged than there are.
    """
    at_risk, free, incidence = len(courses), 1.0, 0.0
    curve: list[tuple[float, float]] = []
    for day in sorted({one.days for one in courses}):
        here = [one.event for one in courses if one.days == day]
        ours, every = here.count(event), len(here) - here.count(None)
        if ours:
            incidence += free * ours / at_risk
            curve.append((day, incidence))
        free *= 1 - every / at_risk
        at_risk -= len(here)
    return curve


def still_engaged(courses: Sequence[Followed]) -> list[tuple[float, float]]:
    """S(t): the share of all who began that had neither event by each day: (days, share of 1). Kaplan & Meier 1958."""
    at_risk, free = len(courses), 1.0
    curve: list[tuple[float, float]] = []
    for day in sorted({one.days for one in courses}):
        here = [one.event for one in courses if one.days == day]
        if any(here):
            free *= 1 - (len(here) - here.count(None)) / at_risk
            curve.append((day, free))
        at_risk -= len(here)
    return curve


def median_survival(times: Sequence[tuple[float, bool]]) -> float | None:
    """The time by which half had the event: (time, whether it was the event or the end of looking)."""
    curve = still_engaged([Followed(time, "event" if event else None) for time, event in times])
    return next((time for time, free in curve if free <= 0.5 + 1e-12), None)


def _two_with_nothing(intervals: Sequence[Done], known_only: bool) -> datetime | None:
    in_a_row = 0
    for one in sorted(intervals, key=lambda one: one.closed_at):
        tried = attempts(one.figures.told, leave_out_unknown=known_only)
        if tried.of:  # an interval with nothing eligible is passed over: it neither counts nor begins afresh
            in_a_row = 0 if tried.count else in_a_row + 1
        if in_a_row == INTERVALS_WITH_NOTHING:
            return one.closed_at
    return None


def _quiet(began_at: datetime, entries_at: Iterable[datetime], stop: datetime) -> datetime | None:
    """The end of the first 21 days without an entry that lie in the time looked at."""
    last = began_at
    for at in [*sorted(at for at in entries_at if began_at <= at <= stop), stop]:
        if at - last >= QUIET_FOR:
            return last + QUIET_FOR
        last = at
    return None


def _days(start: datetime, end: datetime) -> float:
    return max((end - start).total_seconds() / 86400, 0.0)
