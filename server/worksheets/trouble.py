"""What is odd about an answer: for a hint and for the export, never a reason to refuse a save. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from server.worksheets.definition import NOTHING_HAPPENED, OTHER, Field, Worksheet
from server.worksheets.moments import day_of, moment_of, time_of
from server.worksheets.scope import NUMBERS, is_number, is_words

_KIND_OF = {
    "text": str,
    "choice": str,
    "date": str,
    "time": str,
    "moment": str,
    "boolean": bool,
    "choices": list,
    "list": list,
}
_WRITTEN: dict[str, tuple[Callable[[Any], Any], str]] = {
    "date": (day_of, "not_a_day"),
    "time": (time_of, "not_a_time"),
    "moment": (moment_of, "not_a_moment"),
}


@dataclass(frozen=True)
class Trouble:
    """`field` is the id, inside a list `activities.0.what`; `code` is one of the words below."""

    field: str
    code: str


def problems(worksheet: Worksheet, answers: Any) -> list[Trouble]:
    """Everything odd, by code.

    wrong_type, unknown_field, unknown_option, below_min, above_max, not_whole, too_long, not_a_day, not_a_time,
    not_a_moment, too_many_items
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
            yield from troubles_of(field, value, f"{before}{name}")


def troubles_of(field: Field, value: Any, name: str) -> Iterator[Trouble]:
    """What is odd about one value that is there. `name` is what the field is called in what is yielded."""
    if field.type in NUMBERS:
        yield from _of_number(field, value, name)
    elif field.type == "choice" and _says_other(field, value):
        return
    elif not isinstance(value, _KIND_OF.get(field.type, type(None))):
        yield Trouble(name, "wrong_type")
    elif field.type in ("choice", "choices"):
        codes = {option.code for option in field.options}
        chosen = [one for one in (value if isinstance(value, list) else [value]) if not _says_other(field, one)]
        if any(not isinstance(code, str) or code not in codes for code in chosen):
            yield Trouble(name, "unknown_option")
    elif field.type in _WRITTEN and is_words(value) and _WRITTEN[field.type][0](value) is None:
        yield Trouble(name, _WRITTEN[field.type][1])
    elif field.type == "text" and field.max_length is not None and len(value) > field.max_length:
        yield Trouble(name, "too_long")
    elif field.type == "list" and isinstance(value, list):
        yield from _of_list(field, value, name)


def _says_other(field: Field, value: Any) -> bool:
    """Own words, or a line for them that is still blank."""
    return field.open and isinstance(value, dict) and set(value) == {OTHER} and isinstance(value[OTHER], str)


def _of_number(field: Field, value: Any, name: str) -> Iterator[Trouble]:
    if not is_number(value):
        yield Trouble(name, "wrong_type")
    elif field.min is not None and value < field.min:
        yield Trouble(name, "below_min")
    elif field.max is not None and value > field.max:
        yield Trouble(name, "above_max")
    elif field.integer and value != int(value):
        yield Trouble(name, "not_whole")


def _of_list(field: Field, value: list[Any], name: str) -> Iterator[Trouble]:
    if field.max_items is not None and len(value) > field.max_items:
        yield Trouble(name, "too_many_items")
    for n, item in enumerate(value):
        if isinstance(item, dict):
            yield from _troubles(field.fields, item, f"{name}.{n}.")
        else:
            yield Trouble(f"{name}.{n}", "wrong_type")
