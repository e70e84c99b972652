"""The rows of one client's answers to closed questions: long, and wide by version of a worksheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from server.research.item_fields import figure_link, wide_name
from server.research.names import NOT_APPLICABLE, NOT_KNOWN, Names
from server.research.questions import Part, Question, asked
from server.research.rules import time_band
from server.research.work import Shown, Work
from server.worksheets.definition import Worksheet
from server.worksheets.derived import derived
from server.worksheets.library import library
from server.worksheets.own_queries import is_own
from server.worksheets.scope import Scope, items, visible

Row = dict[str, Any]


@dataclass(frozen=True)
class _Days:
    names: Names

    def day(self, day: date | None) -> int | str:
        return self.names.day(day)

    def part_of_day(self, at: time) -> str:
        return time_band(at)


@dataclass(frozen=True)
class Told:
    """One entry whose answers leave, opened: its worksheet, its answers, and what of the page is on show."""

    entry: str
    worksheet: Worksheet
    answers: Row
    scope: Scope
    figures: tuple[tuple[str, float | None], ...]


def told(names: Names, work: Work) -> Iterator[Told]:
    """The entries whose closed answers leave: not deleted, not kept for now, and of a worksheet that is published.

    What somebody wrote for one service only (an own task) may name people in its very questions: it stays here.
    """
    for one in work.shown:
        worksheet = None if one.kept_back else _worksheet(one)
        if worksheet:
            answers = names.facts.payload(one.head).get("answers")
            given = answers if isinstance(answers, dict) else {}
            shown = visible(worksheet.fields, given, {})
            figures = tuple(_figures(worksheet, given, names.facts.who.zone))
            yield Told(names.name("entry", one.head.entry_id), worksheet, given, shown, figures)


def long_rows(names: Names, opened: list[Told]) -> Iterator[Row]:
    """Each answer of each entry, in the order of the questions."""
    days = _Days(names)
    for one in opened:
        about = {
            "pid": names.pid,
            "entry": one.entry,
            "worksheet": one.worksheet.id,
            "worksheet_version": one.worksheet.version,
        }
        yield from ({**about, **row} for row in _answers(one, days))
        for figure, value in one.figures:
            if value is not None:
                yield {**about, **_row(figure_link(figure), "figure", NOT_APPLICABLE, Part(number=value))}


def wide_rows(names: Names, opened: list[Told]) -> Iterator[tuple[str, list[Any]]]:
    """(file, cells in the order of its columns) of each entry, and of each item of each list in it."""
    days = _Days(names)
    for one in opened:
        worksheet = one.worksheet
        cells = [cell for q in asked(worksheet).leaving[None] for cell in q.cells(q.told(one.scope, days))]
        found = [NOT_KNOWN if value is None else value for _, value in one.figures]
        yield wide_name(worksheet), [names.pid, one.entry, *cells, *found]
        for field in worksheet.fields:
            inner = asked(worksheet).leaving.get(field.id, ())
            for place, scope in _places(one, field.id) if inner else ():
                cells = [cell for q in inner for cell in q.cells(q.told(scope, days))]
                yield wide_name(worksheet, field.id), [names.pid, one.entry, place, *cells]


def _worksheet(one: Shown) -> Worksheet | None:
    head = one.head
    if head.subject_kind != "entry" or head.kind == "delete" or not head.form_key or is_own(head.form_key):
        return None
    return library().get(head.form_key, head.form_version)


def _answers(one: Told, days: _Days) -> Iterator[Row]:
    for question in asked(one.worksheet).leaving[None]:
        yield from _rows(question, NOT_APPLICABLE, one.scope, days)
    for field in one.worksheet.fields:
        for place, scope in _places(one, field.id):
            for question in asked(one.worksheet).leaving.get(field.id, ()):
                yield from _rows(question, place, scope, days)


def _rows(question: Question, place: int | str, scope: Scope, days: _Days) -> Iterator[Row]:
    parts = question.told(scope, days)
    for part in parts if isinstance(parts, list) else ():
        yield _row(question.link_id, question.field.type, place, part)


def _row(link_id: str, kind: str, place: int | str, part: Part) -> Row:
    return {"link_id": link_id, "kind": kind, "place": place, "code": part.code, "number": part.number}


def _places(one: Told, list_id: str) -> Iterator[tuple[int, Scope]]:
    if list_id in one.scope:
        field, value = one.scope[list_id]
        yield from enumerate(items(field, value, one.scope), start=1)


def _figures(worksheet: Worksheet, answers: Row, zone: str) -> Iterator[tuple[str, float | None]]:
    wanted = asked(worksheet).figures
    worked_out = derived(worksheet, answers, zone) if wanted else {}
    yield from ((figure.id, worked_out[figure.id]["value"]) for figure in wanted)
