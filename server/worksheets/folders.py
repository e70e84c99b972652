"""Reads the folders that hold definitions: the one that ships, and a service's own in the data folder."""

from __future__ import annotations

import json
import os
from collections.abc import Collection
from pathlib import Path

from jsonschema import Draft202012Validator

from server.worksheets.kept import Kept
from server.worksheets.own_queries import is_own
from server.worksheets.places import dotted
from server.worksheets.reading import Reading, Unreadable, read, sha256
from server.worksheets.structure import Problem, problems_of, schema_at

Definition = tuple[str, Reading | None, list[Problem]]
OWN = "worksheets"  # the folder in MEANTIME_DATA
NOT_WORKSHEETS = ("translations/", "measures/")  # measures are scorers, read by server/measures


def definitions(folder: Path, kept: Kept | None = None) -> list[Definition]:
    """(file, what was read, what is wrong with it) of every definition in a folder that ships.

    What `kept` knows to be sound is not read again, and has no line numbers then.
    """
    try:
        schema, published = schema_at(folder), published_in(folder)
    except (OSError, ValueError) as error:
        file = Path(getattr(error, "filename", None) or "schema.json").name
        return [(file, None, [Problem(file, 1, "", "unreadable", f"{file} is missing or cannot be read.")])]
    return [_one(path, file, schema, published, kept) for path, file in files_in(folder)]


def own_definitions(folder: Path, shipped: Path, taken: Collection[str], kept: Kept | None = None) -> list[Definition]:
    """The same of a service's own folder, held to the schema that ships. `taken`: ids that are not free.

    A file that has changed since it was recorded is wrong, and so is one that was recorded and is gone.
    """
    if not folder.is_dir():
        return []
    try:
        schema, recorded = schema_at(shipped), published_in(folder)
    except (OSError, ValueError) as error:
        file = Path(getattr(error, "filename", None) or "published.json").name
        return [(file, None, [Problem(file, 1, "", "unreadable", f"{file} is missing or cannot be read.")])]
    read_in = [_one(path, file, schema, recorded, kept) for path, file in files_in(folder)]
    here = {file for file, _, _ in read_in}
    found = [(file, reading, problems or _clash(file, taken)) for file, reading, problems in read_in]
    gone = [f"{key}.yaml" for key in sorted(recorded) if f"{key}.yaml" not in here]
    return found + [(file, None, [gone_problem(file)]) for file in gone]


def record(folder: Path, sound: dict[str, str]) -> None:
    """Write down the hashes of definitions seen for the first time, which cannot change from then on.

    Raises OSError where the folder cannot be written to.
    """
    recorded = published_in(folder)
    if not set(sound) - set(recorded):
        return
    new = folder / "published.json.new"
    new.write_text(json.dumps({**sound, **recorded}, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    os.replace(new, folder / "published.json")


def published_in(folder: Path) -> dict[str, str]:
    """`<id>.v<N>` to the hash of its LF bytes, from published.json; empty where there is none."""
    path = folder / "published.json"
    hashes = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    if not isinstance(hashes, dict):
        raise ValueError("published.json holds no hashes.")
    return hashes


def gone_problem(file: str) -> Problem:
    """A published file that is not there any more."""
    return Problem(file, 1, "", "gone", "This version was published, and entries name it. Put the file back.")


def files_in(folder: Path) -> list[tuple[Path, str]]:
    """(path, file) of every definition in a folder, whatever is in it."""
    named = [(path, path.relative_to(folder).as_posix()) for path in sorted(folder.glob("*/*.v*.yaml"))]
    return [(path, file) for path, file in named if not file.startswith(NOT_WORKSHEETS)]


def _one(
    path: Path, file: str, schema: Draft202012Validator, published: dict[str, str], kept: Kept | None
) -> Definition:
    try:
        content = path.read_bytes()
        reading = kept.reading(file, sha256(content)) if kept else None
        problems: list[Problem] = []
        if reading is None:
            reading = read(content)
            problems = problems_of(reading, file, schema)
            if kept and not problems:
                kept.keep(file, reading)
    except Unreadable as error:
        return file, None, [Problem(file, error.line, dotted(error.path), "unreadable", error.message)]
    except OSError:
        return file, None, [Problem(file, 1, "", "unreadable", "The file cannot be opened.")]
    return file, reading, problems or _changed(file, reading, published)


def _changed(file: str, reading: Reading, published: dict[str, str]) -> list[Problem]:
    key = file.removesuffix(".yaml")
    if published.get(key, reading.sha256) == reading.sha256:
        return []
    message = "This version is published and cannot change. Put the old text back; correct it in a new version."
    return [Problem(file, 1, "", "changed", message)]


def _clash(file: str, taken: Collection[str]) -> list[Problem]:
    worksheet_id = file.rpartition(".v")[0]
    if worksheet_id not in taken and not is_own(worksheet_id):  # an own task lives in the database
        return []
    message = "This name belongs to Meantime. Give the worksheet another one, or put it in another family."
    return [Problem(file, 1, "id", "clash", message)]
