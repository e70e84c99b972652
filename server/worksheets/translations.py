"""Worksheets in other languages: a file of texts beside the definition, each with the English it was made from."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from server.worksheets.definition import LANGUAGE, Worksheet
from server.worksheets.places import dotted
from server.worksheets.reading import Reading, Unreadable, read
from server.worksheets.scalars import OVERRIDES
from server.worksheets.structure import Problem

FOLDER = "translations"
CODE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
# Units the phone says in its own words, since it reckons with them: 85 minutes is 1 hour 25 minutes.
RECKONED = ("minutes", "%")


@dataclass(frozen=True)
class Text:
    """One text in another language. `made_from` is the hash of its English, `english` that English, for the reader."""

    made_from: str
    english: str
    text: str


@dataclass(frozen=True)
class Translation:
    """What one file says of one worksheet in one language."""

    key: str
    language: str
    texts: dict[str, Text]


def text_hash(text: str) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def to_translate(worksheet: Worksheet) -> dict[str, str]:
    """The English of every text a translation may have, by its key."""
    return {
        key: text for key, text in worksheet.texts.items() if not (key.endswith(".unit") and text in RECKONED)
    }  # fmt: skip


def file_of(folder: Path, language: str, worksheet: Worksheet) -> Path:
    """Where the translation of this worksheet lies, in the folder that holds its definition."""
    return folder / FOLDER / language / f"{worksheet.key}.yaml"


def filled_up(worksheet: Worksheet, language: str, old: Translation | None, renew: Collection[str] = ()) -> str:
    """The file with every key in the order of the worksheet: what was translated stays, what is new is blank.

    A stale text stays as it is, with the English of now beside it, until its key is named in `renew`.
    """
    lines = [f"worksheet: {worksheet.id}", f"version: {worksheet.version}", f"language: {language}", "texts:"]
    for key, english in to_translate(worksheet).items():
        had = old.texts.get(key) if old else None
        if had is None or not had.text or had.made_from == text_hash(english) or key in renew:
            had = Text(text_hash(english), english, had.text if had else "")
        lines += [f"  {key}:", f"    from: {_quoted(had.made_from)}", f"    en: {_quoted(had.english)}"]
        lines += [f"    now: {_quoted(english)}"] if had.english != english else []
        lines += [f"    text: {_quoted(had.text)}"]
    return "\n".join(lines) + "\n"


def read_translation(path: Path) -> tuple[Translation, Reading]:
    """The translation in a file, with the line of each part. Raises Unreadable, and OSError where it is not there."""
    reading = read(path.read_bytes())
    data = reading.data
    if not isinstance(data, dict) or set(data) != {"worksheet", "version", "language", "texts"}:
        raise Unreadable("A translation has worksheet, version, language and texts.")
    texts = data["texts"] if isinstance(data["texts"], dict) else {}
    made = {}
    for key, one in texts.items():
        if not isinstance(one, dict) or not _is_text(one):
            raise Unreadable("A text has from, en and text, in quotes.", reading.line(("texts", key)), ("texts", key))
        made[key] = Text(one["from"], one["en"], one["text"])
    return Translation(f"{data['worksheet']}.v{data['version']}", str(data["language"]), made), reading


def faults(worksheet: Worksheet, translation: Translation) -> Iterator[tuple[str, str, str]]:
    """(key, code, sentence) of each text that cannot be shown: `missing`, `stale`, `unknown-key`, `wrong`."""
    wanted = to_translate(worksheet)
    for key in translation.texts:
        if key not in wanted:
            yield key, "unknown-key", "There is no such text in the worksheet."
    for key, english in wanted.items():
        one = translation.texts.get(key)
        if one is None or not one.text.strip():
            yield key, "missing", "Not translated yet."
        elif one.made_from != text_hash(english):
            yield key, "stale", "The English is another now, so English is shown until this is mended and renewed."
        elif text_hash(one.english) != one.made_from:
            yield key, "wrong", "“en” is not the English of “from”. Let the tool write both."
        elif OVERRIDES.search(one.text):
            yield key, "turns-round", "It holds a sign that shows letters in another order. Take it out."


def usable(worksheet: Worksheet, translation: Translation) -> dict[str, str]:
    """The texts that may be shown, by key: there, and made from the English of now."""
    out = {key for key, _, _ in faults(worksheet, translation)}
    return {key: one.text for key, one in translation.texts.items() if key not in out}


def languages_of(worksheet: Worksheet, folders: Iterable[Path]) -> list[str]:
    """The languages in which at least one text of this worksheet can be shown."""
    found = []
    for path in (path for folder in folders for path in _files(folder)):
        language, _, key = path.relative_to(path.parents[2]).as_posix().removesuffix(".yaml").partition("/")
        if key == worksheet.key and not worksheet.imported:
            with suppress(Unreadable, OSError):
                found += [language] if usable(worksheet, read_translation(path)[0]) else []
    return sorted(found)


def problems_in(folder: Path, worksheets: Collection[Worksheet]) -> list[Problem]:
    """What is wrong with the translations in this folder; what is only missing or stale is a warning, told once."""
    by_key = {one.key: one for one in worksheets}
    return [problem for path in _files(folder) for problem in _problems_of(path, folder, by_key)]


def _problems_of(path: Path, folder: Path, by_key: dict[str, Worksheet]) -> Iterator[Problem]:
    file = path.relative_to(folder).as_posix()
    try:
        translation, reading = read_translation(path)
    except Unreadable as error:
        yield Problem(file, error.line, dotted(error.path), "unreadable", error.message)
        return
    language, _, key = path.relative_to(folder / FOLDER).as_posix().removesuffix(".yaml").partition("/")
    worksheet = by_key.get(key)
    if worksheet is not None and worksheet.imported:
        message = "An instrument from elsewhere is not translated here: import its official translation."
        yield Problem(file, 1, "worksheet", "instrument", message)
        return
    if worksheet is None or translation.key != key or translation.language != language or not is_language(language):
        message = "It lies as <language>/<id>.v<N>.yaml, and says the same inside, of a worksheet that is here."
        yield Problem(file, 1, "worksheet", "translation", message)
        return
    missing = []
    for name, code, message in faults(worksheet, translation):
        if code == "missing":
            missing.append(name)
        else:
            yield Problem(file, reading.line(("texts", name)), name, code, message, warning=code == "stale")
    if missing:
        message = f"{len(missing)} of {len(to_translate(worksheet))} texts are not translated yet."
        yield Problem(file, 1, "texts", "missing", message, warning=True)


def _files(folder: Path) -> list[Path]:
    return sorted((folder / FOLDER).glob("*/*/*.v*.yaml"))


def is_language(language: str) -> bool:
    """Whether this names a language to translate into: `cy`, `pt-BR`; English is what is translated."""
    return language != LANGUAGE and CODE.fullmatch(language) is not None


def _is_text(one: dict[str, object]) -> bool:
    return {"from", "en", "text"} <= set(one) <= {"from", "en", "now", "text"} and all(
        isinstance(value, str) for value in one.values()
    )


def _quoted(text: str) -> str:
    """A YAML string on one line, whatever is in it."""
    return json.dumps(text, ensure_ascii=False)
