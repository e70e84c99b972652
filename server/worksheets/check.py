"""Everything `meantime worksheets check` says: broken files, changed ones, and texts that are hard to read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from server.worksheets.definition import Field, every_field, texts, worksheet_from
from server.worksheets.folders import definitions, files_in, gone_problem, own_definitions, published_in
from server.worksheets.places import dotted, place_of
from server.worksheets.readability import (
    FEWEST_WORDS,
    LONGEST_SENTENCE,
    OLDEST,
    banned_in,
    reading_age,
    sentences_in,
    words_in,
)
from server.worksheets.reading import Path as Place
from server.worksheets.reading import Reading
from server.worksheets.responses import check_responses
from server.worksheets.rules import outcome
from server.worksheets.rules import problems as troubles
from server.worksheets.scope import Scope, visible
from server.worksheets.structure import Problem
from server.worksheets.suggestions import check_suggestions

SHORTEST_WAY = 4  # required answers at most


def check_folder(folder: Path) -> list[Problem]:
    """Every problem of every definition. Only those that are no `warning` keep a worksheet from loading or shipping."""
    exceptions, published = _exceptions(folder), published_in(folder)
    problems: list[Problem] = []
    for file, reading, found in definitions(folder):
        problems += found
        if reading is not None and not found:
            problems += content_problems(file, reading)
            problems += wording_problems(file, reading, exceptions)
            if file.removesuffix(".yaml") not in published:
                message = "Not published yet: its hash is not in published.json."
                problems.append(Problem(file, 1, "", "unpublished", message, warning=True))
    return problems + check_responses(folder) + check_suggestions(folder) + _gone(folder, published)


def _hidden(fields: tuple[Field, ...], answers: Any, around: Scope) -> list[str]:
    """Questions that are answered and not on show."""
    scope = visible(fields, answers, around)
    found = [one.id for one in fields if one.id in answers and one.id not in scope]
    for one in fields:
        items = answers.get(one.id) if one.type == "list" and one.id in scope else None
        for item in items or []:
            found += [f"{one.id}.{name}" for name in _hidden(one.fields, item, scope)]
    return found


def hashes(folder: Path) -> dict[str, str]:
    """What published.json has to say of the files as they are: `<id>.v<N>` to the hash of its LF bytes."""
    return {
        file.removesuffix(".yaml"): reading.sha256
        for file, reading, found in definitions(folder)
        if reading is not None and not found
    }


def check_own(folder: Path, shipped: Path) -> list[Problem]:
    """Every problem of a service's own definitions: what keeps one from loading, and what makes it hard to read."""
    taken = {file.rpartition(".v")[0] for _, file in files_in(shipped)}
    problems: list[Problem] = []
    for file, reading, found in own_definitions(folder, shipped, taken):
        problems += found
        if reading is not None and not found:
            problems += content_problems(file, reading) + wording_problems(file, reading, {})
    return problems


def _gone(folder: Path, published: dict[str, str]) -> list[Problem]:
    files = [f"{key}.yaml" for key in published]
    return [gone_problem(file) for file in files if not (folder / file).exists()]


def content_problems(file: str, reading: Reading) -> list[Problem]:
    """The example is a whole, sound answer, and the short way is short. What was imported has neither."""
    if reading.data.get("imported"):
        return []
    worksheet = worksheet_from(reading.data, reading.sha256)
    answers = worksheet.example["answers"]
    found: list[tuple[Place, str, str]] = []
    for trouble in troubles(worksheet, answers):
        place = ("example", "answers", *(int(p) if p.isdigit() else p for p in trouble.field.split(".")))
        found.append((place, "example", f"The example's answer does not fit: {trouble.code}."))
    for hidden in _hidden(worksheet.fields, answers, {}):
        text = f"The example answers “{hidden}”, which is not on show beside its other answers."
        found.append((("example", "answers", *hidden.split(".")), "example", text))
    if outcome(worksheet, answers) != "done":
        found.append((("example",), "example", "The example does not fulfil the done rule."))
    by_id = {field.id: field for field in worksheet.fields}
    asked = [max(1, sum(inner.required for inner in by_id[name].fields)) for name in worksheet.short]
    if sum(asked) > SHORTEST_WAY:
        found.append((("short",), "short", f"The short way asks {sum(asked)} questions; at most {SHORTEST_WAY}."))
    if not any(field.required for field in every_field(worksheet.fields)):
        found.append((("fields",), "required", "No question is required, so nothing could ever be partly done."))
    return [Problem(file, reading.line(place), dotted(place), code, text) for place, code, text in found]


def wording_problems(file: str, reading: Reading, exceptions: dict[str, str]) -> list[Problem]:
    """Words clients never see, sentences that are too long, and (a warning) texts above the reading age."""
    problems: list[Problem] = []
    for key, text in texts(reading.data) if not reading.data.get("imported") else ():
        place = place_of(key, reading.data)
        line = reading.line(place)
        for word in banned_in(text):
            problems.append(Problem(file, line, key, "banned-word", f"“{word}” is not a word clients see."))
        for sentence in sentences_in(text):
            if len(words_in(sentence)) > LONGEST_SENTENCE:
                message = f"A sentence has {len(words_in(sentence))} words; at most {LONGEST_SENTENCE}."
                problems.append(Problem(file, line, key, "long-sentence", message))
        named = f"{file.removesuffix('.yaml')}:{key}"
        if len(words_in(text)) >= FEWEST_WORDS and reading_age(text) > OLDEST and named not in exceptions:
            message = f"Reading age {reading_age(text):.1f}; at most {OLDEST:.0f}."
            problems.append(Problem(file, line, key, "reading-age", message, warning=True))
    return problems


def _exceptions(folder: Path) -> dict[str, str]:
    """Texts that may be harder to read, each with the reason: reading-exceptions.json beside the schema."""
    path = folder / "reading-exceptions.json"
    named: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return named
