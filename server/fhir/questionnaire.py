"""A worksheet as a FHIR R4 Questionnaire: FHIR's own words where it has them, our extensions beside them. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from server.fhir.conditions import is_whole, to_enable
from server.fhir.extensions import extension, ours
from server.fhir.taking import taken
from server.fhir.words import (
    ITEM_CONTROL,
    ITEM_CONTROLS,
    MAX_OCCURS,
    MAX_VALUE,
    MIN_OCCURS,
    MIN_VALUE,
    ORDINAL,
    OURS,
    SLIDER_STEP,
    UCUM,
    UNIT,
)
from server.worksheets.definition import Worksheet
from server.worksheets.plain import data_of
from server.worksheets.scope import NUMBERS

Data = dict[str, Any]
TYPES = {
    "boolean": "boolean",
    "date": "date",
    "time": "time",
    "moment": "dateTime",
    "heading": "display",
    "list": "group",
}
LONGEST_ID = 64


def questionnaire(worksheet: Worksheet) -> Data:
    """The Questionnaire of one version of a worksheet. `taking.taken` gives the very same definition back."""
    data = data_of(worksheet)
    fields = {one["id"]: one for one in _every(data["fields"])}
    made = {
        "resourceType": "Questionnaire",
        "id": resource_id(worksheet.key),
        **address(worksheet),
        "name": re.sub(r"\W+", "", worksheet.title.title()) or "Worksheet",
        "title": worksheet.title,
        "status": "active",
        "subjectType": ["Patient"],
        "description": worksheet.summary,
        "purpose": worksheet.why,
        **({"copyright": worksheet.copyright} if worksheet.copyright else {}),
        "item": [_item(one, fields) for one in data["fields"]],
    }
    native = taken(made).data
    beside = ours({key: value for key, value in data.items() if key != "fields"}, native)
    return {**made, "extension": beside} if beside else made


def address(worksheet: Worksheet) -> Data:
    """Its canonical address and version: where it came from, or else our own."""
    url, _, version = (worksheet.canonical or "").rpartition("|")
    if not url:
        return {"url": f"{OURS}{worksheet.id}", "version": str(worksheet.version)}
    return {"url": url, "version": version} if version else {"url": url}


def canonical(worksheet: Worksheet) -> str:
    """The same in one word, as other resources name it."""
    return "|".join(address(worksheet).values())


def resource_id(key: str) -> str:
    """An id FHIR allows, made of one of ours; a hash at its end where it is too long."""
    plain = re.sub(r"[^A-Za-z0-9.-]", "-", key)
    return plain if len(plain) <= LONGEST_ID else f"{plain[:47]}-{hashlib.sha256(key.encode()).hexdigest()[:16]}"


def link_of(field: Data) -> str:
    """What a question is called outside: as where it came from, else its id."""
    return str(field.get("link_id", field["id"]))


def _item(field: Data, fields: Mapping[str, Data]) -> Data:
    extensions = list(_extensions(field))
    made = {
        "linkId": link_of(field),
        "text": field["label"],
        "type": _type(field),
        **_enable(field, fields),
        **({"required": True} if field.get("required") else {}),
        **({"repeats": True} if field["type"] in ("choices", "list") else {}),
        **({"maxLength": field["max_length"]} if "max_length" in field else {}),
        **({"answerOption": [_option(one, field) for one in field["options"]]} if "options" in field else {}),
        **_initial(field),
    }
    inner = [*_displays(field), *(_item(one, fields) for one in field.get("fields", []))]
    made |= ({"extension": extensions} if extensions else {}) | ({"item": inner} if inner else {})
    return _with_ours(made, field, fields)


def _with_ours(made: Data, field: Data, fields: Mapping[str, Data]) -> Data:
    """The item, and an extension for each word that reading it would not give back."""
    others = {name: one for name, one in fields.items() if name != field["id"]}
    read = taken({"title": "-", "item": [made]}, {link_of(one): one for one in others.values()})
    native = read.data["fields"][0] if read.data["fields"] else {}
    names = ("fields",)
    wanted = {key: value for key, value in field.items() if key not in names}
    beside = ours(wanted, {key: value for key, value in native.items() if key not in names})
    return {**made, "extension": [*made.get("extension", []), *beside]} if beside else made


def _type(field: Data) -> str:
    kind = field["type"]
    if kind == "text":
        return "text" if field.get("lines", 1) > 1 else "string"
    if kind in NUMBERS:
        return "integer" if is_whole(field) else "decimal"
    if kind in ("choice", "choices"):
        return "open-choice" if field.get("open") else "choice"
    return TYPES[kind]


def _enable(field: Data, fields: Mapping[str, Data]) -> Data:
    found = to_enable(field["show_when"], fields, lambda name: link_of(fields[name])) if "show_when" in field else None
    if found is None:
        return {}
    return {"enableWhen": found[0], **({"enableBehavior": found[1]} if len(found[0]) > 1 else {})}


def _extensions(field: Data) -> Iterator[Data]:
    kind = "valueInteger" if is_whole(field) else "valueDecimal"
    if field["type"] in NUMBERS:
        yield from ({"url": url, kind: _number(field[name], kind)} for name, url in _BOUNDS if name in field)
        if field["type"] == "scale":
            yield _control("slider")
        if field["type"] == "scale" and float(field["step"]) == int(field["step"]):
            yield {"url": SLIDER_STEP, "valueInteger": int(field["step"])}
        if field["type"] == "duration":
            yield {"url": UNIT, "valueCoding": {"system": UCUM, "code": "min", "display": "minutes"}}
        elif "unit" in field:
            yield {"url": UNIT, "valueCoding": {"display": field["unit"]}}
    occurs = (("min_items", MIN_OCCURS), ("max_items", MAX_OCCURS))
    yield from (extension(url, field[name]) for name, url in occurs if name in field)


_BOUNDS = (("min", MIN_VALUE), ("max", MAX_VALUE))


def _number(value: float, kind: str) -> float:
    return int(value) if kind.endswith("Integer") else value


def _control(code: str) -> Data:
    return {"url": ITEM_CONTROL, "valueCodeableConcept": {"coding": [{"system": ITEM_CONTROLS, "code": code}]}}


def _option(option: Data, field: Data) -> Data:
    initial = field.get("initial", [])
    chosen = option["code"] in initial if isinstance(initial, list) else option["code"] == initial
    made: Data = {"valueCoding": {"code": option["code"], "display": option["label"]}}
    if option.get("score") is not None:
        made["extension"] = [{"url": ORDINAL, "valueDecimal": option["score"]}]
    return {**made, "initialSelected": True} if chosen else made


def _initial(field: Data) -> Data:
    kind, value = _type(field), field.get("initial")
    names = {"string": "String", "text": "String", "boolean": "Boolean", "date": "Date", "decimal": "Decimal"}
    if value is None or (kind not in names and kind not in ("integer", "time")):
        return {}
    if kind == "integer":
        return {"initial": [{"valueInteger": int(value)}]} if value == int(value) else {}
    if kind == "time":
        return {"initial": [{"valueTime": f"{value}:00"}]}
    return {"initial": [{f"value{names[kind]}": value}]}


def _displays(field: Data) -> Iterator[Data]:
    """What stands beside a question: its hint, and the words at the ends of a scale."""
    for word, control in (("hint", "help"), ("low", "lower"), ("high", "upper")):
        if word in field:
            link_id = f"{link_of(field)}/{word}"
            yield {"linkId": link_id, "text": field[word], "type": "display", "extension": [_control(control)]}


def _every(fields: list[Data]) -> Iterator[Data]:
    for one in fields:
        yield one
        yield from _every(one.get("fields", []))
