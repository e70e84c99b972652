"""Works out everything a bundle tells of one person after the other, and writes it into the open tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.measures.library import measures
from server.research import decision_rows, interval_rows, item_rows, outcome_rows, rows, scores, work_rows
from server.research.columns import File
from server.research.compared import Waiting
from server.research.facts import Facts, Who, clients, facts_of
from server.research.fhir_files import FhirFiles
from server.research.installed import published
from server.research.names import Names
from server.research.rules import SUPPRESSED, Group
from server.research.scope import People
from server.research.tables import Tables
from server.research.weekly import Weekly
from server.research.work import Work, work_of

AT_ONCE = 200  # clients in memory at a time

Listed = tuple[str, UUID, Group]  # the name in the bundle, the client, and how they may be described


@dataclass(frozen=True)
class Member:
    """One client of the bundle: their name in it, and how they may be described."""

    pid: str
    who: Who
    described: Group
    consents: tuple[Any, ...] = ()

    @property
    def service_hidden(self) -> bool:
        """Whether the bundle keeps their service to itself."""
        return self.described[1] == SUPPRESSED


@dataclass(frozen=True)
class Asked:
    """What is to be built, as it was asked for, and where."""

    folder: Path
    project: str
    basis: str | None
    as_of: datetime

    @property
    def in_words(self) -> str:
        """The moment, as a bundle says it."""
        return self.as_of.astimezone(UTC).isoformat()


@dataclass(frozen=True)
class Source:
    """Where the rows of people come from: one transaction, under the key of one project."""

    session: Session
    key: bytes = field(repr=False)
    people: People


@dataclass(frozen=True)
class Into:
    """What the rows of people go into: the tables, what waits for everybody's mean, and the sums by week."""

    tables: Tables
    waiting: Waiting
    weekly: Weekly


@contextmanager
def opened(asked: Asked, files: Sequence[File], *, part: bool = False) -> Iterator[Into]:
    """All of these, open in the folder. `part`: of what another process will take together."""
    fhir = FhirFiles(asked.folder, published(), asked.in_words)
    with Tables(asked.folder, files, fhir, part=part) as tables, Waiting(asked.folder) as waiting:
        yield Into(tables, waiting, Weekly(asked.as_of))


class Filler:
    """Writes people out of a source, as of one moment."""

    def __init__(self, source: Source, as_of: datetime, into: Into) -> None:
        self.source, self._as_of, self.into = source, as_of, into

    def write(self, listed: Sequence[Listed], written: Callable[[int], object]) -> None:
        """These people, in this order. `written`: said with how many, each time some more are done."""
        session, consents = self.source.session, self.source.people.consents
        for start in range(0, len(listed), AT_ONCE):
            several = listed[start : start + AT_ONCE]
            whose = {who.id: who for who in clients(session, self._as_of, [client for _, client, _ in several])}
            members = [
                Member(pid, whose[client], described, tuple(consents.get(client, ())))
                for pid, client, described in several
            ]
            known = facts_of(session, [member.who for member in members], self._as_of)
            for member, facts in zip(members, known, strict=True):
                names = Names(self.source.key, facts, member.service_hidden)
                _write_rows(names, member, self._as_of, self.into)
            written(len(several))


def _write_rows(names: Names, member: Member, as_of: datetime, into: Into) -> None:
    tables = into.tables
    work = work_of(names.facts, as_of)
    tables.quality.look(names.facts, work)
    into.weekly.see(names.facts, work)
    opened = list(item_rows.told(names, work))
    for name, row in _rows_of(names, work, member, opened, as_of):
        tables.write(name, row)
    for row in interval_rows.intervals(names, work, as_of):
        into.waiting.keep(row)
    for name, cells in item_rows.wide_rows(names, opened):
        tables.write_cells(name, cells)


def _rows_of(
    names: Names, work: Work, member: Member, opened: list[item_rows.Told], as_of: datetime
) -> Iterator[tuple[str, dict[str, Any]]]:
    facts: Facts = names.facts
    courses = {one.id: interval_rows.course(names, work, one, as_of) for one in facts.episodes}
    scored = outcome_rows.series_of(names, measures())
    yield "participants", rows.participant(names, member.described)
    for name, several in (
        ("consents", rows.consents(names, member.consents)),
        ("episodes", rows.episodes(names, courses)),
        ("appointments", rows.appointments(names, work.intervals)),
        ("assignments", rows.assignments(names, as_of)),
        ("occurrences", work_rows.occurrences(names, work, as_of)),
        ("entries", work_rows.entries(names, work)),
        ("deliveries", rows.deliveries(names)),
        ("decisions", decision_rows.decisions(names, as_of)),
        ("items", item_rows.long_rows(names, opened)),
        ("measures", scores.measurements(names, measures())),
        ("outcomes", outcome_rows.outcomes(names, scored, measures())),
        ("landmarks", outcome_rows.landmarks(names, courses, scored)),
        ("lagged", outcome_rows.lagged(names, work, scored)),
    ):
        yield from ((name, row) for row in several)
