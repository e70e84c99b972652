"""A worksheet as it is shown in another language: its texts where there are any, else English, named key by key."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from server.worksheets.definition import OTHER, Worksheet, to_wire
from server.worksheets.library import library
from server.worksheets.reading import Unreadable
from server.worksheets.translations import (
    Translation,
    is_language,
    read_translation,
    to_translate,
    usable,
)


@dataclass(frozen=True)
class Shown:
    """One worksheet in one language. `sha256` is its wording: another one as soon as one text is."""

    worksheet: Worksheet
    language: str
    texts: dict[str, str]

    @property
    def sha256(self) -> str:
        """Hash of the definition, the language and every text shown in it."""
        told = json.dumps([self.worksheet.sha256, self.language, self.texts], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(told.encode()).hexdigest()

    def to_wire(self) -> dict[str, Any]:
        """As the phone gets it: `english` names the texts that are not translated, or not any more."""
        wire = to_wire(self.worksheet)
        for key, text in self.texts.items():
            _put(wire, key.split("."), text)
        english = [key for key in to_translate(self.worksheet) if key not in self.texts]
        return {
            **wire,
            "language": self.language,
            "sha256": self.sha256,
            "english": english,
            "english_title": self.worksheet.title,
        }


def shown_in(worksheet: Worksheet, language: str) -> Shown | None:
    """The worksheet in this language; None where nobody translated it, or where it is an instrument from elsewhere."""
    if not is_language(language) or worksheet.imported:
        return None
    found = library().translation_file(worksheet, language)
    translation = _translation(found) if found else None
    texts = usable(worksheet, translation) if translation else {}
    return Shown(worksheet, language, texts) if texts else None


def offered_in(worksheet: Worksheet, language: str) -> bool:
    """Whether somebody who reads this language may be given it.

    Our own worksheets always: what is not translated is shown in English, and says so. An instrument from elsewhere
    only in the language of the official text that was imported: it was tested in those words and no others.
    """
    return not worksheet.imported or worksheet.language.partition("-")[0] == language.partition("-")[0]


def _translation(path: Path) -> Translation | None:
    """Read once for each state of the file. One that cannot be read is as good as none; the check says why."""
    try:
        state = (path, path.stat().st_mtime_ns)
        if state not in _READ:
            _READ[state] = read_translation(path)[0]
    except (OSError, Unreadable):
        return None
    return _READ[state]


_READ: dict[tuple[Path, int], Translation] = {}


def _put(part: Any, names: list[str], text: str) -> None:
    """Set the text with this key (`definition.texts`) in a wire form."""
    name, rest = names[0], names[1:]
    if isinstance(part, dict):
        if rest:
            _put(part[name], rest, text)
        else:
            part[name] = text
        return
    n = next(n for n, one in enumerate(part) if _goes_by(one, name, n))
    if isinstance(part[n], str):
        part[n] = text
    elif name == OTHER:
        part[n][OTHER] = text
    elif rest:
        _put(part[n], rest, text)
    else:
        part[n]["label"] = text  # an option


def _goes_by(one: Any, name: str, n: int) -> bool:
    if isinstance(one, dict) and name in (one.get("id"), one.get("code")):
        return True
    return name == str(n + 1) or (name == OTHER and isinstance(one, dict) and set(one) == {OTHER})
