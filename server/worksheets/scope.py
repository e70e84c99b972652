"""Which questions are on show, and which are answered. Pure; twin: pwa/src/worksheet/shown.ts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from server.worksheets.definition import OTHER, Field, Rule, Worksheet
from server.worksheets.moments import day_of, moment_of, time_of

# Answers on show, by field id. Inside a list item: the item's own, and those of the page round it.
Scope = Mapping[str, tuple[Field, Any]]

NUMBERS = ("number", "scale", "duration")
LARGEST_NUMBER = 2**53  # above this the two twins would not count alike
DEEPEST_RULE = 30
# Written out, because Python's strip() and JavaScript's trim() differ on some of these.
BLANKS = "\t\n\x0b\x0c\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff\u200b\x00" + "".join(
    chr(code) for code in range(0x2000, 0x200B)
)


def answered(field: Field, value: Any, scope: Scope | None = None) -> bool:
    """Whether this value is an answer. 0 and false are; blank, [] and another type are not."""
    kind = field.type
    if kind in ("text", "date", "time", "moment"):
        return is_words(value)
    if kind == "choice":
        return is_words(value) or is_own_words(field, value)
    if kind in NUMBERS:
        return is_number(value)
    if kind == "boolean":
        return isinstance(value, bool)
    if kind == "choices":
        return isinstance(value, list) and any(is_words(one) or is_own_words(field, one) for one in value)
    return kind == "list" and bool(items(field, value, scope or {}))


def shown_fields(worksheet: Worksheet, answers: Any, stage: str | None = None) -> tuple[Field, ...]:
    """The questions and headings on the page now, in order; with `stage`, those of that stage or of none."""
    scope = visible(worksheet.fields, answers, {})
    return tuple(f for f in worksheet.fields if f.id in scope and in_stage(f, stage))


def shown_in_item(
    worksheet: Worksheet, field: Field, item: Any, answers: Any, stage: str | None = None
) -> tuple[Field, ...]:
    """The questions of one item of a list field on show now. `answers` is the page round the item."""
    inner = visible(field.fields, item, visible(worksheet.fields, answers, {}))
    return tuple(f for f in field.fields if f.id in inner and in_stage(f, stage))


def in_stage(field: Field, stage: str | None) -> bool:
    """A question without a stage belongs to every stage."""
    return stage is None or field.stage is None or field.stage == stage


def visible(fields: tuple[Field, ...], answers: Any, around: Scope) -> Scope:
    """What is on show, with its value. A question sees only earlier ones: no two can hide each other."""
    given = answers if isinstance(answers, dict) else {}
    own = {one.id for one in fields}
    scope = {name: pair for name, pair in around.items() if name not in own}
    for one in fields:
        if one.show_when is None or holds(one.show_when, scope):
            scope[one.id] = (one, given.get(one.id))
    return scope


def items(field: Field, value: Any, scope: Scope) -> list[Scope]:
    """The items of a list field in which anything is answered, each as a scope of its own."""
    if field.type != "list" or not isinstance(value, list):
        return []
    scopes = [visible(field.fields, item, scope) for item in value if isinstance(item, dict)]
    return [one for one in scopes if any(is_answered(inner.id, one) for inner in field.fields)]


def is_answered(name: Any, scope: Scope) -> bool:
    """Whether this field is on show and answered. An unknown name is not."""
    if not isinstance(name, str) or name not in scope:
        return False
    field, value = scope[name]
    return answered(field, value, scope)


def holds(rule: Any, scope: Scope, depth: int = 0) -> bool:
    """Whether a rule is true of what is on show. A rule that makes no sense is false, never an error."""
    if not isinstance(rule, dict) or len(rule) != 1 or depth > DEEPEST_RULE:
        return False
    word, body = next(iter(rule.items()))
    evaluate = _WORDS.get(word)
    return evaluate is not None and evaluate(body, scope, depth + 1)


def is_words(value: Any) -> bool:
    """Text with something in it."""
    return isinstance(value, str) and value.strip(BLANKS) != ""


def is_own_words(field: Field, value: Any) -> bool:
    """An answer in own words to a choice that is open to them: `{"other": "words"}`."""
    return field.open and isinstance(value, dict) and is_words(value.get(OTHER))


def is_number(value: Any) -> bool:
    """A finite number that both twins count alike; true and false are not numbers."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= LARGEST_NUMBER


def number_of(field: Field, value: Any) -> float | None:
    """What an answer counts as: itself, or the score of the option chosen; None where it counts as nothing."""
    if field.type == "choice":
        return next((one.score for one in field.options if isinstance(value, str) and one.code == value), None)
    return value if field.type in NUMBERS and is_number(value) else None


def same(value: Any, wanted: Any) -> bool:
    """Equal and of one kind: 1 is not true, and "1" is not 1. Of several choices, one of them."""
    if isinstance(value, list):
        return any(same(one, wanted) for one in value if not isinstance(one, list))
    if isinstance(wanted, bool) or isinstance(value, bool):
        return value is wanted
    if is_number(wanted) and is_number(value):
        return bool(value == wanted)
    return isinstance(value, str) and isinstance(wanted, str) and value == wanted


def _all(body: Any, scope: Scope, depth: int) -> bool:
    return isinstance(body, list) and all(holds(one, scope, depth) for one in body)


def _any(body: Any, scope: Scope, depth: int) -> bool:
    return isinstance(body, list) and any(holds(one, scope, depth) for one in body)


def _at_least(body: Any, scope: Scope, depth: int) -> bool:
    if not isinstance(body, dict) or not is_number(body.get("n")) or not isinstance(body.get("of"), list):
        return False
    return sum(holds(one, scope, depth) for one in body["of"]) >= body["n"]


def _is(body: Any, scope: Scope, depth: int) -> bool:
    if not isinstance(body, dict) or not is_answered(body.get("field"), scope):
        return False
    return same(scope[body["field"]][1], body.get("value"))


def _above(body: Any, scope: Scope, depth: int) -> bool:
    pair = _in_order(body, scope)
    return pair is not None and pair[0] > pair[1]


def _below(body: Any, scope: Scope, depth: int) -> bool:
    pair = _in_order(body, scope)
    return pair is not None and pair[0] < pair[1]


def _in_order(body: Any, scope: Scope) -> tuple[Any, Any] | None:
    """The answer and what it is held against, both of one kind; None where there is no answer or no order."""
    if not isinstance(body, dict) or not is_answered(body.get("field"), scope):
        return None
    (field, value), bound = scope[body["field"]], body.get("value")
    written = _WRITTEN.get(field.type)
    if written is not None:  # days, times and moments are written so that their letters are in order
        return (value, bound) if written(value) is not None and written(bound) is not None else None
    number = number_of(field, value)
    return (number, bound) if number is not None and is_number(bound) else None


def _count(body: Any, scope: Scope, depth: int) -> bool:
    if not isinstance(body, dict) or not is_number(body.get("at_least")):
        return False
    found = [item for item in _items_of(body, scope) if "where" not in body or holds(body["where"], item, depth)]
    return len(found) >= body["at_least"]


def _every(body: Any, scope: Scope, depth: int) -> bool:
    if not isinstance(body, dict):
        return False
    found = _items_of(body, scope)
    return bool(found) and all(holds(body.get("where"), item, depth) for item in found)


def _items_of(body: Rule, scope: Scope) -> list[Scope]:
    name = body.get("list")
    if not isinstance(name, str) or name not in scope:
        return []
    return items(*scope[name], scope)


def _stage(body: Any, scope: Scope, depth: int) -> bool:
    """Every required question of the stage that is on show is answered, and there is at least one."""
    if not isinstance(body, str):
        return False
    wanted = list(required(scope, body))
    return bool(wanted) and all(wanted)


def required(scope: Scope, stage: str | None = None) -> list[bool]:
    """For each required question on show, whether it is answered; in a list, for each item begun."""
    found = []
    for field, value in scope.values():
        if field.required and _of_stage(field.stage, stage):
            found.append(answered(field, value, scope))
        for item in items(field, value, scope):
            asked = [f for f in field.fields if f.required and _of_stage(f.stage or field.stage, stage)]
            found += [is_answered(inner.id, item) for inner in asked if inner.id in item]
    return found


def _of_stage(own: str | None, stage: str | None) -> bool:
    return stage is None or own == stage


_WRITTEN: dict[str, Callable[[Any], Any]] = {"date": day_of, "time": time_of, "moment": moment_of}
_WORDS = {
    "all": _all,
    "any": _any,
    "at_least": _at_least,
    "answered": lambda body, scope, depth: is_answered(body, scope),
    "is": _is,
    "above": _above,
    "below": _below,
    "not": lambda body, scope, depth: not holds(body, scope, depth),
    "count": _count,
    "every": _every,
    "stage": _stage,
}
