"""Compares a bundle with the one before it, row by row: who came, who has gone, what was added or corrected."""

from __future__ import annotations

import csv
import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import IO, Any

from server.errors import Refused
from server.research.columns import File

Rows = dict[tuple[str, ...], tuple[str, ...]]
NOT_COMPARED = "is new, or has another key than before: not compared"


@dataclass(frozen=True)
class Previous:
    """An earlier bundle, as a folder or a zip file."""

    path: Path
    manifest: dict[str, Any]
    sha256: str

    @property
    def told(self) -> dict[str, str]:
        """What the manifest of the next bundle says of it."""
        return {"as_of": self.manifest["as_of"], "manifest_sha256": self.sha256}

    def opened(self, path: str) -> AbstractContextManager[IO[bytes] | None]:
        """One of its files; None where it has none of that name."""
        return _opened(self.path, path)


def previous_of(path: Path, project: str) -> Previous:
    """The earlier bundle at this place. Refused where there is none, or where its names for people are others."""
    try:
        with _opened(path, "manifest.json") as file:
            content = file.read() if file else b""
        manifest = json.loads(content)
        known = manifest["project"], manifest["as_of"]
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as wrong:
        raise Refused("bad-input", f"There is no bundle at {path}: its manifest cannot be read.") from wrong
    if known[0] != project:
        raise Refused("bad-input", "The previous bundle is of another project: its names for people are others.")
    return Previous(path, manifest, hashlib.sha256(content).hexdigest())


@dataclass
class Changed:
    """What became of the rows of one table. `gone_people`: rows of those who are in this bundle no more."""

    before: int = 0
    now: int = 0
    added: int = 0
    corrected: int = 0
    gone: int = 0
    gone_people: int = 0
    columns: list[str] = field(default_factory=list)
    note: str = ""

    @property
    def any(self) -> bool:
        """Whether anything is other than it was."""
        return bool(self.added or self.corrected or self.gone or self.gone_people or self.columns or self.note)


def compared(
    folder: Path, files: Sequence[File], previous: Previous, alive: Callable[[], object] = int
) -> tuple[dict[str, Changed], list[str], int]:
    """({table: what became of its rows}, the names of those who have gone, how many came)."""
    gone, came = _people(folder, previous)
    tables = {file.name: _table(folder, file, previous, gone, alive) for file in files}
    return tables, sorted(gone), len(came)


def changes_page(
    folder: Path, files: Sequence[File], previous: Previous | None, alive: Callable[[], object] = int
) -> str:
    """CHANGES.md: against the previous bundle, or that none was named. `alive`: said for each person."""
    if previous is None:
        return NONE_NAMED
    tables, gone, came = compared(folder, files, previous, alive)
    lines = [
        f"| {name} | {one.before} | {one.now} | {one.added} | {one.corrected} | {one.gone} | {one.gone_people} |"
        for name, one in tables.items()
    ]
    notes = [f"- `{name}` {one.note}." for name, one in tables.items() if one.note]
    other = {name: ", ".join(f"`{column}`" for column in one.columns) for name, one in tables.items() if one.columns}
    notes += [f"- `{name}`: columns that are new or gone: {columns}." for name, columns in other.items()]
    same = "" if gone or came or any(one.any for one in tables.values()) else "\n**Nothing has changed.**\n"
    return PAGE.format(
        as_of=previous.manifest["as_of"],
        sha256=previous.sha256,
        same=same,
        came=came,
        gone=len(gone),
        who="\n".join(f"- `{pid}`" for pid in gone) or "- nobody",
        rows="\n".join(lines),
        notes="\n".join(notes) or "- none",
    )


def _people(folder: Path, previous: Previous) -> tuple[set[str], set[str]]:
    path = "data/participants_data.csv"
    with previous.opened(path) as file, (folder / path).open("rb") as own:
        before = {row["pid"] for row in _read(file)} if file else set()
        now = {row["pid"] for row in _read(own)}
    return before - now, now - before


def _table(folder: Path, file: File, previous: Previous, gone: set[str], alive: Callable[[], object]) -> Changed:
    found = Changed()
    with previous.opened(file.path) as earlier, (folder / file.path).open("rb") as own:
        old, new = _read(earlier) if earlier else csv.DictReader([]), _read(own)
        names = set(old.fieldnames or ())
        if not names.issuperset(file.key):
            found.note, found.now = NOT_COMPARED, sum(1 for _ in new)
            found.added = found.now
            return found
        found.columns = sorted(names ^ set(file.names))
        common = [name for name in file.names if name in names]
        for pid, before, now in _side_by_side(_by_person(old, file, common), _by_person(new, file, common)):
            alive()
            _count(found, before, now, pid in gone)
    return found


def _count(found: Changed, before: Rows, now: Rows, gone: bool) -> None:
    found.before += len(before)
    found.now += len(now)
    found.added += len(now.keys() - before.keys())
    found.corrected += sum(before[key] != now[key] for key in before.keys() & now.keys())
    left = len(before.keys() - now.keys())
    found.gone_people += left if gone else 0
    found.gone += 0 if gone else left


def _by_person(rows: csv.DictReader[str], file: File, common: Sequence[str]) -> Iterator[tuple[str, Rows]]:
    """The rows of one person at a time: every table of a bundle is in the order of pseudonyms."""
    for pid, several in groupby(rows, key=lambda row: row.get("pid", "")):  # of nobody in particular: all at once
        yield pid, {tuple(row[name] for name in file.key): tuple(row[name] for name in common) for row in several}


def _side_by_side(old: Iterator[tuple[str, Rows]], new: Iterator[tuple[str, Rows]]) -> Iterator[tuple[str, Rows, Rows]]:
    end: tuple[str, Rows] = ("~", {})  # after every pseudonym
    before, now = next(old, end), next(new, end)
    while before is not end or now is not end:
        pid = min(before[0], now[0])
        yield pid, before[1] if before[0] == pid else {}, now[1] if now[0] == pid else {}
        if before[0] == pid:
            before = next(old, end)
        if now[0] == pid:
            now = next(new, end)


def _read(file: IO[bytes]) -> csv.DictReader[str]:
    return csv.DictReader(line.decode() for line in file)  # no cell of a bundle goes over a line


@contextmanager
def _opened(bundle: Path, path: str) -> Iterator[IO[bytes] | None]:
    if bundle.is_dir():
        target = bundle / path
        if not target.is_file():
            yield None
            return
        with target.open("rb") as file:
            yield file
        return
    with zipfile.ZipFile(bundle) as packed:
        name = next((one for one in packed.namelist() if one.partition("/")[2] == path), None)
        if name is None:
            yield None
            return
        with packed.open(name) as file:
            yield file


NONE_NAMED = """# What changed

No previous bundle was named when this one was built, so there is nothing to compare it with.
"""
PAGE = """# What changed

Against the bundle as of {as_of} of the same project (SHA-256 of its manifest: {sha256}).
{same}
## People

Came: {came}. Gone: {gone}. Who has gone withdrew, or was erased, or the basis is another: delete these from every copy
and from every result that can still be changed.

{who}

## Rows

*Corrected*: the same row says something else. *Gone*: of people who are still here. A row can be corrected by nothing
but time (what was not yet known), and by others leaving: groups of fewer than 5 are hidden anew, and `m12_between` is
against the mean of those who are in the bundle.

| table | before | now | added | corrected | gone | gone with their people |
|---|---|---|---|---|---|---|
{rows}

## Tables and columns

{notes}
"""
