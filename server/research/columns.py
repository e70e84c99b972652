"""What a column of the bundle is, and which ways out each class of data has: default deny."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

# How a value may leave, by the class of its source (server/classes.py). What is not listed cannot leave.
MAY_LEAVE: dict[str, frozenset[str]] = {
    "secret": frozenset(),
    "identity": frozenset({"age_band"}),
    # closed_answer: of a sealed entry only the answers to closed questions, as code or number (questions.py)
    "free_text": frozenset({"presence", "closed_answer"}),
    "operational": frozenset({"pseudonym", "count"}),
    "coded": frozenset({"as_is", "worked_out"}),
    "score": frozenset({"as_is", "worked_out"}),
    "time": frozenset({"relative_day", "time_band", "hours", "worked_out"}),
}
PSEUDONYM = "^[a-z2-7]{16}$"
YES_NO = {"yes": "Yes", "no": "No"}
UNLISTED = "unlisted"  # a code that nobody declared stays here: it might be anything

# Missing is said, never blank. Words and not numbers, so that no mean is ever taken of them.
MISSING = {
    "not-applicable": "There can be no value here",
    "not-asked": "Nobody was asked",
    "not-answered": "Asked, and left empty",
    "not-known": "There may be a value, and it is not known here",
    "not-yet": "It had not happened by the moment of the export",
    "suppressed": "Hidden, because it, or a number beside it, would tell of few people; it may be of many or of none",
    UNLISTED: "There is a value, and it is not one of those declared here",
}


@dataclass(frozen=True)
class Column:
    """One column: where it comes from (`table.column`), how it was made safe, what it says."""

    name: str
    sources: tuple[str, ...]
    how: str
    label: str
    type: str = "string"  # string, integer, number: the words of a Table Schema
    codes: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    unit: str = ""
    pattern: str = ""

    def allows(self, value: object) -> bool:
        """Whether a value is one this column declares: a listed code, a number, or text of its pattern."""
        if self.type != "string":
            if isinstance(value, str):
                return value in self.missing
            return isinstance(value, int | float) and not isinstance(value, bool)
        text = value if isinstance(value, str) else str(value)
        return text in self._words or (self._reads is not None and self._reads(text) is not None)

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset((*self.codes, *self.missing))

    @cached_property
    def _reads(self) -> Callable[[str], object] | None:
        return re.compile(self.pattern).fullmatch if self.pattern else None


@dataclass(frozen=True)
class File:
    """One table of the bundle, with its key and what its rows belong to."""

    name: str
    label: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    belongs_to: Mapping[str, str] = field(default_factory=dict)  # own column -> "file.column"
    folder: str = ""  # within data/
    place: str = ""  # where it lies, if not in data/: what is of nobody in particular

    @property
    def path(self) -> str:
        """Where it lies in the bundle."""
        return self.place or f"data/{f'{self.folder}/' if self.folder else ''}{self.name}_data.csv"

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The header."""
        return tuple(column.name for column in self.columns)


def name(name: str, source: str, label: str, *missing: str) -> Column:
    """An id, minted anew for the project."""
    return Column(name, (source,), "pseudonym", label, missing=missing, pattern=PSEUDONYM)


def day(name: str, source: str, label: str, *missing: str) -> Column:
    """A date or moment, as days from the client's day zero."""
    return Column(name, (source,), "relative_day", label, "integer", missing=missing, unit="days from day zero")


def band(name: str, source: str, label: str, *missing: str) -> Column:
    """A time of day, as one of four parts of the day."""
    return Column(name, (source,), "time_band", label, codes=BANDS, missing=missing)


def code(name: str, source: str, label: str, codes: Mapping[str, str], *missing: str, pattern: str = "") -> Column:
    """A closed code, as it is."""
    return Column(name, (source,), "as_is", label, codes=codes, missing=(*missing, UNLISTED), pattern=pattern)


def score(name: str, source: str, label: str, unit: str, *missing: str) -> Column:
    """A number that was rated or counted, as it is."""
    return Column(name, (source,), "as_is", label, "integer", missing=missing, unit=unit)


def count(name: str, source: str, label: str, *missing: str) -> Column:
    """How many rows there are, or the how-manieth this one is."""
    return Column(name, (source,), "count", label, "integer", missing=missing, unit="count")


def hours(name: str, sources: tuple[str, ...], label: str, *missing: str) -> Column:
    """The time between two moments."""
    return Column(name, sources, "hours", label, "number", missing=missing, unit="hours")


def written(name: str, source: str, label: str) -> Column:
    """Whether anything was written; never what."""
    return Column(name, (source,), "presence", label, codes=YES_NO)


def worked_out(
    name: str, sources: tuple[str, ...], label: str, codes: Mapping[str, str] | None = None, *missing: str, **more: str
) -> Column:
    """Made from several codes and dates by a rule that the label names."""
    return Column(name, sources, "worked_out", label, codes=codes or {}, missing=missing, **more)  # type: ignore[arg-type]


BANDS = {
    "night": "22:00 to 05:00 by the client's clock",
    "morning": "05:00 to 12:00",
    "afternoon": "12:00 to 17:00",
    "evening": "17:00 to 22:00",
}
