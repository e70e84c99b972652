"""M8, M9, M10 and M13: when it was done, by when it happened and never by when it was sent. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from server.engagement.rules.survival import median_survival
from server.engagement.rules.told import ATTEMPTED, Share, Told

ON_TIME_GRACE = timedelta(hours=24)  # clinical.md F2, M9
BACK_FILLED = timedelta(hours=24)  # clinical.md F2, M10
RHYTHM_DAYS = 28


@dataclass(frozen=True)
class Saved:
    """One entry as a phone first saved it: both moments by the phone's own clock."""

    happened_at: datetime
    saved_at: datetime


def latency_hours(told: Iterable[Told], until: datetime) -> float | None:
    """M8. Median hours from agreeing to the first attempt, over assignments; Kaplan-Meier, censored at `until`.

    None when fewer than half were ever tried. Source: clinical.md F2; Kaplan & Meier 1958.
    """
    first: dict[str, tuple[float, bool]] = {}
    for o in told:
        if not o.practice or o.agreed_at is None or o.agreed_at >= until:
            continue
        tried = o.state in ATTEMPTED and o.happened_at is not None and o.happened_at <= until
        hours = max(((o.happened_at if tried and o.happened_at else until) - o.agreed_at).total_seconds() / 3600, 0.0)
        held = first.get(o.assignment_id)
        if held is None or (tried and (not held[1] or hours < held[0])):
            first[o.assignment_id] = (hours, tried)
    return median_survival(list(first.values()))


def on_time(told: Iterable[Told]) -> Share:
    """M9. Attempts that happened before they were due, or within 24 hours after, out of attempts with a time.

    By when it happened, never by when it was sent (clinical.md F2, F3.9).
    """
    tried = [o for o in told if o.practice and o.state in ATTEMPTED and o.happened_at is not None]
    in_time = sum(o.happened_at <= o.due_at + ON_TIME_GRACE for o in tried if o.happened_at is not None)
    return Share(in_time, len(tried))


def entry_lag_hours(saved: Iterable[Saved]) -> float | None:
    """M10. Median hours from happening to saving; None without entries (clinical.md F2).

    Paper and telephone are left out by whoever calls: there the practitioner's typing would be measured (F3.10).
    """
    hours = [(one.saved_at - one.happened_at).total_seconds() / 3600 for one in saved]
    return median(hours) if hours else None


def back_filled(saved: Iterable[Saved]) -> Share:
    """M10. Entries saved more than 24 hours after they happened ÷ entries (clinical.md F2; Mausbach 2010).

    What is remembered later is rated otherwise, so it is told apart, never left out.
    """
    lags = [one.saved_at - one.happened_at for one in saved]
    return Share(sum(lag > BACK_FILLED for lag in lags), len(lags))


def rhythm_rows(told: Iterable[Told], today: date) -> list[Told]:
    """What M13 counts: planned times of the last 28 days, today among them, that belong below a line."""
    return [o for o in told if o.is_eligible and today - timedelta(days=RHYTHM_DAYS) < o.due_on <= today]


def practice_rhythm(told: Iterable[Told], today: date) -> Share:
    """M13. Of the planned days of the last four weeks, those with an attempt. No reset, ever (clinical.md F2).

    Dated slots of one day are one planned day; an undated slot (per week, per appointment) is one planned time.
    """
    planned: dict[tuple[str, str], bool] = {}
    for o in rhythm_rows(told, today):
        key = ("day", str(o.due_on)) if _is_dated(o) else (o.assignment_id, o.slot)
        planned[key] = planned.get(key, False) or o.state in ATTEMPTED
    return Share(sum(planned.values()), len(planned))


def planned_by(told: Iterable[Told], today: date) -> set[str]:
    """What the practice rhythm counts here: `day` for dated slots, `time` for undated ones; both, one or neither."""
    return {"day" if _is_dated(o) else "time" for o in rhythm_rows(told, today)}


def _is_dated(one: Told) -> bool:
    return one.slot[:1].isdigit()
