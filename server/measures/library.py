"""All measures of this installation, read once at start."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from flask import Flask, current_app

from server.config import Config
from server.errors import CannotStart
from server.measures.definition import Measure, measure_from
from server.measures.structure import problems_of
from server.worksheets.reading import Reading, Unreadable, read
from server.worksheets.structure import Problem, schema_at

PUBLISHED = "published.json"


class BrokenMeasures(CannotStart):
    """At least one measure has an error: wrong scores are worse than no start."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"A measure has an error: {problems[0]}")
        self.problems = problems


class Measures:
    """Measures by id and version."""

    def __init__(self, measures: list[Measure]) -> None:
        self._by_key = {(one.id, one.version): one for one in measures}

    @classmethod
    def load(cls, folder: Path) -> Measures:
        """Read every measure in a folder. Raises BrokenMeasures."""
        read_in = files(folder)
        problems = [problem for _, _, found in read_in for problem in found]
        if problems:
            raise BrokenMeasures(problems)
        return cls([measure_from(reading.data, reading.sha256) for _, reading, _ in read_in if reading])

    def get(self, measure_id: str, version: int) -> Measure | None:
        """This version of this measure, or None."""
        return self._by_key.get((measure_id, version))

    def newest(self, measure_id: str) -> Measure | None:
        """The highest version of a measure, or None."""
        versions = [one for one in self._by_key.values() if one.id == measure_id]
        return max(versions, key=lambda one: one.version, default=None)

    def all(self) -> list[Measure]:
        """The newest version of each, by name."""
        newest = {one.id: self.newest(one.id) for one in self._by_key.values()}
        return sorted((one for one in newest.values() if one), key=lambda one: one.name.lower())

    def every_version(self) -> list[Measure]:
        """Every version, for the codebook."""
        return sorted(self._by_key.values(), key=lambda one: (one.id, one.version))


def files(folder: Path) -> list[tuple[str, Reading | None, list[Problem]]]:
    """(file, what was read, what is wrong with it) of every measure in a folder."""
    try:
        schema, published = schema_at(folder), published_in(folder)
    except (OSError, ValueError) as error:
        file = Path(getattr(error, "filename", None) or "schema.json").name
        return [(file, None, [Problem(file, 1, "", "unreadable", f"{file} is missing or cannot be read.")])]
    read_in: list[tuple[str, Reading | None, list[Problem]]] = []
    for path in sorted(folder.glob("*.v*.yaml")):
        file = f"{folder.name}/{path.name}"
        try:
            reading = read(path.read_bytes())
        except Unreadable as error:
            place = ".".join(str(part) for part in error.path)
            read_in.append((file, None, [Problem(file, error.line, place, "unreadable", error.message)]))
            continue
        read_in.append((file, reading, problems_of(reading, file, schema) or _changed(path, reading, published)))
    return read_in


def published_in(folder: Path) -> dict[str, str]:
    """`phq-9.v1` to the hash of its LF bytes."""
    hashes: dict[str, str] = json.loads((folder / PUBLISHED).read_text(encoding="utf-8"))
    return hashes


def _changed(path: Path, reading: Reading, published: dict[str, str]) -> list[Problem]:
    if published.get(path.stem, reading.sha256) == reading.sha256:
        return []
    message = "This version is published and cannot change: scores were made by it. Correct it in a new version."
    return [Problem(f"{path.parent.name}/{path.name}", 1, "", "changed", message)]


def folder_of(config: Config) -> Path:
    """Where the measures lie: beside a service's own worksheets if it has any there, else those that ship."""
    own = config.worksheets / "measures"
    return own if own.is_dir() else Config.from_env({}).worksheets / "measures"


def bind(app: Flask) -> None:
    """Load the measures of this app's configuration. Raises BrokenMeasures."""
    folder = folder_of(app.config["MEANTIME"])
    app.extensions["meantime-measures"] = _loaded(folder, _stamp(folder))


def measures() -> Measures:
    """The measures of the running app."""
    loaded: Measures = current_app.extensions["meantime-measures"]
    return loaded


@cache
def _loaded(folder: Path, stamp: tuple[tuple[str, int, int], ...]) -> Measures:
    """Read once for each state of the files."""
    return Measures.load(folder)


def _stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    states = [(path, path.stat()) for path in sorted(folder.iterdir()) if path.is_file()]
    return tuple((str(path), state.st_mtime_ns, state.st_size) for path, state in states)
