"""What is odd about an answer: for a hint and for the export, never a reason to refuse a save. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from server.worksheets.definition import NOTHING_HAPPENED, Field, Worksheet
from server.worksheets.moments import day_of, time_of
from server.worksheets.scope import is_number, is_words

_KIND_OF = {
    "text": str,
    "choice": str,
    "date": str,
    "time": str,
    "boolean": bool,
    "choices": list,
    "list": list,
}


@dataclass(frozen=True)
class Trouble:
    """`field` is the id, inside a list `activities.0.what`; `code` is one of the words below."""

    field: str
    code: str


def problems(worksheet: Worksheet, answers: Any) -> list[Trouble]:
    """Everything odd, by code.

    wrong_type, unknown_field, unknown_option, below_min, above_max, not_a_day, not_a_time, too_many_items
    """
    if not isinstance(answers, dict):
        return [Trouble("", "wrong_type")]
    known = {**answers}
    known.pop(NOTHING_HAPPENED, None)
    return list(_troubles(worksheet.fields, known, ""))


def _troubles(fields: tuple[Field, ...], answers: dict[Any, Any], before: str) -> Iterator[Trouble]:
    by_id = {field.id: field for field in fields}
    for name, value in answers.items():
        field = by_id.get(name)
        if field is None:
            yield Trouble(f"{before}{name}", "unknown_field")
        elif value is not None and value != "":
            yield from _of_value(field, value, f"{before}{name}")


def _of_value(field: Field, value: Any, name: str) -> Iterator[Trouble]:
    if field.type in ("number", "scale", "duration"):
        yield from _of_number(field, value, name)
    elif not isinstance(value, _KIND_OF.get(field.type, type(None))):
        yield Trouble(name, "wrong_type")
    elif field.type in ("choice", "choices"):
        codes = {option.code for option in field.options}
        chosen = value if isinstance(value, list) else [value]
        if any(not isinstance(code, str) or code not in codes for code in chosen):
            yield Trouble(name, "unknown_option")
    elif field.type == "date" and is_words(value) and day_of(value) is None:
        yield Trouble(name, "not_a_day")
    elif field.type == "time" and is_words(value) and time_of(value) is None:
        yield Trouble(name, "not_a_time")
    elif field.type == "list" and isinstance(value, list):
        yield from _of_list(field, value, name)


def _of_number(field: Field, value: Any, name: str) -> Iterator[Trouble]:
    if not is_number(value):
        yield Trouble(name, "wrong_type")
    elif field.min is not None and value < field.min:
        yield Trouble(name, "below_min")
    elif field.max is not None and value > field.max:
        yield Trouble(name, "above_max")


def _of_list(field: Field, value: list[Any], name: str) -> Iterator[Trouble]:
    if field.max_items is not None and len(value) > field.max_items:
        yield Trouble(name, "too_many_items")
    for n, item in enumerate(value):
        if isinstance(item, dict):
            yield from _troubles(field.fields, item, f"{name}.{n}.")
        else:
            yield Trouble(f"{name}.{n}", "wrong_type")
