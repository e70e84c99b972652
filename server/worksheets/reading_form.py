"""Answers as somebody reads them: (label, text) in order. Pure; twin: pwa/src/worksheet/reading.ts."""

from __future__ import annotations

from typing import Any

from server.worksheets.definition import NOTHING_HAPPENED, OTHER, Field, Worksheet
from server.worksheets.scope import BLANKS, Scope, visible
from server.worksheets.words import answer_in_words, as_kept

NOTHING = ("Anything to write down?", "Nothing happened this time")


def reading_form(worksheet: Worksheet, answers: Any) -> list[tuple[str, str]]:
    """What was answered, in order. A value that does not fit is shown as kept; a hidden question is not."""
    given = answers if isinstance(answers, dict) else {}
    rows = _rows(worksheet.fields, visible(worksheet.fields, given, {}), "")
    return [NOTHING, *rows] if worksheet.nothing_happened and given.get(NOTHING_HAPPENED) is True else rows


def _rows(fields: tuple[Field, ...], scope: Scope, before: str) -> list[tuple[str, str]]:
    rows = []
    for field in fields:
        value = scope[field.id][1] if field.id in scope else None
        if field.type == "heading" or _is_nothing(value):
            continue
        if field.type == "list" and isinstance(value, list):
            rows += _item_rows(field, value, scope)
        elif text := answer_in_words(field, value):
            rows.append((before + field.label, text))
    return rows


def _item_rows(field: Field, value: list[Any], scope: Scope) -> list[tuple[str, str]]:
    rows, shown = [], [item for item in value if not _is_nothing(item)]
    for n, item in enumerate(shown, start=1):
        kind = field.item or field.label
        name = f"{kind} {n}"
        if isinstance(item, dict):
            inner = _rows(field.fields, visible(field.fields, item, scope), f"{name}: ")
            # A question called like its item says it once: "Feeling 1", not "Feeling 1: Feeling".
            rows += [(name if label == f"{name}: {kind}" else label, text) for label, text in inner]
        else:
            rows.append((name, as_kept(item)))
    return rows


def _is_nothing(value: Any) -> bool:
    if isinstance(value, str):
        return value.strip(BLANKS) == ""
    if isinstance(value, dict) and set(value) == {OTHER} and isinstance(value[OTHER], str):
        return value[OTHER].strip(BLANKS) == ""
    return value is None or value == [] or value == {}
