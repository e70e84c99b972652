"""Reads a bundle one person at a time, so that its size does not matter."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

Row = dict[str, str]
Person = dict[str, list[Row]]  # table → this person's rows

TABLES = (
    *("episodes", "appointments", "assignments", "occurrences", "deliveries", "decisions"),
    *("intervals", "measures", "outcomes", "lagged", "landmarks"),
)
MISSING = frozenset(
    ("not-applicable", "not-asked", "not-answered", "not-known", "not-yet", "suppressed", "unlisted"),
)


class NotABundle(Exception):
    """The folder is no bundle, or its rows are not in the order of its people."""


def people(folder: Path) -> Iterator[Person]:
    """Each person of the bundle with their rows in every table; all tables are in the order of participants."""
    groups = {name: _Groups(folder, name) for name in TABLES}
    for [person] in _by_person(folder, "participants"):
        yield {"participants": [person], **{name: one.of(person["pid"]) for name, one in groups.items()}}
    for name, one in groups.items():
        if one.waiting:
            raise NotABundle(f"data/{name}_data.csv is not in the order of data/participants_data.csv.")


def told(folder: Path) -> dict[str, Any]:
    """As of when and who was left out (quality/data_quality.json), and what it is (dataset_description.json)."""
    quality, described = (
        json.loads(_file(folder, path).read_text("utf-8"))
        for path in ("quality/data_quality.json", "dataset_description.json")
    )
    return {"as_of": quality["as_of"], "left_out": quality["left_out"], "about": described["description"]}


def codes(folder: Path) -> dict[tuple[str, str], dict[str, str]]:
    """(table, column) → its codes and what each says, missing ones left out."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    with _file(folder, "codebook/codes.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["missing"] == "no":
                found.setdefault((row["file"], row["column"]), {})[row["code"]] = row["label"]
    return found


def measure_names(found: dict[tuple[str, str], dict[str, str]]) -> dict[str, str]:
    """Measure → its name, from the codes: what it is about stands behind the name there."""
    return {code: label.partition(":")[0] for code, label in found["measures", "measure"].items()}


def number(cell: str) -> float | None:
    """The number in a cell; None where it is missing."""
    return None if cell in MISSING else float(cell)


class _Groups:
    """One table, a person at a time, beside the others."""

    def __init__(self, folder: Path, name: str) -> None:
        self._rows = _by_person(folder, name)
        self.waiting = next(self._rows, [])

    def of(self, pid: str) -> list[Row]:
        """This person's rows; none where the next rows are somebody else's."""
        if not self.waiting or self.waiting[0]["pid"] != pid:
            return []
        found, self.waiting = self.waiting, next(self._rows, [])
        return found


def rows(folder: Path, name: str) -> Iterator[Row]:
    """Every row of one table."""
    with _file(folder, f"data/{name}_data.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _by_person(folder: Path, name: str) -> Iterator[list[Row]]:
    for _, several in groupby(rows(folder, name), key=lambda row: row["pid"]):
        yield list(several)


def _file(folder: Path, path: str) -> Path:
    found = folder / path
    if not found.is_file():
        raise NotABundle(f"{path} is not there. Run this in the folder of a bundle.")
    return found
