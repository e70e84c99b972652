"""The options of a choice from elsewhere: answerOption of every type, and ValueSets that the file contains. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from server.fhir.extensions import extensions_of, type_of, unused, value_of
from server.fhir.reasons import Reasons
from server.fhir.words import ITEM_WEIGHT, ORDINAL

Data = dict[str, Any]
LONGEST_NAME = 40
_CODE = re.compile(r"[a-z][a-z0-9_]*")
_PLAIN = ("String", "Integer", "Date", "Time")


@dataclass(frozen=True)
class Chosen:
    """One option: our code and label of it, what it counts as, and the value it had, with its FHIR type."""

    code: str
    label: str
    kind: str
    value: Any
    score: float | None = None
    initial: bool = False

    def data(self) -> Data:
        """The option of our definition."""
        return {"code": self.code, "label": self.label, **({} if self.score is None else {"score": self.score})}


def options_of(item: Data, contained: Any, reasons: Reasons) -> list[Chosen]:
    """The options of a choice. What cannot be taken over goes to `reasons`, all of it."""
    link_id, given, named = str(item.get("linkId")), item.get("answerOption"), item.get("answerValueSet")
    if given is not None and named is not None:
        reasons.refuse(link_id, "it has both answerOption and answerValueSet")
        return []
    if named is not None:
        rows = _of_value_set(named, contained, link_id, reasons)
    elif isinstance(given, list) and all(isinstance(one, dict) for one in given):
        rows = given
    else:
        if given is not None:
            reasons.refuse(link_id, "answerOption is no list of options")
        return []
    made: list[Chosen] = []
    for row in rows:
        one = _option(row, {option.code for option in made}, link_id, reasons)
        made += [one] if one else []
    return made


def code_among(options: list[Chosen], kind: str, given: Any) -> str | None:
    """Our code of the option with this value, as enableWhen and initial name it; None where there is none."""
    found = [one.code for one in options if one.kind == kind and _same(one, given)]
    return found[0] if len(found) == 1 else None


def name_of(given: str, taken: set[str], prefix: str) -> str:
    """A name of ours for a code or linkId from elsewhere: the very same where it can be, and free."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", given).lower()
    plain = given if _CODE.fullmatch(given) else re.sub(r"[^a-z0-9]+", "_", spaced).strip("_")
    plain = plain if plain[:1].isascii() and plain[:1].isalpha() else f"{prefix}_{plain}".rstrip("_")
    name, n = plain[:LONGEST_NAME], 1
    while name in taken:
        n += 1
        name = f"{plain[: LONGEST_NAME - 5]}_{n}"
    return name


def _same(one: Chosen, given: Any) -> bool:
    if one.kind != "Coding":
        return bool(one.value == given) and isinstance(given, bool) is isinstance(one.value, bool)
    if not isinstance(given, dict) or given.get("code") != one.value.get("code"):
        return False
    systems = {given.get("system"), one.value.get("system")} - {None}
    return len(systems) < 2 and (given.get("code") is not None or given.get("display") == one.value.get("display"))


def _option(row: Data, taken: set[str], link_id: str, reasons: Reasons) -> Chosen | None:
    kind, value = type_of(row), value_of(row)
    if kind == "Coding" and isinstance(value, dict):
        label, named = value.get("display", value.get("code")), value.get("code", value.get("display"))
    elif kind in _PLAIN and isinstance(value, str | int) and not isinstance(value, bool):
        label = named = str(value)
    else:
        what = "a reference" if kind == "Reference" else f"of type {kind or 'none'}"
        reasons.refuse(link_id, f"an option is {what}, and can be a coding, text, a whole number, a day or a time")
        return None
    if not isinstance(label, str) or not label.strip() or not isinstance(named, str):
        reasons.refuse(link_id, "an option has neither a display nor a code")
        return None
    code = name_of(named, taken, "n" if kind == "Integer" else "o")
    score = _score(row, value, kind, link_id, reasons)
    return Chosen(code, label, kind, value, score, row.get("initialSelected") is True)


def _score(row: Data, value: Any, kind: str, link_id: str, reasons: Reasons) -> float | None:
    found = extensions_of(row, link_id, reasons)
    if isinstance(value, dict):
        found = {**found, **extensions_of(value, link_id, reasons)}
    unused(found, {ORDINAL, ITEM_WEIGHT}, link_id, reasons)
    weights = [value_of(one) for url in (ORDINAL, ITEM_WEIGHT) for one in found.get(url, [])]
    numbers = [one for one in weights if isinstance(one, int | float) and not isinstance(one, bool)]
    if len(numbers) != len(weights):
        reasons.refuse(link_id, "the weight of an option is no number")
    return numbers[0] if numbers else (value if kind == "Integer" else None)


def _of_value_set(named: Any, contained: Any, link_id: str, reasons: Reasons) -> list[Data]:
    sets = contained if isinstance(contained, list) else []
    found = [one for one in sets if isinstance(one, dict) and f"#{one.get('id')}" == named]
    if not found or found[0].get("resourceType") != "ValueSet":
        reasons.refuse(link_id, f"its options are in the ValueSet {named!r}, which the file does not contain")
        return []
    rows = list(_concepts(found[0], str(named), link_id, reasons))
    if not rows:
        reasons.refuse(link_id, f"the ValueSet {named!r} lists no options")
    return rows


def _concepts(value_set: Data, named: str, link_id: str, reasons: Reasons) -> Iterator[Data]:
    """The concepts of an expansion, or else those a composition lists one by one."""
    parts = value_set.get("expansion") or value_set.get("compose")
    parts = parts if isinstance(parts, dict) else {}
    includes = [{"concept": parts["contains"]}] if "contains" in parts else parts.get("include", [])
    if parts.get("exclude"):
        reasons.refuse(link_id, f"the ValueSet {named!r} leaves codes out")
    for include in includes if isinstance(includes, list) else []:
        listed = include.get("concept") if isinstance(include, dict) else None
        if not isinstance(listed, list) or any(not isinstance(one, dict) or one.get("contains") for one in listed):
            reasons.refuse(link_id, f"the ValueSet {named!r} does not list its codes one by one")
            continue
        for one in listed:
            coding = {"system": one.get("system", include.get("system")), **_only(one, "code", "display")}
            yield {"valueCoding": {key: value for key, value in coding.items() if value is not None}} | _only(
                one, "extension", "modifierExtension"
            )


def _only(data: Data, *names: str) -> Data:
    return {name: data[name] for name in names if name in data}
