"""M18: of those who began with a measure, how many have a first and a last score to compare. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from statistics import fmean

from server.engagement.rules.told import Share


@dataclass(frozen=True)
class Taken:
    """One score of one scale in one course of treatment; `value` None when it could not be scored."""

    episode: str
    scale: str
    taken_on: date
    value: float | None


@dataclass(frozen=True)
class Pairing:
    """How many began, how many can be compared, and whether those who can be began like the rest.

    Means are None over nobody. A mean change without `share` beside it says nothing (clinical.md section 0: of 192
    who began, 46 had both, and the 46 began worse than the whole).
    """

    share: Share  # paired of started
    first_of_all: float | None
    first_of_paired: float | None
    last_of_paired: float | None


def pairings(taken: Iterable[Taken]) -> dict[str, Pairing]:
    """M18, by scale: courses with a first and a last score ÷ courses with any score (clinical.md F2, section 0).

    First and last are two scores of different days; an unscored one is none. Of several on a day the last given counts.
    """
    courses: dict[str, dict[str, dict[date, float]]] = {}
    for one in taken:
        if one.value is not None:
            courses.setdefault(one.scale, {}).setdefault(one.episode, {})[one.taken_on] = one.value
    return {scale: _pairing(list(by_episode.values())) for scale, by_episode in sorted(courses.items())}


def _pairing(courses: list[dict[date, float]]) -> Pairing:
    both = [days for days in courses if len(days) > 1]
    return Pairing(
        Share(len(both), len(courses)),
        _mean([days[min(days)] for days in courses]),
        _mean([days[min(days)] for days in both]),
        _mean([days[max(days)] for days in both]),
    )


def _mean(values: list[float]) -> float | None:
    return fmean(values) if values else None
