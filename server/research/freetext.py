"""Writes what clients of a study wrote in their own words, locked under a key of its own: never in a bundle."""

import base64
import csv
import io
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from flask import current_app

from server.research.bundle import ZIP_TIME
from server.research.facts import Facts, Who, clients, facts_of, reading
from server.research.filling import AT_ONCE
from server.research.item_rows import Told, told
from server.research.names import Names
from server.research.questions import STAYS, asked
from server.research.rules import pseudonym, safe_cell
from server.research.scope import of_study
from server.research.trouble import telling_nothing
from server.research.work import work_of
from server.sealing import lock_file
from server.studies import queries
from server.worksheets.scope import Scope, items

HEADER = ("pid", "entry", "worksheet", "worksheet_version", "link_id", "place", "text")
LOCKED = "freetext_data.csv.locked"
ABOUT = """What clients of the study "{name}" wrote in their own words, as of {as_of}.

python unlock.py {file}    asks for the key that was shown once, and writes freetext_data.csv beside it

One row for each answer; pid and entry are those of the study's bundles. Answers about risk, what a client keeps now
and worksheets that somebody wrote for one service only are not in it. People write names, places and numbers: this is
personal data. Keep it locked, and delete what was opened.
"""

Progress = Callable[[int, int], None]


def write_free_text(file: Path, *, study_id: UUID, key: str, as_of: datetime, progress: Progress) -> int:
    """Write the locked file, how to open it, and nothing else, as a zip. Returns of how many clients."""
    study = queries.study(study_id)
    scope, name = of_study(study), study.name
    with tempfile.TemporaryFile(dir=file.parent) as plain, tempfile.TemporaryFile(dir=file.parent) as locked:
        with reading() as session, telling_nothing():
            people = scope.people(session, as_of)
            members = [who for who in clients(session, as_of) if people.why_not(who) is None]
            members.sort(key=lambda who: pseudonym(scope.key, "client", who.id))
            _write(plain, session, scope.key, members, as_of, progress)
        plain.seek(0)
        lock_file(base64.b64decode(key), plain, locked)
        locked.seek(0)
        _pack(file, locked, ABOUT.format(name=name, as_of=as_of.isoformat(), file=LOCKED))
    return len(members)


def _write(plain: BinaryIO, session, key: bytes, members: Sequence[Who], as_of: datetime, progress: Progress) -> None:
    text = io.TextIOWrapper(plain, "utf-8", newline="", write_through=True)
    rows, done = csv.writer(text, lineterminator="\n"), 0
    rows.writerow(HEADER)
    for several in _by(AT_ONCE, members):
        for facts in facts_of(session, several, as_of):
            rows.writerows(_rows(key, facts, as_of))
        done += len(several)
        progress(done, len(members))
    text.detach()


def _rows(key: bytes, facts: Facts, as_of: datetime) -> Iterator[tuple[object, ...]]:
    names = Names(key, facts)
    for one in told(names, work_of(facts, as_of)):
        about = names.pid, one.entry, one.worksheet.id, one.worksheet.version
        for link_id, place, text in _texts(one):
            yield *about, link_id, place, safe_cell(" ".join(text.split()))


def _texts(one: Told) -> Iterator[tuple[str, object, str]]:
    """Each text somebody wrote: (the question, its place in a list, the text)."""
    for question in asked(one.worksheet).questions:
        if question.stays != STAYS["text"]:
            continue
        for place, scope in _places(one.scope, question.list_id):
            value = scope[question.field.id][1] if question.field.id in scope else None
            if isinstance(value, str) and value.strip():
                yield question.link_id, place, value


def _places(scope: Scope, list_id: str | None) -> Iterator[tuple[object, Scope]]:
    if list_id is None:
        yield "not-applicable", scope
    elif list_id in scope:
        field, value = scope[list_id]
        yield from enumerate(items(field, value, scope), start=1)


def _pack(file: Path, locked: BinaryIO, about: str) -> None:
    unlock = (current_app.config["MEANTIME"].loaders / "unlock.py").read_bytes()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as packed:
        for name, content in (("README.txt", about.encode()), ("unlock.py", unlock), (LOCKED, locked.read())):
            packed.writestr(zipfile.ZipInfo(f"free-text/{name}", ZIP_TIME), content)


def _by(number: int, members: Sequence[Who]) -> Iterator[Sequence[Who]]:
    for start in range(0, len(members), number):
        yield members[start : start + number]
