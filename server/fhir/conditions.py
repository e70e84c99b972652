"""When a question shows: our rules as FHIR's enableWhen, and back. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from server.fhir.reasons import Reasons
from server.worksheets.moments import day_of, time_of
from server.worksheets.scope import NUMBERS

Rule = dict[str, Any]
Data = dict[str, Any]
_ANSWER = "answer"


@dataclass(frozen=True)
class Target:
    """A question that a condition can ask about: our data of it, and how an answer is found among its options.

    `inside`: the question repeats, so it became a list of one, and this is that one.
    """

    field: Data
    code_of: Callable[[str, Any], str | None]
    inside: Data | None = None


def to_enable(rule: Rule, fields: Mapping[str, Data], link: Callable[[str], str]) -> tuple[list[Data], str] | None:
    """(enableWhen, enableBehavior) that say the same as this rule; None where FHIR has no words for it."""
    word = "any" if "any" in rule else "all"
    parts = rule[word] if len(rule) == 1 and word in rule and _simple(rule) is None else [rule]
    found = [_to_condition(part, fields, link) for part in parts]
    conditions = [one for one in found if one is not None]
    return (conditions, word) if len(conditions) == len(found) else None


def from_enable(item: Data, targets: Mapping[str, Target], reasons: Reasons) -> Rule | None:
    """The rule that an item's enableWhen amounts to; None where it has none. What cannot be said goes to `reasons`."""
    link_id, given = str(item.get("linkId")), item.get("enableWhen")
    if given is None:
        return None
    if not isinstance(given, list) or not given or not all(isinstance(one, dict) for one in given):
        reasons.refuse(link_id, "enableWhen is no list of conditions")
        return None
    behaviour = item.get("enableBehavior", "all" if len(given) == 1 else None)
    if behaviour not in ("all", "any"):
        reasons.refuse(link_id, "enableBehavior has to be all or any where there are several conditions")
        return None
    rules = [_from_condition(one, targets, reasons, link_id) for one in given]
    sound = [rule for rule in rules if rule is not None]
    if len(sound) != len(rules):
        return None
    return sound[0] if len(sound) == 1 else {behaviour: sound}


def _simple(rule: Rule) -> tuple[str, str, Any] | None:
    """(question, operator, value) of one comparison, as FHIR has them."""
    word, body = next(iter(rule.items()))
    if word == "answered":
        return body, "exists", True
    if word in ("is", "above", "below"):
        return body["field"], {"is": "=", "above": ">", "below": "<"}[word], body["value"]
    if word == "not" and isinstance(body, dict):
        inner = _simple(body)
        if inner and inner[1:] == ("exists", True):
            return inner[0], "exists", False
        if inner and inner[1] == "=":
            return inner[0], "!=", inner[2]
    if word == "all" and len(body) == 2 and "answered" in body[0] and "not" in body[1]:
        inner = _simple(body[1]["not"])
        if inner and inner[0] == body[0]["answered"] and inner[1] in ("<", ">"):
            return inner[0], {"<": ">=", ">": "<="}[inner[1]], inner[2]
    return None


def _to_condition(rule: Rule, fields: Mapping[str, Data], link: Callable[[str], str]) -> Data | None:
    found = _simple(rule)
    field = fields.get(found[0]) if found else None
    if found is None or field is None or field["type"] in ("list", "heading"):
        return None
    answer = {"answerBoolean": found[2]} if found[1] == "exists" else _to_answer(field, found[1], found[2])
    return {"question": link(found[0]), "operator": found[1], **answer} if answer else None


def _to_answer(field: Data, operator: str, value: Any) -> Data | None:
    kind = field["type"]
    if kind in ("choice", "choices"):
        return {"answerCoding": {"code": value}} if operator in ("=", "!=") else None
    if kind in NUMBERS:
        if not is_whole(field):
            return {"answerDecimal": value}
        return {"answerInteger": int(value)} if value == int(value) else None
    made = {"boolean": {"answerBoolean": value}, "text": {"answerString": value}, "date": {"answerDate": value}}
    return {"answerTime": f"{value}:00"} if kind == "time" else made.get(kind)


def is_whole(field: Data) -> bool:
    """Whether the answers to a number question are whole: FHIR's integer, not its decimal."""
    if field["type"] == "scale":
        return all(float(field[name]) == int(field[name]) for name in ("min", "max", "step"))
    return bool(field.get("integer"))


def _from_condition(one: Data, targets: Mapping[str, Target], reasons: Reasons, link_id: str) -> Rule | None:
    asked, operator = one.get("question"), one.get("operator")
    target = targets.get(asked) if isinstance(asked, str) else None
    answers = sorted(key for key in one if key.startswith(_ANSWER))
    if target is None:
        reasons.refuse(link_id, f"enableWhen asks about {asked!r}, which is no earlier question")
    elif not isinstance(operator, str) or operator not in _RULES or len(answers) != 1:
        reasons.refuse(link_id, f"enableWhen has the operator {operator!r} and {len(answers)} answers")
    elif operator == "exists":
        if isinstance(one.get("answerBoolean"), bool):
            there = {"answered": target.field["id"]}
            return there if one["answerBoolean"] else {"not": there}
        reasons.refuse(link_id, "enableWhen exists needs answerBoolean")
    else:
        return _compared(target, operator, answers[0], one[answers[0]], reasons, link_id)
    return None


def _compared(target: Target, operator: str, key: str, given: Any, reasons: Reasons, link_id: str) -> Rule | None:
    field = target.inside or target.field
    value = _value(field, target, key, given)
    ordered = operator not in ("=", "!=")
    if value is None or (ordered and field["type"] not in (*NUMBERS, "date", "time")):
        shown = f"{key} {operator} {given!r}"[:120]
        reasons.refuse(link_id, f"enableWhen {shown} cannot be asked of a question of type {field['type']}")
        return None
    if target.inside is None:
        return _RULES[operator](field["id"], value)
    plain = _RULES["=" if operator == "!=" else operator](field["id"], value)
    some = {"count": {"list": target.field["id"], "where": plain, "at_least": 1}}
    return {"not": some} if operator == "!=" else some


def _value(field: Data, target: Target, key: str, given: Any) -> Any:
    kind, number = field["type"], isinstance(given, int | float) and not isinstance(given, bool)
    if kind in ("choice", "choices"):
        return target.code_of(key.removeprefix(_ANSWER), given)
    if kind in NUMBERS:
        if key == "answerQuantity" and isinstance(given, dict):
            same = given.get("unit", field.get("unit")) == field.get("unit")
            value = given.get("value")
            fits = same and isinstance(value, int | float) and not isinstance(value, bool) and "comparator" not in given
            return value if fits else None
        return given if number and key in ("answerInteger", "answerDecimal") else None
    return plain_of(kind, key.removeprefix(_ANSWER), given)


def plain_of(kind: str, typed: str, given: Any) -> Any:
    """What a FHIR value of this type is as an answer to a boolean, text, date or time; None where it is none."""
    if kind == "time" and typed == "Time":
        return clock_of(given)
    fits = {
        "boolean": typed == "Boolean" and isinstance(given, bool),
        "text": typed == "String" and isinstance(given, str),
        "date": typed == "Date" and day_of(given) is not None,
    }
    return given if fits.get(kind) else None


def clock_of(given: Any) -> str | None:
    """`23:15` of FHIR's `23:15:00`; None where there are seconds, which we do not keep."""
    if not isinstance(given, str) or given[5:] not in ("", ":00", ":00.0", ":00.000"):
        return None
    return given[:5] if time_of(given[:5]) is not None else None


def _is(name: str, value: Any) -> Rule:
    return {"is": {"field": name, "value": value}}


def _bound(word: str, name: str, value: Any) -> Rule:
    return {word: {"field": name, "value": value}}


_RULES: dict[str, Callable[[str, Any], Rule]] = {
    "exists": lambda name, value: {"answered": name},
    "=": _is,
    "!=": lambda name, value: {"not": _is(name, value)},
    ">": lambda name, value: _bound("above", name, value),
    "<": lambda name, value: _bound("below", name, value),
    ">=": lambda name, value: {"all": [{"answered": name}, {"not": _bound("below", name, value)}]},
    "<=": lambda name, value: {"all": [{"answered": name}, {"not": _bound("above", name, value)}]},
}


def every_item(items: Any) -> Iterator[Data]:
    """All items in order, whatever is nested in whatever."""
    for one in items if isinstance(items, list) else []:
        if isinstance(one, dict):
            yield one
            yield from every_item(one.get("item"))
