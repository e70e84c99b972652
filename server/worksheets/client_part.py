"""What a phone gets of a worksheet where risk is not asked about: everything but those questions. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from server.worksheets.definition import Field, Worksheet

WITHOUT_RISK = "without_risk"


def needs_procedure(fields: tuple[Field, ...], done: Any, short: tuple[str, ...]) -> bool:
    """Whether the done rule, the short way or a required question goes by what would be left out."""
    out = _left_out(fields)
    asked = {one.id for one in _every(fields) if one.required}
    return bool(out & (asked | set(short) | set(names_in(done))))


def without_risk(worksheet: Worksheet) -> Worksheet:
    """The same worksheet without its questions about risk, and without what names one of them.

    It has a hash of its own, since it is another wording than that of the whole file.
    """
    out = _left_out(worksheet.fields)
    derived = tuple(one for one in worksheet.derived if not out & _named_by(one))
    gone = {one.id for one in worksheet.derived} - {one.id for one in derived}
    fields = tuple(_kept(worksheet.fields, out))
    used = {one.stage for one in _every(fields)}
    stages = tuple(stage for stage in worksheet.stages if stage["id"] in used)
    return replace(
        worksheet,
        part=WITHOUT_RISK,
        sha256=hashlib.sha256(f"{worksheet.sha256}|{WITHOUT_RISK}".encode()).hexdigest(),
        fields=fields,
        derived=derived,
        risk_flags=(),
        stages=stages if len(stages) > 1 else (),
        example={**worksheet.example, "answers": _answers_less(worksheet.example["answers"], out)},
        texts={key: text for key, text in worksheet.texts.items() if not _is_text_of(key, out, gone)},
    )


def names_in(rule: Any) -> Iterator[str]:
    """Every question a rule names, lists included; what is no rule names none."""
    if isinstance(rule, list):
        for one in rule:
            yield from names_in(one)
    elif isinstance(rule, dict):
        for word, body in rule.items():
            if word in ("answered", "field", "list") and isinstance(body, str):
                yield body
            elif word != "value":
                yield from names_in(body)


def _left_out(fields: tuple[Field, ...]) -> set[str]:
    """Questions about risk, those shown by one of them, lists and headings that have nothing else under them."""
    every = list(_every(fields))
    out: set[str] = set()
    found = {one.id for one in every if one.risk}
    while found - out:
        out |= found
        found = {one.id for one in every if out & set(names_in(one.show_when))}
        lists = [one for one in every if one.fields]
        found |= {one.id for one in lists if all(inner.id in out for inner in one.fields)}
        found |= {inner.id for one in lists if one.id in out for inner in one.fields}
    return out | set(_bare_headings(fields, out))


def _bare_headings(fields: tuple[Field, ...], out: set[str]) -> Iterator[str]:
    heading, under = "", []
    for one in [*fields, None]:
        if one is None or one.type == "heading":
            if heading and under and all(name in out for name in under):
                yield heading
            heading, under = one.id if one else "", []
        else:
            under.append(one.id)


def _kept(fields: tuple[Field, ...], out: set[str]) -> Iterator[Field]:
    for one in fields:
        if one.id not in out:
            sight = tuple(name for name in one.keep_visible if name not in out)
            yield replace(one, keep_visible=sight, fields=tuple(_kept(one.fields, out)))


def _named_by(derived: Any) -> set[str | None]:
    return {derived.list, derived.start, derived.end, *derived.of, *(derived.night or {}).values()}


def _answers_less(answers: Any, out: set[str]) -> Any:
    if isinstance(answers, dict):
        return {name: _answers_less(value, out) for name, value in answers.items() if name not in out}
    return [_answers_less(one, out) for one in answers] if isinstance(answers, list) else answers


def _is_text_of(key: str, fields: set[str], derived: set[str]) -> bool:
    """Whether this text (`definition.texts`) belongs to a question or figure that was left out."""
    parts = key.split(".")
    if parts[0] == "derived":
        return parts[1] in derived
    if parts[0] == "fields":
        return parts[1] in fields or (len(parts) > 3 and parts[2] == "fields" and parts[3] in fields)
    return parts[:2] == ["example", "answers"] and bool({parts[2], *parts[4:5]} & fields)


def _every(fields: Iterable[Field]) -> Iterator[Field]:
    for one in fields:
        yield one
        yield from _every(one.fields)
