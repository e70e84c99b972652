"""Which questions of a worksheet leave, as which columns, and what an answer becomes there. Never text. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import cached_property
from typing import Any, Protocol

from server.fhir.questionnaire import link_of
from server.research.columns import BANDS, UNLISTED, YES_NO, Column
from server.worksheets.definition import OTHER, Derived, Field, Worksheet
from server.worksheets.moments import day_of, moment_of, time_of
from server.worksheets.scope import NUMBERS, Scope, answered, is_own_words, number_of

NOT_APPLICABLE, NOT_ASKED, NOT_ANSWERED = "not-applicable", "not-asked", "not-answered"
SOURCE = ("revision.body_sealed",)
FARTHEST_DAY = 730  # days from day zero: a day beyond may be a birthday, and stays here
LARGEST = 9999.0  # of a number without bounds: a larger one may be a telephone number, and stays here
OWN_WORDS = "Something in their own words, which stay here"
STAYS = {
    "text": "Text stays here",
    "risk": "About risk: too rare and too telling to be de-identified",
    "list": "A list: each of its own questions has a line",
}
MISSING = (NOT_ASKED, NOT_ANSWERED, UNLISTED)


class Days(Protocol):
    """How a client's days and times of day may leave."""

    def day(self, day: date | None) -> int | str:
        """Days from day zero."""

    def part_of_day(self, at: time) -> str:
        """One of four."""


@dataclass(frozen=True)
class Part:
    """What one answer says: a code, a number, or both. Of several choices there is one part for each."""

    code: str = NOT_APPLICABLE
    number: int | float | str = NOT_APPLICABLE


@dataclass(frozen=True)
class Question:
    """One question of one version of a worksheet. `inside`: the list it is asked in, once for each item."""

    field: Field
    inside: Field | None = None

    @property
    def link_id(self) -> str:
        """What it is called in the instrument (`instruments/`) and in `items`."""
        return link_of({"id": self.field.id, **({"link_id": self.field.link_id} if self.field.link_id else {})})

    @property
    def list_id(self) -> str | None:
        """The list it is asked in, if any."""
        return self.inside.id if self.inside else None

    @property
    def stays(self) -> str:
        """Why its answers do not leave; empty where they do. What nobody said is closed, is not."""
        if self.field.risk or (self.inside and self.inside.risk):
            return STAYS["risk"]
        if self.field.type == "list":
            return STAYS["list"]
        closed = self.field.data_class in ("coded", "score", "time") or self.field.open
        return "" if closed and self.field.type in LEAVES else STAYS["text"]

    @cached_property
    def codes(self) -> dict[str, str]:
        """The codes an answer can be, with the words the client read."""
        if self.field.type == "boolean":
            return YES_NO
        if self.field.type in ("time", "moment"):
            return BANDS
        return {one.code: one.label for one in self.field.options} | ({OTHER: OWN_WORDS} if self.field.open else {})

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Its columns in the wide file of its worksheet: the same whatever anybody answered."""
        name, label, kind = f"q_{plain(self.field.id)}", self.field.label, self.field.type
        if kind in NUMBERS:
            return (_number_column(name, label, self.field.unit or "points"),)
        if kind == "choices":
            return tuple(
                _code_column(f"{name}__{plain(c)}", f"{label} {told}", YES_NO) for c, told in self.codes.items()
            )
        day = _number_column(name, label, "days from day zero")
        if kind == "moment":
            return day, _code_column(f"{name}__band", label, BANDS)
        return (day,) if kind == "date" else (_code_column(name, label, self.codes),)

    def cells(self, told: list[Part] | str) -> list[Any]:
        """Its cells in the wide file, in the order of its columns. `told`: its parts, or why there are none."""
        if isinstance(told, str):
            return [told] * len(self.columns)
        if self.field.type == "choices":
            chosen = {part.code for part in told}
            return ["yes" if code in chosen else "no" for code in self.codes]
        [part] = told
        if self.field.type == "moment":
            return [part.number, part.code]
        return [part.number if self.field.type in (*NUMBERS, "date") else part.code]

    def told(self, scope: Scope, days: Days) -> list[Part] | str:
        """What was answered, or why nothing was. What does not fit its question says only that something is there."""
        if self.field.id not in scope:
            return NOT_ASKED
        value = scope[self.field.id][1]
        if not answered(self.field, value, scope):
            return NOT_ANSWERED
        return LEAVES[self.field.type](self, value, days)


@dataclass(frozen=True)
class Asked:
    """What one version of a worksheet asks.

    `questions`: those inside lists after their list; headings ask nothing. `leaving`: those whose answers leave, by
    the list they are in (None: the page). `figures`: what is worked out from them; nothing that was worked out from
    an answer about risk leaves.
    """

    questions: tuple[Question, ...]
    leaving: Mapping[str | None, tuple[Question, ...]]
    figures: tuple[Derived, ...]


def asked(worksheet: Worksheet) -> Asked:
    """What this version asks; worked out once, since every entry needs it."""
    key = worksheet.key, worksheet.sha256
    if key not in _ASKED:
        _ASKED[key] = _asked(worksheet)
    return _ASKED[key]


_ASKED: dict[tuple[str, str], Asked] = {}


def _asked(worksheet: Worksheet) -> Asked:
    every = tuple(
        question
        for field in worksheet.fields
        if field.type != "heading"
        for question in (Question(field), *(Question(inner, field) for inner in field.fields))
    )
    lists = [None, *(field.id for field in worksheet.fields if field.type == "list")]
    leaving = {name: tuple(q for q in every if not q.stays and q.list_id == name) for name in lists}
    risky = {one.field.id for one in every if one.stays == STAYS["risk"]}
    return Asked(every, leaving, tuple(one for one in worksheet.derived if not _used(one) & risky))


def figure_column(one: Derived) -> Column:
    """The column of a figure that was worked out."""
    return _number_column(f"f_{plain(one.id)}", f"{one.label} (worked out)", one.unit or "number", "not-known")


def plain(name: str) -> str:
    """A name as every statistics program takes it: small letters, digits and _."""
    return re.sub(r"[^a-z0-9_]", "_", name.lower())


def _used(one: Derived) -> set[str | None]:
    return {one.list, one.start, one.end, *one.of, *(one.night or {}).values()}


def _number_column(name: str, label: str, unit: str, *missing: str) -> Column:
    return Column(name, SOURCE, "closed_answer", label, "number", missing=missing or MISSING, unit=unit)


def _code_column(name: str, label: str, codes: Mapping[str, str]) -> Column:
    return Column(name, SOURCE, "closed_answer", label, codes=codes, missing=MISSING)


def _number(question: Question, value: Any, days: Days) -> list[Part]:
    field = question.field
    least = -LARGEST if field.min is None else field.min
    most = LARGEST if field.max is None else field.max
    return [Part(number=value if least <= value <= most else UNLISTED)]


def _choice(question: Question, value: Any, days: Days) -> list[Part]:
    if is_own_words(question.field, value):
        return [Part(OTHER)]
    if value not in question.codes:
        return [Part(UNLISTED)]
    score = number_of(question.field, value)
    return [Part(value, NOT_APPLICABLE if score is None else score)]


def _choices(question: Question, value: Any, days: Days) -> list[Part]:
    several = [_choice(question, one, days)[0].code for one in value if isinstance(one, str | dict)]
    return [Part(code) for code in _in_order(several, question.codes)]


def _in_order(several: list[str], codes: Mapping[str, str]) -> Iterator[str]:
    yield from (code for code in (*codes, UNLISTED) if code in several)


def _boolean(question: Question, value: Any, days: Days) -> list[Part]:
    return [Part("yes" if value else "no")]


def _date(question: Question, value: Any, days: Days) -> list[Part]:
    return [Part(number=_near(day_of(value), days))]


def _time(question: Question, value: Any, days: Days) -> list[Part]:
    at = time_of(value)
    return [Part(UNLISTED if at is None else days.part_of_day(at))]


def _moment(question: Question, value: Any, days: Days) -> list[Part]:
    at = moment_of(value)
    if at is None:
        return [Part(UNLISTED, UNLISTED)]
    return [Part(days.part_of_day(at.time()), _near(at.date(), days))]


def _near(day: date | None, days: Days) -> int | str:
    away = days.day(day) if day else UNLISTED
    return away if isinstance(away, int) and abs(away) <= FARTHEST_DAY else UNLISTED


LEAVES = {
    **dict.fromkeys(NUMBERS, _number),
    "choice": _choice,
    "choices": _choices,
    "boolean": _boolean,
    "date": _date,
    "time": _time,
    "moment": _moment,
}
