"""What became of a worksheet, by its own rules. Pure; twin: pwa/src/worksheet/done.ts."""

from __future__ import annotations

from typing import Any, Literal

from server.worksheets.definition import NOTHING_HAPPENED, Field, RiskFlag, Rule, Worksheet
from server.worksheets.derived import derived, derived_rows
from server.worksheets.reading_form import reading_form
from server.worksheets.scope import (
    Scope,
    answered,
    holds,
    is_answered,
    items,
    required,
    shown_fields,
    visible,
)
from server.worksheets.scope import shown_in_item as shown_in_item
from server.worksheets.trouble import problems

__all__ = [
    "answered",
    "completeness",
    "derived",
    "derived_rows",
    "is_attempted",
    "is_done",
    "is_short_done",
    "outcome",
    "problems",
    "raised",
    "reading_form",
    "shown_fields",
    "shown_in_item",
]

Outcome = Literal["done", "partial", "tried", "nothing_happened", "empty"]


def outcome(worksheet: Worksheet, answers: Any, rule: Rule | None = None) -> Outcome:
    """What these answers come to. `rule`: the done rule as loosened for one client. Never raises.

    done: attempted, and the done rule holds
    partial: attempted, and a required question is answered
    tried: attempted
    nothing_happened: said so on an event worksheet, and wrote nothing else
    empty: none of these
    Source: clinical reference B2 and F1, narrowed in docs/worksheets.md.
    """
    if is_attempted(worksheet, answers):
        if is_done(worksheet.done if rule is None else rule, worksheet, answers):
            return "done"
        return "partial" if any(required(_scope(worksheet, answers))) else "tried"
    said = isinstance(answers, dict) and answers.get(NOTHING_HAPPENED) is True
    return "nothing_happened" if said and worksheet.nothing_happened else "empty"


def is_done(rule: Rule, worksheet: Worksheet, answers: Any) -> bool:
    """Whether a done rule holds of these answers."""
    return holds(rule, _scope(worksheet, answers))


def is_attempted(worksheet: Worksheet, answers: Any) -> bool:
    """Whether any question on show but a date is answered (clinical reference B2)."""
    scope = _scope(worksheet, answers)
    return any(_tells(field, scope) for field in worksheet.fields)


def is_short_done(worksheet: Worksheet, answers: Any) -> bool:
    """Whether the short way was gone to its end: it counts as tried or more."""
    scope = _scope(worksheet, answers)
    return bool(worksheet.short) and all(is_answered(name, scope) for name in worksheet.short)


def completeness(worksheet: Worksheet, answers: Any) -> tuple[int, int]:
    """(answered, asked) over the questions on show, headings left out; a list is one question (M5).

    A question about risk counts only once it is answered: not every phone asks it.
    """
    scope = _scope(worksheet, answers)
    asked = [field for field in worksheet.fields if field.id in scope and field.type != "heading"]
    found = [is_answered(field.id, scope) for field in asked]
    return sum(found), sum(is_there or not field.risk for field, is_there in zip(asked, found, strict=True))


def raised(worksheet: Worksheet, answers: Any) -> list[RiskFlag]:
    """The flags about risk that these answers raise, in the order of the file (clinical reference D1, option B)."""
    scope = _scope(worksheet, answers)
    return [flag for flag in worksheet.risk_flags if holds(flag.when, scope)]


def _scope(worksheet: Worksheet, answers: Any) -> Scope:
    return visible(worksheet.fields, answers, {})


def _tells(field: Field, scope: Scope) -> bool:
    """Whether this field says more than when it was."""
    if field.type == "list" and field.id in scope:
        return any(_tells(inner, item) for item in items(*scope[field.id], scope) for inner in field.fields)
    return field.type != "date" and is_answered(field.id, scope)
