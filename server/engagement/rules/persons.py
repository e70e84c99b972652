"""M12, and several clients together: a person against themself first (Cernasov 2023), then everybody. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean

from server.engagement.rules.counts import attempts
from server.engagement.rules.told import Share, Told, within

LANDMARK = 3  # attended appointments (clinical.md F3.6)


@dataclass(frozen=True)
class Landmark:
    """Somebody who was still in treatment at the landmark, by what they did up to it and not a day later."""

    at: datetime
    tried: Share


def person_mean(values: Iterable[float | None]) -> float | None:
    """mean_i of M12: over the intervals that have a value; None without any. Unit: that of the values."""
    known = [value for value in values if value is not None]
    return fmean(known) if known else None


def within_person(values: Sequence[float | None]) -> list[float | None]:
    """M12. E_it - mean_i: each interval against the same person's own average (clinical.md F2; Cernasov 2023)."""
    mean = person_mean(values)
    return [None if value is None or mean is None else value - mean for value in values]


def between_persons(means: Sequence[float | None]) -> list[float | None]:
    """M12. mean_i - grand: each person's average against the mean of all persons' averages (clinical.md F2)."""
    return within_person(means)


def client_weighted(shares: Iterable[Share]) -> float | None:
    """The mean of each client's own ratio: everybody weighs the same. The one to report first (clinical.md F3.13)."""
    return person_mean(share.rate for share in shares)


def pooled(shares: Iterable[Share]) -> Share:
    """All counts in one ratio: who was given more weighs more. The second one to report (clinical.md F3.13)."""
    several = list(shares)
    return Share(sum(share.count for share in several), sum(share.of for share in several))


def landmark(
    told: Iterable[Told], attended: Sequence[datetime], ended_at: datetime | None, at: int = LANDMARK
) -> Landmark | None:
    """M2 up to the third attended appointment, of those who were still there then; None for who left before.

    To do six tasks one has to stay for six: what is counted over a whole treatment says how long somebody stayed.
    Compare what came before a fixed moment with what comes after it (clinical.md F3.6, immortal time).
    """
    if len(attended) < at:
        return None
    moment = sorted(attended)[at - 1]
    if ended_at is not None and ended_at <= moment:
        return None
    several = list(told)
    first = min((o.counts_at for o in several), default=moment)
    return Landmark(moment, attempts(within(several, first, moment)))


def with_next(values: Sequence[float | None], later: Sequence[float | None]) -> list[tuple[float | None, float | None]]:
    """(E_it, score at t+1): each interval's engagement with the score of the next one (clinical.md F3.6, F3.7).

    Say *associated with*: feeling better lets people practise, too.
    """
    return list(zip(values, [*later[1:], None], strict=False))
