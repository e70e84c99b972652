"""Is this data a definition? Its shape, by the JSON Schema, and what no schema can say: names that exist."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match

from server.worksheets.client_part import names_in
from server.worksheets.definition import Field, field_from, texts
from server.worksheets.places import dotted, place_of
from server.worksheets.reading import Path as Place
from server.worksheets.reading import Reading, Unreadable, read
from server.worksheets.rule_structure import Found, counts, rule_problems
from server.worksheets.scalars import unfit
from server.worksheets.scope import NUMBERS, answered
from server.worksheets.trouble import troubles_of

# Of our own texts; an instrument from elsewhere stays as it is.
LONGEST_TEXT, LONGEST_SHORT_TEXT, MOST_OPTIONS = 600, 120, 20


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where: file, line, field (the path inside the file), a code, a sentence."""

    file: str
    line: int
    field: str
    code: str
    message: str
    warning: bool = False

    def __str__(self) -> str:
        kind = "warning: " if self.warning else ""
        return f"{self.file}:{self.line}: {self.field or 'file'}: {kind}{self.message} [{self.code}]"


def schema_at(folder: Path) -> Draft202012Validator:
    """The schema that lies beside the worksheets. Raises OSError where there is none."""
    return Draft202012Validator(json.loads((folder / "schema.json").read_text(encoding="utf-8")))


def problems_of(reading: Reading, file: str, schema: Draft202012Validator) -> list[Problem]:
    """Everything that keeps this file from being a worksheet, in the order of its lines."""
    found = list(unfit(reading.data)) or list(_shape(reading.data, schema)) or list(_meaning(reading.data, file))
    made = [Problem(file, reading.line(place), dotted(place), code, message) for place, code, message in found]
    return sorted(made, key=lambda problem: problem.line)


def problems_beside(path: Path, look: Callable[[Reading], list[Found]]) -> list[Problem]:
    """What `look` finds in a data file that lies beside the worksheets; nothing where there is no such file."""
    if not path.is_file():
        return []
    try:
        reading = read(path.read_bytes())
    except Unreadable as error:
        return [Problem(path.name, error.line, dotted(error.path), "unreadable", error.message)]
    return [
        Problem(path.name, reading.line(place), dotted(place), code, message) for place, code, message in look(reading)
    ]


def _shape(data: Any, schema: Draft202012Validator) -> Iterator[Found]:
    for error in schema.iter_errors(data):
        deepest = best_match([error]) or error
        yield tuple(deepest.absolute_path), "shape", _sentence(deepest)


def _sentence(error: ValidationError) -> str:
    if error.validator == "type" and isinstance(error.instance, bool | int | float):
        shown = json.dumps(error.instance)
        return f"{shown} is not of type {error.validator_value}. Words, days and times go in quotes."
    if error.validator == "not":
        return "This does not belong here: another type of question has it, or only what was imported."
    text = error.message if len(error.message) < 200 else f"{error.message[:200]}…"
    return text if text.endswith(".") else f"{text}."


def _meaning(data: dict[str, Any], file: str) -> Iterator[Found]:
    yield from _file_name(data, file)
    yield from _fields(data["fields"], ("fields",), {}, set())
    top = {field["id"]: field for field in data["fields"]}
    yield from rule_problems(data["done"], ("done",), top)
    yield from _stages(data)
    for n, name in enumerate(data.get("short", [])):
        if name not in top or top[name]["type"] in ("date", "heading"):
            yield (
                ("short", n),
                "unknown-field",
                f"The short way names “{name}”, which is no question.",
            )
    for n, one in enumerate(data.get("derived", [])):
        yield from _derived(one, ("derived", n), top)
    if data["rhythms"]["default"]["kind"] not in data["rhythms"]["allowed"]:
        yield ("rhythms", "default"), "rhythm", "The default rhythm is not among those allowed."
    yield from _risk_flags(data, top)
    if "example" in data:
        yield from _example(data["fields"], data["example"]["answers"], ("example", "answers"))
    if not data.get("imported"):
        yield from _lengths(data)


def _risk_flags(data: dict[str, Any], top: dict[str, Any]) -> Iterator[Found]:
    risky = {field["id"] for one in data["fields"] for field in [one, *one.get("fields", [])] if field.get("risk")}
    for n, flag in enumerate(data.get("risk_flags", [])):
        place = ("risk_flags", n)
        yield from rule_problems(flag["when"], (*place, "when"), top)
        if flag["field"] not in risky:
            yield (*place, "field"), "risk", f"“{flag['field']}” is not marked `risk: true`."
        elif flag["field"] not in names_in(flag["when"]):
            yield (*place, "when"), "risk", f"The rule does not ask about “{flag['field']}”."


def _lengths(data: dict[str, Any]) -> Iterator[Found]:
    for key, text in texts(data):
        short = key.split(".")[-1] in _SHORT_TEXTS or ".options." in key or key.startswith(("derived.", "stages."))
        most = LONGEST_SHORT_TEXT if short else LONGEST_TEXT
        if len(text) > most and not key.startswith("example.answers."):
            yield place_of(key, data), "too-long", f"{len(text)} characters; at most {most}."
    for n, one in enumerate(data["fields"]):
        for place, field in [(("fields", n), one), *_inner(one, n)]:
            if "options" in field and not 2 <= len(field["options"]) <= MOST_OPTIONS:
                yield (*place, "options"), "options", f"A choice has from 2 to {MOST_OPTIONS} options."


def _inner(field: dict[str, Any], n: int) -> list[tuple[Place, dict[str, Any]]]:
    return [(("fields", n, "fields", k), inner) for k, inner in enumerate(field.get("fields", []))]


_SHORT_TEXTS = ("title", "neutral_title", "unit", "low", "high", "item")


def _file_name(data: dict[str, Any], file: str) -> Iterator[Found]:
    if f"{data['id']}.v{data['version']}.yaml" != file:
        yield ("id",), "file-name", f"{data['id']} version {data['version']} does not belong in {file}."


def _fields(fields: list[Any], at: Place, before: dict[str, Any], taken: set[str]) -> Iterator[Found]:
    """Each question by itself, then what it names: earlier questions only, as a page is read downwards."""
    earlier = dict(before)
    for n, field in enumerate(fields):
        place = (*at, n)
        if field["id"] in taken:
            yield (*place, "id"), "twice", f"“{field['id']}” is the name of two questions."
        taken.add(field["id"])
        yield from _one_field(field, place)
        if "show_when" in field:
            yield from rule_problems(field["show_when"], (*place, "show_when"), earlier)
        for k, name in enumerate(field.get("keep_visible", [])):
            if name not in earlier:
                yield (*place, "keep_visible", k), "unknown-field", f"“{name}” is no earlier question."
        yield from _fields(field.get("fields", []), (*place, "fields"), earlier, taken)
        earlier[field["id"]] = field


def _one_field(field: dict[str, Any], place: Place) -> Iterator[Found]:
    low, high = field.get("min"), field.get("max")
    if low is not None and high is not None and low >= high:
        yield (*place, "min"), "range", "The lowest number is not below the highest."
    elif field["type"] == "scale" and round((field["max"] - field["min"]) / field["step"], 6) % 1:
        yield (*place, "step"), "range", "The steps do not end at the highest number."
    codes = [option["code"] for option in field.get("options", [])]
    if len(set(codes)) != len(codes):
        yield (*place, "options"), "twice", "Two options have one code."
    if field["type"] == "heading" and field.get("required"):
        yield (*place, "required"), "heading", "A heading cannot be answered."
    if "initial" in field and not _fits(field_from(field), field["initial"]):
        yield (*place, "initial"), "initial", "What is filled in at first does not fit the question."
    if field.get("risk") and ("initial" in field or field.get("carry_over")):
        yield place, "risk", "A question about risk starts empty: nothing is filled in for anybody."
    if any(inner["type"] == "list" for inner in field.get("fields", [])):
        yield (*place, "fields"), "nested-list", "A list inside a list is too much for a phone."


def _fits(field: Field, value: Any) -> bool:
    return answered(field, value) and not list(troubles_of(field, value, ""))


def _stages(data: dict[str, Any]) -> Iterator[Found]:
    stages = {stage["id"] for stage in data.get("stages", [])}
    named = list(_named_stages(data["fields"], ("fields",)))
    for place, stage in [*named, *_rule_stages(data["done"], ("done",))]:
        if stage not in stages:
            yield place, "unknown-stage", f"“{stage}” is no stage of this worksheet."
    for n, stage in enumerate(data.get("stages", [])):
        if stage["id"] not in {used for _, used in named}:
            yield ("stages", n), "unused-stage", f"No question belongs to the stage “{stage['id']}”."


def _named_stages(fields: list[Any], at: Place) -> Iterator[tuple[Place, str]]:
    for n, field in enumerate(fields):
        if "stage" in field:
            yield (*at, n, "stage"), field["stage"]
        yield from _named_stages(field.get("fields", []), (*at, n, "fields"))


def _rule_stages(rule: Any, at: Place) -> Iterator[tuple[Place, str]]:
    if isinstance(rule, dict):
        for word, body in rule.items():
            if word == "stage" and isinstance(body, str):
                yield (*at, word), body
            yield from _rule_stages(body, (*at, word))
    elif isinstance(rule, list):
        for n, one in enumerate(rule):
            yield from _rule_stages(one, (*at, n))


def _derived(one: dict[str, Any], place: Place, top: dict[str, Any]) -> Iterator[Found]:
    inside = top
    if "list" in one:
        listed = top.get(one["list"], {})
        if listed.get("type") != "list":
            yield (*place, "list"), "unknown-field", f"“{one['list']}” is no list here."
            return
        inside = {inner["id"]: inner for inner in listed["fields"]}
    counted: list[tuple[Place, str | None]] = [(("start",), one.get("start")), (("end",), one.get("end"))]
    counted += [(("of", n), name) for n, name in enumerate(one.get("of", []))]
    for where, name in counted:
        if name is not None and not counts(inside.get(name)):
            yield (*place, *where), "not-a-number", f"“{name}” is not answered with a number."
    for part, name in one.get("night", {}).items():
        wanted = {"date": ("date",), "sol": NUMBERS, "waso": NUMBERS}.get(part, ("time",))
        if top.get(name, {}).get("type") not in wanted:
            yield (*place, "night", part), "unknown-field", f"“{name}” is not of the type a night needs."


def _example(fields: list[Any], answers: Any, at: Place) -> Iterator[Found]:
    by_id = {field["id"]: field for field in fields}
    for name, value in answers.items():
        field = by_id.get(name)
        if field is None:
            yield (*at, name), "unknown-field", f"The example answers “{name}”, which is not asked."
        elif field["type"] == "list":
            yield from _example_items(field, value, (*at, name))


def _example_items(field: dict[str, Any], value: Any, at: Place) -> Iterator[Found]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        yield at, "example", "The example of a list is a list of items."
        return
    for n, item in enumerate(value):
        yield from _example(field["fields"], item, (*at, n))
