"""The columns of answers to closed questions: long, and wide for each version of a worksheet; and their codebook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from server.research.bundle import csv_text
from server.research.columns import BANDS, UNLISTED, YES_NO, Column, File, code, name, score
from server.research.questions import (
    NOT_APPLICABLE,
    SOURCE,
    Question,
    asked,
    figure_column,
    plain,
)
from server.worksheets.definition import Worksheet

# Replaced at the build by what the worksheets of the installation ask.
LINK_ID, ANSWER = "^q[a-z0-9_]+$", "^a[a-z0-9_]+$"
KINDS = {
    "number": "A number",
    "scale": "A point on a scale",
    "duration": "A time in minutes",
    "choice": "One of several",
    "choices": "Any of several: one row for each that was chosen",
    "boolean": "Yes or no",
    "date": "A day, as days from day zero",
    "time": "A part of the day",
    "moment": "A day and a part of it",
    "figure": "Worked out from other answers, as the program shows it",
}
NO_NUMBER = (NOT_APPLICABLE, UNLISTED)
_ENTRY = name("entry", "entry.entry_id", "The entry")
_PLACE = Column("place", SOURCE, "closed_answer", "Which item of the list, from 1", "integer", unit="place")


def items_file(pid: Column, worksheet_id: str) -> File:
    """The long file of all answers."""
    return File(
        "items",
        "One row for each closed question that was answered, in entries that stand and are shared; no text",
        (
            pid,
            _ENTRY,
            code("worksheet", "revision.form_key", "The worksheet", {}, pattern=worksheet_id),
            score("worksheet_version", "revision.form_version", "Its version", "version"),
            _item("link_id", "The question; its words are in codebook/items.csv", UNLISTED, pattern=LINK_ID),
            _item("kind", "What kind of question", codes=KINDS),
            _item("place", "In which item of a list, from 1", NOT_APPLICABLE, type="integer"),
            _item("code", "What was chosen; its words are in codebook/items.csv", *NO_NUMBER, pattern=ANSWER),
            _item("number", "The number given, or what the choice counts as", *NO_NUMBER, type="number"),
        ),
        ("pid", "entry", "link_id", "place", "code"),
        {"pid": "participants.pid"},
    )


def with_questions(files: Sequence[File], known: Iterable[Worksheet]) -> tuple[File, ...]:
    """The files, with what these worksheets ask and offer as the codes of the columns that name it."""
    links: dict[str, str] = {}
    answers = {**BANDS, **YES_NO}
    for worksheet in known:
        for one in asked(worksheet).questions:
            if not one.stays:
                links[one.link_id] = "A question of one or more worksheets: see codebook/items.csv"
                answers.update({code: answers.get(code, "An answer: see codebook/items.csv") for code in one.codes})
        links.update({figure_link(one.id): f"{one.label} (worked out)" for one in asked(worksheet).figures})
    codes = {LINK_ID: dict(sorted(links.items())), ANSWER: dict(sorted(answers.items()))}
    return tuple(
        replace(
            file,
            columns=tuple(
                replace(column, codes=codes[column.pattern], pattern="") if column.pattern in codes else column
                for column in file.columns
            ),
        )
        for file in files
    )


def figure_link(figure_id: str) -> str:
    """What a figure is called in `items`: no question can have this name."""
    return f"figure/{figure_id}"


def wide_files(worksheet: Worksheet, pid: Column) -> list[File]:
    """The wide file of one version of a worksheet, and one more for each list in it: a row for each item."""
    found, words = asked(worksheet), f"{worksheet.title}, version {worksheet.version}"
    page = [column for one in found.leaving[None] for column in one.columns]
    page += [figure_column(one) for one in found.figures]
    made = [_wide(worksheet, "", f"{words}: one row for each entry", (pid, _ENTRY, *page))]
    for field in worksheet.fields:
        inner = [column for one in found.leaving.get(field.id, ()) for column in one.columns]
        if inner:
            label = f"{words}: one row for each item of “{field.label}”"
            made.append(_wide(worksheet, field.id, label, (pid, _ENTRY, _PLACE, *inner)))
    return made


def _wide(worksheet: Worksheet, inside: str, label: str, columns: Sequence[Column]) -> File:
    key = ("pid", "entry", "place") if inside else ("pid", "entry")
    belongs = {"pid": "participants.pid"}
    return File(wide_name(worksheet, inside), label, _apart(*columns), key, belongs, "worksheets")


def wide_name(worksheet: Worksheet, inside: str = "") -> str:
    """The name of a wide file: low_intensity_cbt__sleep_diary_v1."""
    family, _, short = worksheet.id.partition("/")
    return f"{plain(family)}__{plain(short)}_v{worksheet.version}{f'__{plain(inside)}' if inside else ''}"


def item_table(known: Iterable[Worksheet]) -> str:
    """One row for each question of each version of each worksheet: its words, and whether its answers leave."""
    rows = []
    for worksheet in known:
        about = [worksheet.id, str(worksheet.version), worksheet.title]
        rows += [[*about, *_told_of(one)] for one in asked(worksheet).questions]
        for one in asked(worksheet).figures:
            told = dict.fromkeys(ITEM_HEADER[3:], NOT_APPLICABLE) | {"leaves": "yes", "unit": one.unit or "number"}
            told |= {"link_id": figure_link(one.id), "kind": "figure", "wording": one.label}
            rows.append([*about, *told.values(), figure_column(one).name])
    return csv_text([*ITEM_HEADER, "columns"], rows)


def _told_of(one: Question) -> list[str]:
    field = one.field
    bounds = [NOT_APPLICABLE if value is None else f"{value:g}" for value in (field.min, field.max)]
    words = (field.hint, one.inside.label if one.inside else None)
    ends = (field.unit, field.low, field.high)
    return [
        one.link_id,
        field.type,
        field.label,
        *(word or NOT_APPLICABLE for word in words),
        *bounds,
        *(word or NOT_APPLICABLE for word in ends),
        one.stays or "yes",
        NOT_APPLICABLE if one.stays else " ".join(column.name for column in one.columns),
    ]


def answer_table(known: Iterable[Worksheet]) -> str:
    """One row for each answer that can be chosen, in the words the client read: code and words never share a cell."""
    header = ["worksheet", "worksheet_version", "link_id", "code", "label", "counts_as"]
    rows = []
    for worksheet in known:
        for one in asked(worksheet).questions:
            scores = {option.code: option.score for option in one.field.options}
            for code_, label in one.codes.items() if not one.stays else ():
                counts = scores.get(code_)
                counted = NOT_APPLICABLE if counts is None else f"{counts:g}"
                rows.append([worksheet.id, str(worksheet.version), one.link_id, code_, label, counted])
    return csv_text(header, rows)


ITEM_HEADER = [
    *("worksheet", "worksheet_version", "title", "link_id", "kind", "wording", "hint", "in_list"),
    *("least", "most", "unit", "words_at_least", "words_at_most", "leaves"),
]


def _item(name: str, label: str, *missing: str, **more: Any) -> Column:
    return Column(name, SOURCE, "closed_answer", label, missing=missing, **more)


def _apart(*columns: Column) -> tuple[Column, ...]:
    """The columns, no two of one name."""
    taken: dict[str, int] = {}
    found = []
    for column in columns:
        taken[column.name] = taken.get(column.name, 0) + 1
        n = taken[column.name]
        found.append(column if n == 1 else replace(column, name=f"{column.name}__{n}"))
    return tuple(found)
