"""Does a rule name questions that are there, and answers they can have? Found before a worksheet is ever used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from server.worksheets.moments import day_of, moment_of, time_of
from server.worksheets.reading import Path as Place
from server.worksheets.scope import DEEPEST_RULE, NUMBERS

Found = tuple[Place, str, str]
_WRITTEN = {"date": day_of, "time": time_of, "moment": moment_of}


def rule_problems(rule: dict[str, Any], place: Place, known: dict[str, Any], depth: int = 0) -> Iterator[Found]:
    """(place, code, sentence) of all that is wrong. `known`: the data of the questions that can be named here."""
    word, body = next(iter(rule.items()))
    inner = (*place, word)
    if depth > DEEPEST_RULE:
        yield inner, "too-deep", "The rule is nested too deeply."
    elif word in ("all", "any"):
        for n, one in enumerate(body):
            yield from rule_problems(one, (*inner, n), known, depth + 1)
    elif word == "at_least":
        for n, one in enumerate(body["of"]):
            yield from rule_problems(one, (*inner, "of", n), known, depth + 1)
        if body["n"] > len(body["of"]):
            yield inner, "never", "This asks for more than it names."
    elif word == "not":
        yield from rule_problems(body, inner, known, depth + 1)
    elif word == "answered":
        yield from _known(body, inner, known)
    elif word in ("is", "above", "below"):
        yield from _known(body["field"], inner, known)
        yield from _is(body, inner, known) if word == "is" else _bound(body, inner, known)
    elif word in ("count", "every"):
        yield from _of_list(body, inner, known, depth + 1)


def counts(field: dict[str, Any] | None) -> bool:
    """Whether the answers to this question are numbers, or are counted as one."""
    if field is None:
        return False
    return field["type"] in NUMBERS or any("score" in option for option in field.get("options", []))


def _is(body: dict[str, Any], place: Place, known: dict[str, Any]) -> Iterator[Found]:
    field, value = known.get(body["field"], {"type": ""}), body["value"]
    fits = {"boolean": bool, "choice": str, "choices": str}.get(field["type"], object)
    codes = [option["code"] for option in field.get("options", [])]
    if not isinstance(value, fits) or (codes and value not in codes):
        yield (*place, "value"), "never", f"“{value}” is no answer to “{body['field']}”."


def _bound(body: dict[str, Any], place: Place, known: dict[str, Any]) -> Iterator[Found]:
    field, value = known.get(body["field"]), body["value"]
    if field is None or field["type"] == "heading":
        return  # said already
    written = _WRITTEN.get(field["type"])
    if field["type"] == "choices" or (written is None and not counts(field)):
        yield place, "not-a-number", f"The answers to “{body['field']}” are in no order."
    elif not (isinstance(value, int | float) if written is None else written(value) is not None):
        yield (*place, "value"), "never", f"“{value}” is no answer to “{body['field']}”."


def _of_list(body: dict[str, Any], place: Place, known: dict[str, Any], depth: int) -> Iterator[Found]:
    field = known.get(body["list"])
    if field is None or field["type"] != "list":
        yield (*place, "list"), "unknown-field", f"“{body['list']}” is no list here."
    elif "where" in body:
        inside = known | {inner["id"]: inner for inner in field["fields"]}
        yield from rule_problems(body["where"], (*place, "where"), inside, depth)


def _known(name: str, place: Place, known: dict[str, Any]) -> Iterator[Found]:
    if name not in known or known[name]["type"] == "heading":
        yield place, "unknown-field", f"“{name}” is no question that can be named here."
