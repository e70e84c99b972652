"""Puts what was imported into the data folder, with its source beside it, and writes Questionnaires out."""

from __future__ import annotations

import hashlib
import json
import os
import re
from pathlib import Path
from typing import Any

from server.errors import CannotStart
from server.fhir.importing import Data
from server.fhir.questionnaire import questionnaire, resource_id
from server.worksheets.definition import Worksheet
from server.worksheets.folders import OWN, record
from server.worksheets.reading import Unreadable, read

FAMILY = "imported"
_BREAKS = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")  # YAML reads these otherwise than JSON does


def free_place(data_folder: Path, resource: Any) -> tuple[str, int]:
    """(worksheet id, version) for a Questionnaire: its name, and the version after the last one of it here."""
    said = next((resource[key] for key in ("name", "title", "id") if isinstance(resource.get(key), str)), "questions")
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", said).lower()
    plain = re.sub(r"[^a-z0-9]+", "-", spaced).strip("-")[:60].strip("-")
    stem = plain if plain[:1].isalpha() else f"q-{plain or _letters_of(resource)}"
    name, n = stem, 1
    while here := versions_of(data_folder, f"{FAMILY}/{name}"):
        if any(_is_the_same(_beside(path), resource) for path in here.values()):
            break
        n += 1
        name = f"{stem}-{n}"
    return f"{FAMILY}/{name}", max(here, default=0) + 1


def _letters_of(resource: Any) -> str:
    """Eight letters that go with this Questionnaire: its address, or else all of it, where no Latin letter names it."""
    known = resource.get("url") or resource
    return hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()[:8]


def already_here(data_folder: Path, definition: Data) -> str | None:
    """The file that says the very same, if there is one; only its version may be another."""
    for path in versions_of(data_folder, definition["id"]).values():
        held = read(path.read_bytes()).data
        if {**held, "version": 0} == {**definition, "version": 0}:
            return path.name
    return None


def versions_of(data_folder: Path, worksheet_id: str) -> dict[int, Path]:
    """The files of a worksheet in the data folder, by version."""
    named = sorted((data_folder / OWN).glob(f"{worksheet_id}.v*.yaml"))
    found = [(re.search(r"\.v(\d+)\.yaml$", path.name), path) for path in named]
    return {int(match.group(1)): path for match, path in found if match}


def _is_the_same(held: Any, resource: Any) -> bool:
    """Whether two Questionnaires are versions of one: by their address, or, where there is none, word for word."""
    if not isinstance(held, dict) or not isinstance(resource, dict):
        return False
    return held["url"] == resource.get("url") if held.get("url") else held == resource


def _beside(path: Path) -> Any:
    """The Questionnaire that lies beside an imported worksheet."""
    try:
        return json.loads(source_of(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def source_of(path: Path) -> Path:
    """Where the Questionnaire lies that a worksheet was imported from."""
    return path.with_name(path.name.removesuffix(".yaml") + ".source.json")


def source_for(data_folder: Path, worksheet: Worksheet) -> Data | None:
    """The Questionnaire that an imported worksheet came from, if it lies there still."""
    if not worksheet.imported:
        return None
    try:
        found: Data = json.loads(source_of(data_folder / OWN / f"{worksheet.key}.yaml").read_text(encoding="utf-8"))
        return found
    except (OSError, ValueError):
        return None


def keep(data_folder: Path, definition: Data, resource: Any) -> Path:
    """Write a definition and its source, and record its hash. `CannotStart` with a sentence where that cannot be."""
    folder = data_folder / OWN
    path = folder / f"{definition['id']}.v{definition['version']}.yaml"
    text = as_yaml(definition)
    try:
        reading = read(text.encode())
    except Unreadable as wrong:
        raise CannotStart(f"{path.name} could not be read again: {wrong.message}") from None
    if reading.data != definition:
        raise CannotStart(f"{path.name} would not come out as it went in.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(source_of(path), json.dumps(resource, indent=1) + "\n")
        _write(path, text)
        record(folder, {f"{definition['id']}.v{definition['version']}": reading.sha256})
    except OSError as wrong:
        raise CannotStart(f"{path} cannot be written: {(wrong.strerror or str(wrong)).lower()}.") from wrong
    return path


def as_yaml(definition: Data) -> str:
    """The definition as a file: JSON, which is YAML 1.2 too, less the few characters that YAML reads as breaks."""
    text = json.dumps(definition, ensure_ascii=False, indent=1)
    return _BREAKS.sub(lambda found: f"\\u{ord(found.group()):04x}", text) + "\n"


def write_out(worksheets: list[Worksheet], folder: Path) -> list[Path]:
    """One Questionnaire per worksheet, as JSON files in a folder. `CannotStart` where it cannot be written to."""
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for one in worksheets:
            path = folder / f"{resource_id(one.key)}.json"
            _write(path, json.dumps(questionnaire(one), ensure_ascii=False, indent=2) + "\n")
            written.append(path)
    except OSError as wrong:
        raise CannotStart(f"{folder} cannot be written to: {(wrong.strerror or str(wrong)).lower()}.") from wrong
    return written


def _write(path: Path, text: str) -> None:
    new = path.with_name(f"{path.name}.new")
    new.write_text(text, encoding="utf-8")
    os.replace(new, path)
