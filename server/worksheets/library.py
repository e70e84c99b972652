"""All worksheets of this installation, read once at start."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from flask import Flask, current_app

from server.errors import CannotStart
from server.worksheets.definition import Worksheet, worksheet_from
from server.worksheets.reading import Reading, Unreadable, read
from server.worksheets.structure import Problem, problems_of, schema_at


class BrokenWorksheets(CannotStart):
    """At least one definition has an error. `problems` names each with file, line and field."""

    def __init__(self, problems: list[Problem]) -> None:
        more = f" ({len(problems) - 1} more: meantime worksheets check)" if len(problems) > 1 else ""
        super().__init__(f"A worksheet has an error: {problems[0]}{more}")
        self.problems = problems


class Library:
    """Worksheets by id and version. `problems` says what was left out, and why."""

    def __init__(self, worksheets: list[Worksheet], problems: list[Problem]) -> None:
        self.problems = problems
        self._by_key = {(one.id, one.version): one for one in worksheets}

    @classmethod
    def load(cls, folder: Path, allow_broken: bool = False) -> Library:
        """Read every definition in a folder. Raises BrokenWorksheets, or leaves broken ones out."""
        worksheets: list[Worksheet] = []
        problems: list[Problem] = []
        for _, reading, found in definitions(folder):
            problems += found
            if reading is not None and not found:
                worksheets.append(worksheet_from(reading.data, reading.sha256))
        if problems and not allow_broken:
            raise BrokenWorksheets(problems)
        return cls(worksheets, problems)

    def get(self, worksheet_id: str, version: int) -> Worksheet | None:
        """This version of this worksheet, or None."""
        return self._by_key.get((worksheet_id, version))

    def newest(self, worksheet_id: str) -> Worksheet | None:
        """The highest version of this worksheet, or None."""
        versions = [one for one in self._by_key.values() if one.id == worksheet_id]
        return max(versions, key=lambda one: one.version, default=None)

    def every(self) -> list[Worksheet]:
        """Every version of every worksheet."""
        return list(self._by_key.values())

    def all(self) -> list[Worksheet]:
        """The newest version of every worksheet, by family and title: what a practitioner picks from."""
        ids = {one.id for one in self._by_key.values()}
        newest = [one for one in (self.newest(worksheet_id) for worksheet_id in ids) if one is not None]
        return sorted(newest, key=lambda one: (one.family, one.title))


def definitions(folder: Path) -> list[tuple[str, Reading | None, list[Problem]]]:
    """(file, what was read, what is wrong with it) of every definition in a folder."""
    try:
        schema, published = schema_at(folder), published_in(folder)
    except (OSError, ValueError) as error:
        file = Path(getattr(error, "filename", None) or "schema.json").name
        return [(file, None, [Problem(file, 1, "", "unreadable", f"{file} is missing or cannot be read.")])]
    read_in = []
    for path in sorted(folder.glob("*/*.v*.yaml")):
        file = path.relative_to(folder).as_posix()
        if file.startswith(("translations/", "measures/")):  # measures are scorers, read by server/measures
            continue
        reading, problems = _one(path, file)
        if reading is not None:
            problems = problems_of(reading, file, schema) or _hash_problem(file, reading, published)
        read_in.append((file, reading, problems))
    return read_in


def _one(path: Path, file: str) -> tuple[Reading | None, list[Problem]]:
    try:
        return read(path.read_bytes()), []
    except Unreadable as error:
        name = ".".join(str(part) for part in error.path)
        return None, [Problem(file, error.line, name, "unreadable", error.message)]
    except OSError:
        return None, [Problem(file, 1, "", "unreadable", "The file cannot be opened.")]


def published_in(folder: Path) -> dict[str, str]:
    """`<id>.v<N>` to the hash of its LF bytes, from published.json; empty where there is none."""
    path = folder / "published.json"
    hashes: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return hashes


def _hash_problem(file: str, reading: Reading, published: dict[str, str]) -> list[Problem]:
    key = file.removesuffix(".yaml")
    if published.get(key, reading.sha256) == reading.sha256:
        return []
    message = "This version is published and cannot change. Put the old text back; correct it in a new version."
    return [Problem(file, 1, "", "changed", message)]


def bind(app: Flask) -> None:
    """Load the worksheets of this app's configuration. Raises BrokenWorksheets."""
    config = app.config["MEANTIME"]
    app.extensions["meantime-worksheets"] = _loaded(
        config.worksheets, config.allow_broken_worksheets, _stamp(config.worksheets)
    )


def library() -> Library:
    """The worksheets of the running app."""
    loaded: Library = current_app.extensions["meantime-worksheets"]
    return loaded


@cache
def _loaded(folder: Path, allow_broken: bool, stamp: tuple[tuple[str, int, int], ...]) -> Library:
    """Read once for each state of the files: tests make hundreds of apps."""
    return Library.load(folder, allow_broken)


def _stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    states = [(path, path.stat()) for path in files]
    return tuple((str(path), state.st_mtime_ns, state.st_size) for path, state in states)
