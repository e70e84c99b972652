"""When a question is asked, as a sentence for paper, where nothing can be hidden. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from server.worksheets.definition import Field, Rule, every_field
from server.worksheets.words import plain

UNSAID = "If it fits"


def condition(rule: Rule | None, fields: Iterable[Field]) -> str:
    """If “Did you do it?” is “Yes” or “Some of it”. Nothing without a rule; `UNSAID` for one that has no words."""
    if rule is None:
        return ""
    clause = _clause(rule, {one.id: one for one in every_field(tuple(fields))})
    return f"If {clause}" if clause else UNSAID


def _clause(rule: Any, by_id: dict[str, Field]) -> str:
    if not isinstance(rule, dict) or len(rule) != 1:
        return ""
    word, body = next(iter(rule.items()))
    say = _WORDS.get(word)
    return say(body, by_id) if say else ""


def _is(body: Any, by_id: dict[str, Field], verb: str = "is") -> str:
    field = _field(body.get("field"), by_id) if isinstance(body, dict) else None
    return f"“{field.label}” {verb} {_value(field, body.get('value'))}" if field else ""


def _answered(body: Any, by_id: dict[str, Field]) -> str:
    field = _field(body, by_id)
    return f"you answered “{field.label}”" if field else ""


def _not(body: Any, by_id: dict[str, Field]) -> str:
    if isinstance(body, dict) and set(body) == {"is"}:
        return _is(body["is"], by_id, "is not")
    field = _field(body["answered"], by_id) if isinstance(body, dict) and set(body) == {"answered"} else None
    return f"you left out “{field.label}”" if field else ""


def _ordered(words: str) -> Callable[[Any, dict[str, Field]], str]:
    return lambda body, by_id: _is(body, by_id, f"is {words}")


def _all(body: Any, by_id: dict[str, Field]) -> str:
    if not isinstance(body, list):
        return ""
    named = {_named(one) for one in body if isinstance(one, dict) and "answered" not in one}
    # That a question was answered goes without saying where its answer is named.
    said = [one for one in body if not (isinstance(one, dict) and one.get("answered") in named)]
    return _joined([_clause(one, by_id) for one in said or body], " and ")


def _any(body: Any, by_id: dict[str, Field]) -> str:
    """One question with several answers is named once."""
    if not isinstance(body, list):
        return ""
    names = [
        one["is"].get("field") if isinstance(one, dict) and isinstance(one.get("is"), dict) else "" for one in body
    ]
    field = _field(names[0], by_id) if names and len(set(names)) == 1 else None
    if field is None:
        return _joined([_clause(one, by_id) for one in body], " or ")
    values = [_value(field, one["is"].get("value")) for one in body]
    return f"“{field.label}” is {', '.join(values[:-1])}{' or ' if len(values) > 1 else ''}{values[-1]}"


def _named(rule: dict[str, Any]) -> str:
    inner = rule.get("not", rule)
    body = next(iter(inner.values()), None) if isinstance(inner, dict) else None
    return str(body.get("field", "")) if isinstance(body, dict) else ""


def _count(body: Any, by_id: dict[str, Field]) -> str:
    """A list with so many items; `where` says of which kind."""
    field = _field(body.get("list"), by_id) if isinstance(body, dict) else None
    if field is None:
        return ""
    which = _clause(body["where"], by_id) if "where" in body else ""
    if "where" in body and not which:
        return ""
    number = plain(body.get("at_least", 1))
    return f"“{field.label}” has {number} or more{f' where {which}' if which else ''}"


def _joined(clauses: list[str], word: str) -> str:
    return word.join(clauses) if clauses and all(clauses) else ""


def _value(field: Field, value: Any) -> str:
    if isinstance(value, bool):
        return "“Yes”" if value else "“No”"
    if isinstance(value, int | float):
        return plain(value)
    return f"“{next((one.label for one in field.options if one.code == value), value)}”"


def _field(name: Any, by_id: dict[str, Field]) -> Field | None:
    return by_id.get(name) if isinstance(name, str) else None


_WORDS: dict[str, Callable[[Any, dict[str, Field]], str]] = {
    "all": _all,
    "any": _any,
    "is": _is,
    "answered": _answered,
    "not": _not,
    "above": _ordered("more than"),
    "below": _ordered("less than"),
    "count": _count,
}
