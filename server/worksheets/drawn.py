"""What of an entry can be drawn and compared: each figure, from where to where it went, on which range. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from server.worksheets.definition import Derived, Field, Worksheet
from server.worksheets.derived import derived, ends_of, to_one_decimal
from server.worksheets.scope import visible
from server.worksheets.words import number_in_words, plain

FEWEST = 3  # a mean of fewer says nothing about a person (clinical.md F3.2)


@dataclass(frozen=True)
class Ends:
    """From where to where, on a range: the two ends of a bar."""

    start: float
    end: float
    least: float
    most: float


@dataclass(frozen=True)
class Change:
    """One figure of an entry, with its two ends where it has them."""

    id: str
    label: str
    unit: str | None
    value: float
    ends: Ends | None


@dataclass(frozen=True)
class Average:
    """A person's own mean of a figure over their earlier entries, and over how many. Compared with nobody else."""

    value: float
    count: int
    ends: Ends | None


def changes(worksheet: Worksheet, answers: Any, zone: str | None = None) -> list[Change]:
    """Every figure of an entry that could be worked out, in the worksheet's order."""
    figures, scope = derived(worksheet, answers, zone), visible(worksheet.fields, answers, {})
    return [
        Change(one.id, one.label, one.unit, value, _ends(worksheet, one, scope))
        for one in worksheet.derived
        if (value := figures[one.id]["value"]) is not None
    ]


def own_average(name: str, earlier: Iterable[Sequence[Change]]) -> Average | None:
    """The mean of one figure over a person's earlier entries of the same worksheet; None under three of them."""
    found = [one for each in earlier for one in each if one.id == name]
    if len(found) < FEWEST:
        return None
    drawn = [one.ends for one in found if one.ends is not None]
    return Average(_mean([one.value for one in found]), len(found), _mean_ends(drawn) if drawn else None)


def in_words(change: Change) -> str:
    """-35 points, 80 to 45 · 82%."""
    said = number_in_words(change.value, change.unit)
    return f"{said}, {plain(change.ends.start)} to {plain(change.ends.end)}" if change.ends else said


def average_in_words(change: Change, average: Average) -> str:
    """-22 points, 78 to 56 (mean of 5 earlier entries)."""
    mean = Change(change.id, change.label, change.unit, average.value, average.ends)
    return f"{in_words(mean)} (mean of {average.count} earlier entries)"


def _ends(worksheet: Worksheet, one: Derived, scope: Any) -> Ends | None:
    pairs = ends_of(one, scope)
    asked = _asked(worksheet, one.list, one.end)
    if not pairs or asked is None or asked.min is None or asked.max is None or asked.max <= asked.min:
        return None
    return Ends(_mean([pair[0] for pair in pairs]), _mean([pair[1] for pair in pairs]), asked.min, asked.max)


def _asked(worksheet: Worksheet, of_list: str | None, name: str | None) -> Field | None:
    fields = worksheet.fields
    if of_list:
        fields = next((one.fields for one in fields if one.id == of_list), ())
    return next((one for one in fields if one.id == name), None)


def _mean_ends(drawn: Sequence[Ends]) -> Ends:
    last = drawn[-1]
    return Ends(_mean([one.start for one in drawn]), _mean([one.end for one in drawn]), last.least, last.most)


def _mean(values: Sequence[float]) -> float:
    return to_one_decimal(sum(values) / len(values))
