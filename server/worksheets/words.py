"""One answer in words: numbers, lengths of time, choices, days. Pure; twin: pwa/src/worksheet/reading.ts."""

from __future__ import annotations

import json
import math
from typing import Any

from server.worksheets.definition import OTHER, Field
from server.worksheets.moments import day_of, in_words, moment_of
from server.worksheets.scope import is_number, is_own_words, is_words


def answer_in_words(field: Field, value: Any) -> str:
    """What was answered, as a person reads it. What does not fit its field is shown as it was kept."""
    if field.type == "scale" and is_number(value):
        return f"{plain(value)} out of {plain(field.max or 0)}"
    if field.type == "number" and is_number(value):
        return number_in_words(value, field.unit)
    if field.type == "duration" and is_number(value):
        return minutes_in_words(value)
    if field.type == "boolean" and isinstance(value, bool):
        return "Yes" if value else "No"
    if field.type == "choices" and isinstance(value, list):
        return ", ".join(_chosen(field, one) for one in value if is_words(one) or is_own_words(field, one))
    if field.type == "choice" and (isinstance(value, str) or is_own_words(field, value)):
        return _chosen(field, value)
    return _when(field, value) or as_kept(value)


def number_in_words(value: float, unit: str | None) -> str:
    """12.5 %, 3 points, 1 point, 85 minutes as 1 hour 25 minutes."""
    if unit == "minutes":
        return minutes_in_words(value)
    if unit == "points":
        return _counted(value, "point")
    return f"{plain(value)} {unit}" if unit and unit != "%" else f"{plain(value)}{unit or ''}"


def minutes_in_words(value: float) -> str:
    """1 hour 15 minutes."""
    if value < 60:
        return _counted(value, "minute")
    hours, rest = math.floor(value / 60), value - 60 * math.floor(value / 60)
    return _counted(hours, "hour") + (f" {_counted(rest, 'minute')}" if rest else "")


def plain(value: float) -> str:
    """A number without a needless .0, to two decimals at most."""
    rounded = math.floor(value * 100 + 0.5) / 100
    return str(int(rounded)) if rounded == int(rounded) else str(rounded)


def as_kept(value: Any) -> str:
    """Text as it is; anything else as the JSON it was kept as."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _counted(value: float, word: str) -> str:
    return f"{plain(value)} {word}" + ("" if plain(value) in ("1", "-1") else "s")


def _chosen(field: Field, value: Any) -> str:
    if isinstance(value, dict):
        return f"Other: {value[OTHER]}"
    return next((option.label for option in field.options if option.code == value), str(value))


def _when(field: Field, value: Any) -> str | None:
    """Wednesday 4 March 2026 at 23:15; None where it is no day and no moment."""
    if field.type == "moment" and moment_of(value):
        return f"{in_words(moment_of(value).date())} at {value[11:]}"
    day = day_of(value) if field.type == "date" else None
    return in_words(day) if day else None
