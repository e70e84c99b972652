"""The phone's words in other languages, as the build of the app left them (pwa/translations.ts)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import current_app

IN_ENGLISH = {"en": "English", "cy": "Welsh", "pl": "Polish", "ur": "Urdu"}


@dataclass(frozen=True)
class Built:
    """One language: how many texts there are of how many, and the hashes of all of them and of the help pages'."""

    code: str
    name: str
    texts: int
    there: int
    help_texts: int
    help_there: int
    sha256: str
    help_sha256: str


def built() -> dict[str, Built]:
    """Every language the app was built with, by its code; none where it is not built yet."""
    told = _read(_folder() / "languages.json") or {}
    return {code: _built(code, one) for code, one in told.items()}


def in_english(language: str) -> str:
    """What staff call a language; its code where we have no name for it."""
    return IN_ENGLISH.get(language.partition("-")[0], language)


def words_in(language: str) -> dict[str, Any] | None:
    """The app's words in one language, catalogue by catalogue; None where there are none."""
    if language not in built():
        return None
    words: dict[str, Any] | None = _read(_folder() / f"words-{language}.json")
    return words


def _built(code: str, told: dict[str, Any]) -> Built:
    of = told["catalogues"]
    return Built(
        code=code,
        name=told["name"],
        texts=sum(one["texts"] for one in of.values()),
        there=sum(one["there"] for one in of.values()),
        help_texts=of["help"]["texts"],
        help_there=of["help"]["there"],
        sha256=told["sha256"],
        help_sha256=told["help_sha256"],
    )


def _folder() -> Path:
    folder: Path = current_app.config["MEANTIME"].phone_app
    return folder


def _read(path: Path) -> Any:
    """Read once for each state of the file, since a pull of every phone asks."""
    try:
        state = (path, path.stat().st_mtime_ns)
    except OSError:
        return None
    if state not in _READ:
        _READ[state] = json.loads(path.read_text(encoding="utf-8"))
    return _READ[state]


_READ: dict[tuple[Path, int], Any] = {}
