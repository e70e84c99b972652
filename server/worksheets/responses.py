"""What got in the way, in words, and one way to respond to each: data in `responses.yaml`, for practitioners."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask import current_app

from server.worksheets.readability import LONGEST_SENTENCE, banned_in, sentences_in, words_in
from server.worksheets.reading import Path as Place
from server.worksheets.reading import read
from server.worksheets.structure import Found, Problem, problems_beside

FILE = "responses.yaml"
MOST = 60  # texts in all, or nobody keeps them true
UNUSABLE = ("unreadable", "shape")
TEXTS = ("say", "try", "source")
OPEN_ANSWER = "something_else"  # no worksheet names it; the phone offers it beside those that one names
MARKED = re.compile(r"\[(V|K|D)\]")


@dataclass(frozen=True)
class Response:
    """One barrier in words, and what a practitioner could say or try. `source` ends with its mark.

    `got_in_the_way` is False where nothing did: there was nothing to record.
    """

    code: str
    words: str
    say: str = "What happened, and what would make it easier next time?"
    tip: str = "Ask what happened, and change one thing in the plan."
    source: str = "[D]"
    got_in_the_way: bool = True


class Responses:
    """One response for each barrier, and the few that a worksheet has of its own."""

    def __init__(self, data: dict[str, Any]) -> None:
        self._general = {code: _response(code, one) for code, one in data.get("responses", {}).items()}
        self._own = {
            (worksheet_id, code): _response(code, {**data["responses"][code], **own})
            for worksheet_id, those in data.get("overrides", {}).items()
            for code, own in those.items()
            if code in data["responses"]
        }

    def __len__(self) -> int:
        return len(self._general) + len(self._own)

    def of(self, code: str, worksheet_id: str | None = None) -> Response:
        """The response to a barrier, the worksheet's own where it has one; a plain one for a code nobody wrote for."""
        own = self._own.get((worksheet_id or "", code))
        return own or self._general.get(code) or Response(code, code.replace("_", " ").capitalize())


def responses() -> Responses:
    """Those of the running app, read once for each state of the file. Without a sound file: plain ones."""
    path = current_app.config["MEANTIME"].worksheets / FILE
    return _loaded(path, path.stat().st_mtime_ns if path.is_file() else 0)


def check_responses(folder: Path) -> list[Problem]:
    """Every problem of a folder's responses, with line and field. A folder need not have any: then plain ones show."""
    return problems_beside(
        folder / FILE, lambda reading: _shape(reading.data) or _content(reading.data, _barriers_of(folder), folder)
    )


@cache
def _loaded(path: Path, changed: int) -> Responses:
    if not changed or any(problem.code in UNUSABLE for problem in check_responses(path.parent)):
        return Responses({})
    return Responses(read(path.read_bytes()).data)


def _response(code: str, data: dict[str, Any]) -> Response:
    said = (code, data["words"], data["say"], data["try"], data["source"])
    return Response(*said, got_in_the_way=data.get("got_in_the_way", True))


def _shape(data: Any) -> list[Found]:
    """What keeps the file from being read as responses at all."""
    if not isinstance(data, dict) or not isinstance(data.get("responses"), dict):
        return [((), "shape", "The file has a part “responses”, and may have “overrides”.")]
    if unknown := set(data) - {"responses", "overrides"}:
        return [((sorted(unknown)[0],), "shape", "Only “responses” and “overrides” belong here.")]
    overrides = data.get("overrides", {})
    if not isinstance(overrides, dict) or not all(isinstance(those, dict) for those in overrides.values()):
        return [(("overrides",), "shape", "Under “overrides” stand worksheets, and under each its barriers.")]
    found = []
    for place, one, needed in _each(data):
        also = {"got_in_the_way"} if "words" in needed else set()
        if not isinstance(one, dict) or set(one) - also != set(needed):
            found.append((place, "shape", f"It has exactly {', '.join(needed)}."))
        elif any(not isinstance(one[name], str) or not one[name].strip() for name in needed):
            found.append((place, "shape", "Each text is words."))
        elif not isinstance(one.get("got_in_the_way", True), bool):
            found.append(((*place, "got_in_the_way"), "shape", "This is true or false."))
    return found


def _each(data: dict[str, Any]) -> list[tuple[Place, Any, tuple[str, ...]]]:
    """(where, response, texts it needs) of every one."""
    general: list[tuple[Place, Any, tuple[str, ...]]] = [
        (("responses", code), one, ("words", *TEXTS)) for code, one in data["responses"].items()
    ]
    return general + [
        (("overrides", worksheet_id, code), one, TEXTS)
        for worksheet_id, those in data.get("overrides", {}).items()
        for code, one in those.items()
    ]


def _content(data: dict[str, Any], barriers: set[str], folder: Path) -> list[Found]:
    found: list[Found] = []
    for code in sorted(barriers - set(data["responses"])):
        found.append((("responses",), "missing", f"No response to “{code}”."))
    for place, one, _ in _each(data):
        if barriers and place[-1] not in barriers:
            found.append((place, "unknown-barrier", f"“{place[-1]}” is not a barrier anybody can name."))
        found += [((*place, name), code, message) for name in ("say", "try") for code, message in _wording(one[name])]
        if not MARKED.search(one["source"]):
            found.append(((*place, "source"), "mark", "A source has its mark: [V], [K] or [D]."))
    for worksheet_id, those in data.get("overrides", {}).items():
        if not list(folder.glob(f"{worksheet_id}.v*.yaml")):
            found.append((("overrides", worksheet_id), "unknown-worksheet", "There is no such worksheet here."))
        found += _same(data["responses"], worksheet_id, those)
    if len(_each(data)) > MOST:
        found.append(((), "too-many", f"{len(_each(data))} responses; at most {MOST}."))
    return found


def _same(general: dict[str, Any], worksheet_id: str, those: dict[str, Any]) -> list[Found]:
    """An override is there because it differs."""
    message = "This says what the general response says. Leave it out."
    return [
        (("overrides", worksheet_id, code), "same", message)
        for code, own in those.items()
        if any(own[name] == general.get(code, {}).get(name) for name in ("say", "try"))
    ]


def _wording(text: str) -> list[tuple[str, str]]:
    found = [("banned-word", f"“{word}” is not a word clients hear from us.") for word in banned_in(text)]
    longest = max((len(words_in(sentence)) for sentence in sentences_in(text)), default=0)
    if longest > LONGEST_SENTENCE:
        found.append(("long-sentence", f"A sentence has {longest} words; at most {LONGEST_SENTENCE}."))
    return found


def _barriers_of(folder: Path) -> set[str]:
    """The barriers that the schema beside the worksheets knows; none where it cannot be read."""
    try:
        schema = json.loads((folder / "schema.json").read_text(encoding="utf-8"))
        return {*schema["properties"]["barriers"]["items"]["enum"], OPEN_ANSWER}
    except (OSError, ValueError, KeyError, TypeError):
        return set()
