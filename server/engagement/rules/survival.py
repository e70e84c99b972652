"""M11 and the estimators of time to an event, with those still followed counted as long as they were. Pure."""

from collections.abc import Sequence


def median_survival(times: Sequence[tuple[float, bool]]) -> float | None:
    """The time by which half had the event: (time, whether it was the event or the end of looking)."""
    at_risk, survival = len(times), 1.0
    for time in sorted({time for time, event in times}):
        events = sum(t == time and event for t, event in times)
        if events:
            survival *= 1 - events / at_risk
            if survival <= 0.5 + 1e-12:
                return time
        at_risk -= sum(t == time for t, _ in times)
    return None
