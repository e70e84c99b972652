"""What a question from elsewhere takes as an answer: its type, bounds, unit, options and first answer. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from server.fhir.conditions import plain_of
from server.fhir.extensions import control_code, type_of, value_of
from server.fhir.options import Chosen, code_among, options_of
from server.fhir.reasons import Reasons
from server.fhir.words import ITEM_CONTROL, MAX_VALUE, MIN_VALUE, SLIDER_STEP, UCUM, UNIT, UNIT_OPTION

Data = dict[str, Any]
Found = dict[str, list[Data]]
Read = tuple[Data, list[Chosen], set[str]]
LINES = 3  # of FHIR's `text`, which is longer than its `string`


def question_of(item: Data, found: Found, contained: Any, reasons: Reasons) -> Read:
    """(our words for it, its options, the extensions that were used). What cannot be said goes to `reasons`."""
    link_id, kind = item["linkId"], item["type"]
    data, options, used = QUESTIONS[kind](item, found, contained, reasons)
    if item.get("required"):
        data["required"] = True
    if "maxLength" in item:
        if data["type"] == "text" and isinstance(item["maxLength"], int):
            data["max_length"] = item["maxLength"]
        else:
            reasons.keep(link_id, "maxLength, which is for text here")
    for name in ("answerOption", "answerValueSet"):
        if name in item and kind not in ("choice", "open-choice"):
            reasons.refuse(link_id, f"{name} is for a choice, and this is of type {kind}")
    first = _initial(item, data, options, reasons)
    return ({**data, "initial": first} if first is not None else data), options, used


def _text(item: Data, found: Found, contained: Any, reasons: Reasons) -> Read:
    return {"type": "text", **({"lines": LINES} if item["type"] == "text" else {})}, [], set()


def _plain(kind: str) -> Callable[[Data, Found, Any, Reasons], Read]:
    return lambda item, found, contained, reasons: ({"type": kind}, [], set())


def _choice(item: Data, found: Found, contained: Any, reasons: Reasons) -> Read:
    said = len(reasons.refused)
    options = options_of(item, contained, reasons)
    is_open = item["type"] == "open-choice"
    if not options and is_open and len(reasons.refused) == said:
        return {"type": "text"}, [], set()
    if not options and len(reasons.refused) == said:
        reasons.refuse(item["linkId"], "it has no options")
    data: Data = {"type": "choices" if item.get("repeats") else "choice", "options": [one.data() for one in options]}
    return {**data, **({"open": True} if is_open else {})}, options, set()


def _number(item: Data, found: Found, contained: Any, reasons: Reasons) -> Read:
    link_id, whole = item["linkId"], item["type"] == "integer"
    data: Data = {"type": "number", **({"integer": True} if whole else {}), **_unit(item, found, reasons)}
    for name, url in (("min", MIN_VALUE), ("max", MAX_VALUE), ("step", SLIDER_STEP)):
        value = value_of(found[url][0]) if url in found else None
        if isinstance(value, int | float) and not isinstance(value, bool):
            data[name] = value
        elif value is not None:
            reasons.refuse(link_id, f"its {name} is no number")
    used = {MIN_VALUE, MAX_VALUE, SLIDER_STEP, UNIT, UNIT_OPTION}
    if _is_slider(found) and "min" in data and "max" in data:
        data = {"step": 1 if whole else 0.1, **data, "type": "scale"}
        data = {key: value for key, value in data.items() if key != "integer"}
        data |= {"low": f"{data['min']}", "high": f"{data['max']}"}
        used |= {ITEM_CONTROL}
    return data, [], used


def _unit(item: Data, found: Found, reasons: Reasons) -> Data:
    units = [value_of(one) for url in (UNIT, UNIT_OPTION) for one in found.get(url, [])]
    first = item.get("initial")
    if not units and item["type"] == "quantity" and isinstance(first, list) and first:
        units = [value_of(first[0])]
    names = {_unit_name(one) for one in units} - {None}
    if len(names) > 1:
        reasons.refuse(item["linkId"], "its unit is chosen by who answers")
    elif not names and item["type"] == "quantity":
        reasons.refuse(item["linkId"], "it asks for a quantity and names no unit")
    if names == {"minutes"} and any(isinstance(one, dict) and one.get("system") == UCUM for one in units):
        return {"type": "duration"}
    return {"unit": names.pop()} if len(names) == 1 else {}


def _unit_name(coding: Any) -> str | None:
    if not isinstance(coding, dict):
        return None
    if coding.get("system") == UCUM and coding.get("code") == "min":
        return "minutes"
    name = coding.get("display", coding.get("unit", coding.get("code")))
    return name if isinstance(name, str) else None


def _is_slider(found: Found) -> bool:
    return any(control_code(one) == "slider" for one in found.get(ITEM_CONTROL, []))


def _initial(item: Data, data: Data, options: list[Chosen], reasons: Reasons) -> Any:
    """The first answer filled in, in our form; None where there is none, or none that could be."""
    link_id, given = item["linkId"], item.get("initial", [])
    if data["type"] in ("choice", "choices"):
        codes = [one.code for one in options if one.initial]
        codes += [_code(one, options) for one in given] if isinstance(given, list) else [None]
        if None in codes or len(codes) > (1 if data["type"] == "choice" else len(options)):
            reasons.refuse(link_id, "its first answer is not among its options")
            return None
        return (codes if data["type"] == "choices" else codes[0]) if codes else None
    if not given and "initial" not in item:
        return None
    if not isinstance(given, list) or len(given) != 1 or not isinstance(given[0], dict) or item.get("repeats"):
        reasons.refuse(link_id, "it has several first answers, or none that can be read")
        return None
    made = _fitting(data["type"], type_of(given[0]), value_of(given[0]))
    if made is None:
        reasons.refuse(link_id, f"its first answer cannot be filled in ({given[0]!r})"[:160])
    return made


def _code(one: Any, options: list[Chosen]) -> str | None:
    return code_among(options, type_of(one), value_of(one)) if isinstance(one, dict) else None


def _fitting(kind: str, typed: str, value: Any) -> Any:
    if kind in ("number", "duration"):
        value = value.get("value") if typed == "Quantity" and isinstance(value, dict) else value
        fits = typed in ("Integer", "Decimal", "Quantity") and isinstance(value, int | float)
        return value if fits and not isinstance(value, bool) else None
    return plain_of(kind, typed, value)


QUESTIONS: dict[str, Callable[[Data, Found, Any, Reasons], Read]] = {
    "boolean": _plain("boolean"),
    "decimal": _number,
    "integer": _number,
    "quantity": _number,
    "date": _plain("date"),
    "dateTime": _plain("moment"),
    "time": _plain("time"),
    "string": _text,
    "text": _text,
    "choice": _choice,
    "open-choice": _choice,
}
