"""Figures worked out from answers, of four named kinds. Pure; twin: pwa/src/worksheet/derived.ts."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, TypedDict
from zoneinfo import ZoneInfo

from server.worksheets.definition import Derived, Worksheet
from server.worksheets.moments import day_of, last_before, minutes_between, time_of, zone_of
from server.worksheets.scope import LARGEST_NUMBER, Scope, answered, is_answered, items, number_of, visible
from server.worksheets.words import number_in_words

LONGEST_NIGHT = 24 * 60  # minutes: longer than this, two times were mixed up
ANY_DAY = date(2001, 1, 1)  # where the day is not known, the clock is taken as it stands


class Figure(TypedDict):
    """A value, or None with why: missing, start_is_zero, order, negative, no_time_in_bed, too_large."""

    value: float | None
    reason: str | None


def derived(worksheet: Worksheet, answers: Any, zone: str | None = None) -> dict[str, Figure]:
    """Every derived figure by its id, to one decimal. `zone`: the client's, for nights of a clock change."""
    scope = visible(worksheet.fields, answers, {})
    return {one.id: _KINDS.get(one.kind, _unknown)(one, scope, zone) for one in worksheet.derived}


def derived_rows(worksheet: Worksheet, answers: Any, zone: str | None = None) -> list[tuple[str, str]]:
    """(label, text) of each figure that could be worked out, in order."""
    figures, rows = derived(worksheet, answers, zone), []
    for one in worksheet.derived:
        value = figures[one.id]["value"]
        if value is not None:
            rows.append((one.label, number_in_words(value, one.unit)))
    return rows


def ends_of(one: Derived, scope: Scope) -> list[tuple[float, float]]:
    """From where to where it went: one pair, or with a list one for each item that has both. Empty for other kinds."""
    return _pairs(one, scope) if one.start and one.end else []


def to_one_decimal(value: float) -> float:
    """Halves upwards, as the twin does."""
    return math.floor(value * 10 + 0.5) / 10


def _difference(one: Derived, scope: Scope, zone: str | None) -> Figure:
    """End minus start; over a list, the mean of it over the items that have both."""
    return _over_pairs(one, scope, lambda start, end: end - start)


def _percent_reduction(one: Derived, scope: Scope, zone: str | None) -> Figure:
    """(start − end) ÷ start × 100 (clinical reference B3, facing-fears practice)."""
    if any(start == 0 for start, _ in _pairs(one, scope)):
        return _none("start_is_zero")
    return _over_pairs(one, scope, lambda start, end: (start - end) / start * 100)


def _mean(one: Derived, scope: Scope, zone: str | None) -> Figure:
    """Mean of the answers there are; a choice counts as its option's score."""
    places = [scope] if one.list is None else _items(one.list, scope)
    found = [_number(name, place) for place in places for name in one.of]
    return _mean_of([value for value in found if value is not None])


def _sleep_efficiency(one: Derived, scope: Scope, zone: str | None) -> Figure:
    """One figure of a night, in minutes or percent.

    In bed: out_of_bed − into_bed. Asleep: (final_wake − tried_to_sleep) − sol − waso.
    Efficiency: asleep ÷ in bed × 100. Source: clinical reference B3 (Carney 2012,
    doi:10.5665/sleep.1642; definitions as in PMC9672415).
    """
    night = one.night or {}
    in_bed, window = _spans(night, scope, zone)
    awake = [_number(night.get("sol"), scope), _waso(night, scope)]
    if in_bed is None or window is None:
        return _none("missing")
    if in_bed >= LONGEST_NIGHT:
        return _none("order")
    if one.part == "in_bed":
        return _figure(in_bed)
    if awake[0] is None or awake[1] is None:
        return _none("missing")
    asleep = window - awake[0] - awake[1]
    if asleep < 0:
        return _none("negative")
    if one.part == "asleep":
        return _figure(asleep)
    return _figure(asleep / in_bed * 100) if in_bed > 0 else _none("no_time_in_bed")


def _spans(night: dict[str, str], scope: Scope, zone: str | None) -> tuple[float | None, float | None]:
    """Minutes in bed, and from trying to sleep to waking. Read backwards from getting up, over midnight."""
    names = ("out_of_bed", "final_wake", "tried_to_sleep", "into_bed")
    up, wake, tried, into = (time_of(_value(night.get(name), scope)) for name in names)
    if up is None or wake is None or tried is None or into is None:
        return None, None
    day, place = _day_and_zone(_value(night.get("date"), scope), zone)
    risen = datetime.combine(day, up)
    woke = last_before(risen, wake)
    trying = last_before(woke, tried)
    in_bed_at = last_before(trying, into)
    return minutes_between(in_bed_at, risen, place), minutes_between(trying, woke, place)


def _day_and_zone(written: Any, zone: str | None) -> tuple[date, ZoneInfo | None]:
    day = day_of(written)
    if day is None or day < date(1900, 1, 1) + timedelta(days=7):
        return ANY_DAY, None
    return day, zone_of(zone)


def _waso(night: dict[str, str], scope: Scope) -> float | None:
    """Minutes awake in the night. A question that was not on show means none."""
    return _number(night["waso"], scope) if night.get("waso") in scope else 0.0


def _unknown(one: Derived, scope: Scope, zone: str | None) -> Figure:
    return _none("missing")


_KINDS: dict[str, Callable[[Derived, Scope, str | None], Figure]] = {
    "difference": _difference,
    "percent_reduction": _percent_reduction,
    "mean": _mean,
    "sleep_efficiency": _sleep_efficiency,
}


def _over_pairs(one: Derived, scope: Scope, work_out: Callable[[float, float], float]) -> Figure:
    return _mean_of([work_out(start, end) for start, end in _pairs(one, scope)])


def _pairs(one: Derived, scope: Scope) -> list[tuple[float, float]]:
    places = [scope] if one.list is None else _items(one.list, scope)
    found = [(_number(one.start, place), _number(one.end, place)) for place in places]
    return [(start, end) for start, end in found if start is not None and end is not None]


def _items(name: str, scope: Scope) -> list[Scope]:
    return items(*scope[name], scope) if name in scope else []


def _value(name: str | None, scope: Scope) -> Any:
    return scope[name][1] if name is not None and is_answered(name, scope) else None


def _number(name: str | None, scope: Scope) -> float | None:
    if name is None or name not in scope:
        return None
    field, value = scope[name]
    if not answered(field, value, scope):
        return None
    number = number_of(field, value)
    return None if number is None else float(number)


def _mean_of(values: list[float]) -> Figure:
    if not values:
        return _none("missing")
    total = 0.0
    for value in values:  # not sum(): from Python 3.12 on it rounds otherwise than the twin
        total += value
    return _figure(total / len(values))


def _figure(value: float) -> Figure:
    if abs(value) > LARGEST_NUMBER:
        return _none("too_large")
    return {"value": to_one_decimal(value), "reason": None}


def _none(reason: str) -> Figure:
    return {"value": None, "reason": reason}
