"""All worksheets of this installation, read once at start."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from flask import Flask, current_app

from server.errors import CannotStart
from server.worksheets.definition import Worksheet, worksheet_from
from server.worksheets.folders import OWN, Definition, definitions, own_definitions, record
from server.worksheets.kept import Kept
from server.worksheets.own_queries import is_own, own_task
from server.worksheets.structure import Problem
from server.worksheets.translations import file_of


class BrokenWorksheets(CannotStart):
    """At least one definition has an error. `problems` names each with file, line and field."""

    def __init__(self, problems: list[Problem]) -> None:
        more = f" ({len(problems) - 1} more: meantime worksheets check)" if len(problems) > 1 else ""
        super().__init__(f"A worksheet has an error: {problems[0]}{more}")
        self.problems = problems


class Library:
    """Worksheets by id and version. `problems` says what was left out, and why."""

    def __init__(self, worksheets: list[Worksheet], problems: list[Problem], *folders: Path) -> None:
        self.problems = problems
        self.folders = folders
        self._by_key = {(one.id, one.version): one for one in worksheets}

    @classmethod
    def load(
        cls, folder: Path, allow_broken: bool = False, *, own: Path | None = None, kept: Kept | None = None
    ) -> Library:
        """Read every definition in a folder, and those of a service's own. Raises BrokenWorksheets for the first only.

        With `allow_broken` broken ones that ship are left out too. `kept` spares the reading of what is known.
        """
        worksheets, problems = sound_ones(definitions(folder, kept))
        if problems and not allow_broken:
            raise BrokenWorksheets(problems)
        taken = {one.id for one in worksheets}
        sound, wrong = sound_ones(own_definitions(own, folder, taken, kept) if own else [])
        return cls([*worksheets, *sound], [*problems, *wrong])

    def translation_file(self, worksheet: Worksheet, language: str) -> Path | None:
        """Where a translation of this worksheet lies, beside its definition; None where there is none."""
        found = (file_of(folder, language, worksheet) for folder in self.folders)
        return next((path for path in found if path.is_file()), None)

    def get(self, worksheet_id: str, version: int) -> Worksheet | None:
        """This version of this worksheet, or None; an own task comes from the database."""
        if is_own(worksheet_id):
            return own_task(worksheet_id, version)
        return self._by_key.get((worksheet_id, version))

    def newest(self, worksheet_id: str) -> Worksheet | None:
        """The highest version of this worksheet, or None."""
        versions = [one for one in self._by_key.values() if one.id == worksheet_id]
        return max(versions, key=lambda one: one.version, default=None)

    def ids(self) -> set[str]:
        """The ids of all worksheets."""
        return {one.id for one in self._by_key.values()}

    def every(self) -> list[Worksheet]:
        """Every version of every worksheet."""
        return list(self._by_key.values())

    def all(self) -> list[Worksheet]:
        """The newest version of every worksheet, by family and title: what a practitioner picks from."""
        newest = [one for one in (self.newest(worksheet_id) for worksheet_id in self.ids()) if one is not None]
        return sorted(newest, key=lambda one: (one.family, one.title))


def bind(app: Flask) -> None:
    """Load the worksheets of this app's configuration. Raises BrokenWorksheets, but never for a service's own.

    An own worksheet that is seen for the first time is written down with its hash, and cannot change from then on.
    """
    config = app.config["MEANTIME"]
    kept = Kept(config.data, config.worksheets)
    shipped = _shipped(config.worksheets, config.allow_broken_worksheets, kept)
    folder = config.data / OWN
    sound, problems = sound_ones(own_definitions(folder, config.worksheets, shipped.ids(), kept))
    kept.write()
    if sound:
        with suppress(OSError):  # a folder that cannot be written to is the doctor's to say
            record(folder, {one.key: one.sha256 for one in sound})
    app.extensions["meantime-worksheets"] = Library(
        [*shipped.every(), *sound], [*shipped.problems, *problems], folder, config.worksheets
    )


def library() -> Library:
    """The worksheets of the running app."""
    loaded: Library = current_app.extensions["meantime-worksheets"]
    return loaded


def sound_ones(found: list[Definition]) -> tuple[list[Worksheet], list[Problem]]:
    """The worksheets among these definitions, and everything that is wrong with the others."""
    sound = [worksheet_from(reading.data, reading.sha256) for _, reading, wrong in found if reading and not wrong]
    return sound, [problem for _, _, wrong in found for problem in wrong]


def _shipped(folder: Path, allow_broken: bool, kept: Kept) -> Library:
    """Read once for each state of the files: tests make hundreds of apps."""
    state = (folder, allow_broken, _stamp(folder))
    if state not in _LOADED:
        _LOADED[state] = Library.load(folder, allow_broken, kept=kept)
    return _LOADED[state]


_LOADED: dict[tuple[Path, bool, tuple[tuple[str, int, int], ...]], Library] = {}


def _stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    states = [(path, path.stat()) for path in files]
    return tuple((str(path), state.st_mtime_ns, state.st_size) for path, state in states)
