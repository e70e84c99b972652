"""Remembers between starts which definitions were sound, since reading some fifty of them takes a second."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from server.worksheets.reading import Reading

FILE = "read-worksheets.json"  # in the data folder; may be deleted at any time


class Kept:
    """Data of sound definitions by file and hash; all of it is forgotten when the schema or the checks change."""

    def __init__(self, data_folder: Path, worksheets: Path) -> None:
        self._path = data_folder / FILE
        self._checker = _checker(worksheets)
        self._known = self._read()
        self._new: dict[str, Any] = {}

    def reading(self, file: str, sha256: str) -> Reading | None:
        """What this file holds, if it was sound when it had this hash."""
        data = self._known.get(f"{file}|{sha256}")
        return None if data is None else Reading(data, {}, sha256)

    def keep(self, file: str, reading: Reading) -> None:
        """Remember a sound definition."""
        self._new[f"{file}|{reading.sha256}"] = reading.data

    def write(self) -> None:
        """Put down what is new, where there is a data folder. Never a reason not to start."""
        if not self._new or not self._path.parent.is_dir():
            return
        new = self._path.with_suffix(f".{os.getpid()}")
        try:
            new.write_text(
                json.dumps({"checker": self._checker, "files": {**self._known, **self._new}}), encoding="utf-8"
            )
            os.replace(new, self._path)
        except OSError:
            new.unlink(missing_ok=True)

    def _read(self) -> dict[str, Any]:
        try:
            held = json.loads(self._path.read_text(encoding="utf-8"))
            return dict(held["files"]) if held["checker"] == self._checker else {}
        except (OSError, ValueError, TypeError, KeyError):
            return {}


def _checker(worksheets: Path) -> str:
    """A hash of the schema and of this package: what was sound by another check is read again."""
    made = hashlib.sha256()
    for path in [worksheets / "schema.json", *sorted(Path(__file__).parent.glob("*.py"))]:
        made.update(path.read_bytes() if path.is_file() else b"")
    return made.hexdigest()
