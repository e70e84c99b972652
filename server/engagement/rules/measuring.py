"""M18 for a whole service: how many can be compared, and whether those who can began like the rest. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from server.engagement.rules.told import Share
from server.measures.rules import Dated


@dataclass(frozen=True)
class Pairing:
    """Paired of started, and the mean first and last scores of both; means are None over nobody.

    A mean change without `share` beside it says nothing: of 192 who began 46 had both, and those 46 began worse than
    the whole (clinical.md section 0).
    """

    share: Share  # courses with a first and a later score, of courses with any
    first_of_all: float | None
    first_of_paired: float | None
    last_of_paired: float | None


def pairing(courses: Iterable[Iterable[Dated]]) -> Pairing:
    """M18 of one scale, over courses: who is paired is as in `measures.rules.paired_counts` (clinical.md F2).

    First and last are scores with a value on two different days; of two on one day the one given later counts.
    """
    scored = [{one.taken_on: float(one.score.value) for one in each if one.score.value is not None} for each in courses]
    started = [days for days in scored if days]
    both = [days for days in started if len(days) > 1]
    return Pairing(
        Share(len(both), len(started)),
        _mean([days[min(days)] for days in started]),
        _mean([days[min(days)] for days in both]),
        _mean([days[max(days)] for days in both]),
    )


def _mean(values: Sequence[float]) -> float | None:
    return fmean(values) if values else None
