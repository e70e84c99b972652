"""A measure's text that a service holds: checked against the scorer, kept in the data folder, shown unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from server.fhir.files import already_here, keep, versions_of
from server.fhir.importing import imported_definition
from server.measures.definition import Measure
from server.measures.rules.text import answers_of, order_is_shown, unfit
from server.worksheets.definition import Worksheet
from server.worksheets.library import library

FAMILY = "measures-imported"


@dataclass(frozen=True)
class Text:
    """What became of a file: where it was kept, or why not; and what to look at by hand."""

    kept: Path | None
    refused: tuple[str, ...] = ()
    to_look_at: tuple[str, ...] = ()
    already: str = ""


@dataclass(frozen=True)
class Item:
    """One item as it is printed: its text, and what to type for each answer."""

    number: int
    text: str
    answers: list[tuple[int, str]]


@dataclass(frozen=True)
class Shown:
    """The text of a measure beside the boxes for its scores."""

    title: str
    headings: list[str]
    items: list[Item]
    copyright: str


def take_text(measure: Measure, resource: Any, data_folder: Path, schema: Draft202012Validator) -> Text:
    """Check a Questionnaire against the scorer and keep it, whole, with its risk items marked (`_for_clients`).

    Refused with every reason: what cannot be represented, another number of items, another range or order, known
    copying errors, no copyright line where one is due.
    """
    worksheet_id = f"{FAMILY}/{measure.id}"
    common = {
        "worksheet_id": worksheet_id,
        "version": max(versions_of(data_folder, worksheet_id), default=0) + 1,
        "schema": schema,
        "measure": measure.id,
    }
    first = imported_definition(resource, **common)
    if first.definition is None:
        return Text(None, tuple(str(one) for one in first.refused))
    asked = _questions(first.definition)
    if refused := unfit(measure, asked, resource):
        return Text(None, tuple(refused))
    risk = [str(asked[n - 1].get("link_id", asked[n - 1]["id"])) for n in sorted(measure.risk_items)]
    found = imported_definition(resource, **common, risk=risk, answered_by="the scorer of this program")
    if found.definition is None:
        return Text(None, tuple(str(one) for one in found.refused))
    definition = _for_clients(measure, found.definition)
    if here := already_here(data_folder, definition):
        return Text(None, already=here)
    kept = keep(data_folder, definition, resource)
    look = () if order_is_shown(measure, asked, resource) else (
        f"The file does not show that its items are in order. Compare it with the printed {measure.name}.",
    )  # fmt: skip
    return Text(kept, to_look_at=(*look, *(f"only in the source: {one}" for one in found.kept)))


def text_of(measure: Measure) -> Shown | None:
    """The imported text of a measure, or None where the service has none."""
    worksheet = library().newest(f"{FAMILY}/{measure.id}")
    if worksheet is None or worksheet.measure != measure.id:
        return None
    asked = questions_of(worksheet, measure)
    return Shown(
        title=worksheet.title,
        headings=[one.label for one in worksheet.fields if one.type == "heading"],
        items=[Item(number, one["label"], answers_of(measure, number, one)) for number, one in enumerate(asked, 1)],
        copyright=worksheet.licence if worksheet.copyright is None else worksheet.copyright,
    )


def questions_of(worksheet: Worksheet, measure: Measure) -> list[dict[str, Any]]:
    """The items of a measure's imported text in order, as `rules.text` takes them."""
    asked = [one for one in worksheet.fields if one.type != "heading"][: measure.count]
    return [
        {"id": one.id, "type": one.type, "label": one.label, "options": [vars(option) for option in one.options]}
        for one in asked
    ]


def _for_clients(measure: Measure, definition: dict[str, Any]) -> dict[str, Any]:
    """Done with every item of the scorer, and flags for its risk items.

    A measure that asks about risk is so nothing without that item: it needs a procedure (design.md 4), and no phone
    ever gets it shortened. Levels: clinical reference D1, B 1 and 4.
    """
    names = [one["id"] for one in _questions(definition)[: measure.count]]
    fields = [{**one, "required": True} if one["id"] in names else one for one in definition["fields"]]
    flags = [
        {"field": names[number - 1], "level": level, "when": {"above": {"field": names[number - 1], "value": bound}}}
        for number in sorted(measure.risk_items)
        for level, bound in ((1, measure.least), (2, measure.least + 1))
    ]
    done = {"all": [{"answered": name} for name in names]}
    return {**definition, "fields": fields, "done": done, **({"risk_flags": flags} if flags else {})}


def _questions(definition: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in definition["fields"] if one["type"] != "heading"]
