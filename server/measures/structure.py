"""Is a file a measure? Its shape by the JSON Schema, and what no schema can say: items that exist, edges in order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator

from server.worksheets.reading import Path as Place
from server.worksheets.reading import Reading
from server.worksheets.structure import Problem

Found = tuple[Place, str, str]


def problems_of(reading: Reading, file: str, schema: Draft202012Validator) -> list[Problem]:
    """Everything that keeps a file from being a measure, in the order of its lines."""
    shape = [(tuple(error.absolute_path), "shape", error.message[:200]) for error in schema.iter_errors(reading.data)]
    found: list[Found] = shape or list(_meaning(reading.data, file))
    made = [
        Problem(file, reading.line(place), ".".join(str(part) for part in place), code, message)
        for place, code, message in found
    ]
    return sorted(made, key=lambda problem: problem.line)


def _meaning(data: dict[str, Any], file: str) -> Iterator[Found]:
    if file != f"measures/{data['id']}.v{data['version']}.yaml":
        yield ("id",), "file-name", "The file is called after the id and the version."
    count = data.get("items", {}).get("count", 0)
    for name in ("reversed", "risk_items", "not_applicable"):
        yield from _known_items(data.get(name, {}).get("numbers", []), count, (name, "numbers"))
    if count and data["items"]["min"] >= data["items"]["max"]:
        yield ("items",), "range", "The lowest answer is below the highest."
    if "codes" in data and len(data["codes"]["list"]) != count:
        yield ("codes", "list"), "codes", "There is one code for each item."
    ids = [scale["id"] for scale in data["scales"]]
    if len(ids) != len(set(ids)):
        yield ("scales",), "twice", "Each scale has an id of its own."
    for n, scale in enumerate(data["scales"]):
        yield from _known_items(scale.get("items", []), count, ("scales", n, "items"))
        yield from _scale(scale, data, count, n)


def _known_items(numbers: list[int], count: int, place: Place) -> Iterator[Found]:
    for number in numbers:
        if number > count:
            yield place, "unknown-item", f"There is no item {number}."


def _scale(scale: dict[str, Any], data: dict[str, Any], count: int, n: int) -> Iterator[Found]:
    place: Place = ("scales", n)
    least, most = scale["range"]["min"], scale["range"]["max"]
    if count:
        parts = len(scale.get("items", range(count))) if scale["kind"] == "sum" else 1
        if (least, most) != (data["items"]["min"] * parts, data["items"]["max"] * parts):
            yield (*place, "range"), "range", "The range is not what its items give."
    edges = [edge["from"] for edge in scale.get("bands", {}).get("edges", [])]
    if edges and (edges != sorted(set(edges)) or edges[0] != least or edges[-1] > most):
        yield (*place, "bands"), "bands", "Bands begin at the lowest score and rise."
    caseness = scale.get("caseness", {})
    cut = caseness.get("at_least", caseness.get("above"))
    if cut is not None and not least < cut <= most:
        yield (*place, "caseness"), "caseness", "Caseness lies inside the range."
