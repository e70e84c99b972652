"""A filled-in worksheet as a FHIR R4 QuestionnaireResponse, along the Questionnaire it answers. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from server.fhir.extensions import extension
from server.fhir.options import Chosen
from server.fhir.questionnaire import canonical, questionnaire
from server.fhir.taking import Taken, taken
from server.fhir.words import OURS, UCUM
from server.worksheets.definition import NOTHING_HAPPENED, OTHER, Worksheet
from server.worksheets.moments import moment_of, time_of
from server.worksheets.rules import outcome
from server.worksheets.scope import visible

Data = dict[str, Any]


@dataclass(frozen=True)
class About:
    """Whose entry it is, and how it came about. `happened_at` is aware; `zone` is where it was lived."""

    entry_id: str
    client_id: str
    happened_at: datetime
    zone: str
    medium: str = "worksheet"
    entered_by: str = "client"
    based_on: str | None = None


def response(worksheet: Worksheet, answers: Data, about: About, source: Data | None = None) -> Data:
    """The QuestionnaireResponse of one entry. `source`: the Questionnaire it was imported from, if it was.

    Only what is on show is in it. An answer that does not fit its question stands in an extension, as it was kept.
    """
    asked = source or questionnaire(worksheet)
    found = taken(asked)
    shown = {name: pair[1] for name, pair in visible(worksheet.fields, answers, {}).items()}
    items = list(_items(asked.get("item", []), shown, found, ZoneInfo(about.zone)))
    happened = [extension(f"{OURS}nothing_happened", True)] if answers.get(NOTHING_HAPPENED) is True else []
    whole = outcome(worksheet, answers) in ("done", "nothing_happened")
    return {
        **_head(about, happened, whole),
        "questionnaire": canonical(worksheet),
        **({"item": items} if items else {}),
    }


def own_words_response(rows: list[tuple[str, str]], about: About) -> Data:
    """The same of a task in own words, which has no Questionnaire: (label, text) as they are read."""
    items = [
        {"linkId": f"row-{n}", "text": label, "answer": [{"valueString": text}]}
        for n, (label, text) in enumerate(rows, start=1)
    ]
    return {**_head(about, [], True), **({"item": items} if items else {})}


def both(states: list[tuple[str, Data]]) -> Data:
    """One entry in two states, saved on two phones: a collection of both, the one shown first. (id of state, response).

    Each goes by the id of its state; the id of the entry, which they share, is their identifier.
    """
    entry = [
        {
            "fullUrl": f"urn:uuid:{state_id}",
            "resource": {**one, "id": state_id, "identifier": {"system": f"{OURS}entry", "value": one["id"]}},
        }
        for state_id, one in states
    ]
    return {"resourceType": "Bundle", "type": "collection", "entry": entry}


def _head(about: About, extensions: list[Data], whole: bool) -> Data:
    said = [extension(f"{OURS}medium", about.medium), extension(f"{OURS}entered_by", about.entered_by)]
    return {
        "resourceType": "QuestionnaireResponse",
        "id": about.entry_id,
        "extension": [*said, *extensions],
        **({"basedOn": [{"reference": about.based_on}]} if about.based_on else {}),
        "status": "completed" if whole else "in-progress",
        "subject": {"reference": f"Patient/{about.client_id}"},
        "authored": about.happened_at.isoformat(timespec="seconds"),
    }


def _items(items: list[Data], answers: Data, found: Taken, zone: ZoneInfo) -> Iterator[Data]:
    targets = {**found.targets, **found.inner}
    for item in items:
        link_id, target = item["linkId"], targets.get(item["linkId"])
        head = {"linkId": link_id, **({"text": item["text"]} if item.get("text") else {})}
        if item["type"] == "group" and target is not None:
            yield from _repeated(head, item, answers.get(target.field["id"]), found, zone)
        elif item["type"] == "group":
            inner = list(_items(item.get("item", []), answers, found, zone))
            if inner:
                yield {**head, "item": inner}
        elif target is not None:
            value = _value_of(answers, target)
            given, odd = _answers(item, target.inside or target.field, value, found.options.get(link_id, []), zone)
            inner = list(_items(item.get("item", []), answers, found, zone))
            if given and inner:
                given[0]["item"] = inner
            kept = [extension(f"{OURS}kept", json.dumps(one, ensure_ascii=False)) for one in odd]
            if given or kept:
                yield {**head, **({"extension": kept} if kept else {}), **({"answer": given} if given else {})}


def _value_of(answers: Data, target: Any) -> Any:
    """What was answered; where a question became a list of one, the answers in it."""
    value = answers.get(target.field["id"])
    if target.inside is None:
        return value
    listed = value if isinstance(value, list) else []
    return [one.get(target.inside["id"]) if isinstance(one, dict) else one for one in listed]


def _repeated(head: Data, item: Data, value: Any, found: Taken, zone: ZoneInfo) -> Iterator[Data]:
    for one in value if isinstance(value, list) else []:
        inner = list(_items(item.get("item", []), one, found, zone)) if isinstance(one, dict) else []
        if inner:
            yield {**head, "item": inner}
        elif one and not isinstance(one, dict):
            yield {**head, "extension": [extension(f"{OURS}kept", json.dumps(one, ensure_ascii=False))]}


def _answers(item: Data, field: Data, value: Any, options: list[Chosen], zone: ZoneInfo) -> tuple[list[Data], list]:
    """(answers that fit, values that do not)."""
    several = value if item.get("repeats") and isinstance(value, list) else [value]
    given, odd = [], []
    for one in several:
        if one in (None, "", [], {}, {OTHER: ""}):
            continue
        made = _answer(item, field, one, options, zone)
        given += [made] if made else []
        odd += [] if made else [one]
    return given, odd


def _answer(item: Data, field: Data, value: Any, options: list[Chosen], zone: ZoneInfo) -> Data | None:
    kind, is_number = item["type"], isinstance(value, int | float) and not isinstance(value, bool)
    if kind in ("choice", "open-choice"):
        return _choice(field, value, options)
    if kind == "integer":
        return {"valueInteger": int(value)} if is_number and value == int(value) else None
    if kind == "decimal":
        return {"valueDecimal": value} if is_number else None
    if kind == "quantity":
        minutes = {"unit": "minutes", "system": UCUM, "code": "min"} if field["type"] == "duration" else {}
        unit = minutes or ({"unit": field["unit"]} if "unit" in field else {})
        return {"valueQuantity": {"value": value, **unit}} if is_number else None
    if kind == "boolean":
        return {"valueBoolean": value} if isinstance(value, bool) else None
    return _written(kind, value, zone) if isinstance(value, str) and value.strip() else None


def _written(kind: str, value: str, zone: ZoneInfo) -> Data | None:
    if kind in ("string", "text"):
        return {"valueString": value}
    if kind == "time":
        return {"valueTime": f"{value}:00"} if time_of(value) is not None else None
    moment = moment_of(f"{value}T00:00" if kind == "date" else value)
    if moment is None:
        return None
    if kind == "date":
        return {"valueDate": value}
    return {"valueDateTime": moment.replace(tzinfo=zone).isoformat(timespec="seconds")}


def _choice(field: Data, value: Any, options: list[Chosen]) -> Data | None:
    if isinstance(value, dict):
        words = value.get(OTHER)
        return {"valueString": words} if field.get("open") and isinstance(words, str) and words.strip() else None
    found = next((one for one in options if one.code == value), None)
    if found is None:  # an open choice that named no options became a text
        return {"valueString": value} if field["type"] == "text" and isinstance(value, str) and value.strip() else None
    return {f"value{found.kind}": found.value}
