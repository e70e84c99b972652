"""One worksheet typed in from paper: what stands in the boxes, as answers; a sentence for each that is off."""

import re
from collections.abc import Iterator
from typing import Any

from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict

from server.dashboard.forms import Day, WallTime, whole
from server.dashboard.sheet import range_words
from server.worksheets.definition import NOTHING_HAPPENED, OTHER, Field, Worksheet
from server.worksheets.rule_words import condition
from server.worksheets.rules import outcome
from server.worksheets.scope import NUMBERS, visible
from server.worksheets.trouble import troubles_of

LONGEST = 10_000  # characters of one answer: a page of handwriting is about 2,000
ROWS_AT_FIRST, MOST_ROWS = 2, 30
NUMBER = re.compile(r"-?\d{1,9}(?:[.,]\d{1,6})?")
LENGTH = re.compile(r"(\d{1,3})[:.h]\s?(\d{2})")
NOTHING_TYPED = "Enter at least one answer. Without any, write down above what became of it."


class Off(Exception):
    """This box cannot be read as an answer; the sentence says what to type."""


def name_of(field: Field, before: str = "") -> str:
    """What the box of a question is called in the form."""
    return f"{before or 'a'}.{field.id}"


def rows_of(field: Field, typed: MultiDict) -> int:
    """How many items of a list the form has room for."""
    given = whole(typed.get(f"rows.{field.id}", ""))
    asked = max(ROWS_AT_FIRST, field.min_items or 0) if given is None else given
    return max(1, min(asked, field.max_items or MOST_ROWS, MOST_ROWS))


def read_answers(worksheet: Worksheet, typed: MultiDict) -> tuple[dict[str, Any], dict[str, str]]:
    """(answers, name of a box -> sentence). Everything else about the form is read elsewhere."""
    errors: dict[str, str] = {}
    answers = _read(worksheet.fields, "a", typed, errors)
    for name, sentence in _out_of_sight(worksheet, answers):
        errors.setdefault(name, sentence)
    if worksheet.nothing_happened and typed.get("nothing"):
        if answers:
            errors["nothing"] = "Untick this, or clear the answers below."
        answers = {NOTHING_HAPPENED: True, **answers}
    if not errors and outcome(worksheet, answers) == "empty":
        errors[name_of(_first(worksheet))] = NOTHING_TYPED
    return answers, errors


def _first(worksheet: Worksheet) -> Field:
    """The question to begin with: a day alone tells nothing."""
    asked = [one for one in worksheet.fields if one.type not in ("heading", "list")]
    return next((one for one in asked if one.type != "date"), asked[0] if asked else worksheet.fields[0])


def _read(fields: tuple[Field, ...], before: str, typed: MultiDict, errors: dict[str, str]) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for field in fields:
        name = name_of(field, before)
        if field.type == "list":
            items = [_read(field.fields, f"{name}.{n}", typed, errors) for n in range(rows_of(field, typed))]
            value: Any = [item for item in items if item] or None
        elif field.type == "heading":
            continue
        else:
            value = _value_or_error(field, name, typed, errors)
        if value is not None:
            answers[field.id] = value
    return answers


def _value_or_error(field: Field, name: str, typed: MultiDict, errors: dict[str, str]) -> Any:
    try:
        value = _value(field, name, typed)
        wrong = next(troubles_of(field, value, name), None) if value is not None else None
        if wrong:
            raise Off(_sentence(field, wrong.code))
    except (Off, ValidationError) as no:
        errors[name] = no.messages[0] if isinstance(no, ValidationError) else str(no)
        return None
    return value


def _value(field: Field, name: str, typed: MultiDict) -> Any:
    if field.type == "choices":
        words = typed.get(f"{name}:{OTHER}", "").strip()
        chosen = [one for one in typed.getlist(name) if one]
        return [*chosen, *([{OTHER: words}] if words and field.open else [])] or None
    text = typed.get(name, "").strip()
    if field.open and typed.get(f"{name}:{OTHER}", "").strip():
        return {OTHER: typed[f"{name}:{OTHER}"].strip()}
    return _one(field, text) if text else None


def _one(field: Field, text: str) -> Any:
    if field.type in NUMBERS:
        return _number(field, text)
    if field.type == "boolean":
        if text not in ("yes", "no"):
            raise Off("Choose yes or no.")
        return text == "yes"
    if field.type == "date":
        return Day().deserialize(text).isoformat()
    if field.type == "time":
        return f"{WallTime().deserialize(text):%H:%M}"
    if field.type == "moment":
        day, _, at = text.replace("T", " ").partition(" ")
        return f"{Day().deserialize(day).isoformat()}T{WallTime().deserialize(at):%H:%M}"
    if len(text) > LONGEST:
        raise Off(f"Use {LONGEST:,} characters or fewer. You typed {len(text):,}.")
    return text


def _number(field: Field, text: str) -> float:
    length = LENGTH.fullmatch(text) if field.type == "duration" else None
    if length:
        return int(length[1]) * 60 + int(length[2])
    if not NUMBER.fullmatch(text):
        raise Off(_sentence(field, "wrong_type"))
    number = float(text.replace(",", "."))
    return int(number) if number == int(number) else number


def _sentence(field: Field, code: str) -> str:
    if code == "too_long":
        return f"Use {field.max_length:,} characters or fewer."
    if code == "not_whole":
        return "Enter a whole number."
    if field.type == "duration":
        return f"Enter minutes, like 90, or 1:30{f', from {range_words(field)}' if range_words(field) else ''}."
    if field.type in NUMBERS:
        return f"Enter a number{f' from {range_words(field)}' if range_words(field) else ''}."
    return "Choose one from the list."


def _out_of_sight(worksheet: Worksheet, answers: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Answers to questions that nobody is asked after what else was answered: they would be kept and never shown."""
    scope = visible(worksheet.fields, answers, {})
    for field in worksheet.fields:
        if field.id in answers and field.id not in scope:
            yield name_of(field), _only(field, worksheet)
        for n, item in enumerate(answers.get(field.id, []) if field.type == "list" else []):
            inner = visible(field.fields, item, scope)
            for one in field.fields:
                if one.id in item and one.id not in inner:
                    yield f"{name_of(field)}.{n}.{one.id}", _only(one, worksheet)


def _only(field: Field, worksheet: Worksheet) -> str:
    rule = condition(field.show_when, worksheet.fields)
    return f"This is only asked {rule[:1].lower()}{rule[1:]}. Answer that too, or clear this."
