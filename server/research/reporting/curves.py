"""Time to an event with another that competes (Aalen and Johansen 1978), worked out again from the bundle. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One moment at which anything happened to anybody: the shares from then on."""

    days: float
    at_risk: int  # just before it
    disengaged: float
    discharged: float

    @property
    def engaged(self) -> float:
        """Neither so far: with the two others it makes 1."""
        return 1 - self.disengaged - self.discharged


def incidence(courses: Sequence[tuple[float, str]]) -> list[Step]:
    """Both cumulative incidences: over event times the sum of S(t-) × d(t) ÷ n(t), S free of either event.

    `courses`: (days, disengaged · discharged · still_followed). Who is still followed leaves the risk set after their
    day, so that of one day events come first.
    """
    at_risk, shares = len(courses), {"disengaged": 0.0, "discharged": 0.0}
    steps: list[Step] = []
    by_day: dict[float, list[str]] = {}
    for days, event in courses:
        by_day.setdefault(days, []).append(event)
    for days in sorted(by_day):
        free = 1 - sum(shares.values())
        for event in shares:
            shares[event] += free * by_day[days].count(event) / at_risk
        steps.append(Step(days, at_risk, **shares))
        at_risk -= len(by_day[days])
    return steps


def at(steps: Sequence[Step], day: float) -> Step | None:
    """The last step up to a day; None before the first."""
    return next((one for one in reversed(steps) if one.days <= day), None)


def followed(courses: Sequence[tuple[float, str]], day: float) -> int:
    """How many are still at risk just after a day."""
    return sum(days > day for days, _ in courses)
