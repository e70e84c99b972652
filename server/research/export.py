"""Builds the research bundle: who is in it, their rows in every file, and what explains them. Reads only."""

import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.errors import Refused
from server.measures.library import measures
from server.research import codebook, decision_rows, interval_rows, item_rows, outcome_rows, rows, scores, work_rows
from server.research.bundle import Written, staged, target_of, write_json, write_sums, write_text
from server.research.changes import changes_page, previous_of
from server.research.columns import File
from server.research.compared import Waiting
from server.research.explained import Told, explain
from server.research.facts import Facts, Who, clients, facts_of, invented, reading
from server.research.fhir_files import FhirFiles
from server.research.fields import FILES, PID, WORKSHEET_ID
from server.research.item_fields import wide_files, with_questions
from server.research.names import NOT_APPLICABLE, NOT_KNOWN, Names
from server.research.quality_files import write_quality
from server.research.report_files import write_report
from server.research.roster import Roster
from server.research.rules import SUPPRESSED, age_band, local_day, pseudonym, rounded
from server.research.scope import OTHER_SITE, People, Scope, scope_of
from server.research.tables import Tables
from server.research.weekly import Weekly
from server.research.work import Work, work_of
from server.studies.rules import PLAIN
from server.worksheets.definition import Worksheet
from server.worksheets.library import library

AT_ONCE = 200  # clients in memory at a time
AGAIN_AFTER = 1.0  # seconds between two signs of life while rows go by

Progress = Callable[[int, int], None]


class _Alive:
    """Says again how far it is, while rows go by that are not counted: finishing may take longer than reading did."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress, self._far, self._at = progress, (0, 0), monotonic()

    def said(self, done: int, of: int) -> None:
        """So far it is."""
        self._far, self._at = (done, of), monotonic()
        if self._progress:
            self._progress(done, of)

    def __call__(self) -> tuple[()]:
        """As far as before. Costs nothing when it was said just now, so that each row may say it."""
        if monotonic() - self._at >= AGAIN_AFTER:
            self.said(*self._far)
        return ()


class CannotBuild(Exception):
    """A row could not be read: says where in the program, and nothing of the row."""

    def __init__(self, kind: str, where: str):
        super().__init__(f"The bundle was not built: a row could not be read ({kind}, {where}).")


@dataclass(frozen=True)
class Manifest:
    """What was built: for the audit, and (less the exact counts) for the bundle and for whoever ran it."""

    project: str
    basis: str
    as_of: str
    software: str
    definition: str
    clients: int
    synthetic: str  # all · some · none of them are invented
    excluded: dict[str, int]
    previous: dict[str, str] | None
    files: tuple[Written, ...]
    study: dict[str, Any]

    def for_bundle(self) -> dict[str, Any]:
        """As it lies in the bundle: those left out counted to the nearest 5, small counts hidden."""
        return {**asdict(self), "excluded": {why: rounded(n) for why, n in self.excluded.items()}}


@dataclass(frozen=True)
class Member:
    """One client of the bundle: their name in it, and how they may be described."""

    pid: str
    who: Who
    described: tuple[str, ...]
    consents: tuple[Any, ...] = ()

    @property
    def service_hidden(self) -> bool:
        """Whether the bundle keeps their service to itself."""
        return self.described[1] == SUPPRESSED


def export(
    out: Path,
    *,
    now: datetime,
    as_of: datetime | None = None,
    project: str = "local",
    basis: str | None = None,
    zip: bool = False,
    previous: Path | None = None,
    progress: Progress | None = None,
) -> Manifest:
    """Build the bundle as a new folder, or with `zip` as the file `<out>.zip`. The same `as_of` makes the same bytes.

    Of a study its people (`scope.py`). Else only clients whose choice about research is yes, unless another `basis` is
    named: it is written down in the manifest. Refused with a sentence when `out` is there already, or `as_of` lies
    ahead. `previous`: the bundle, folder or zip, that CHANGES.md compares this one with. `progress(done, of)`.
    """
    moment = as_of or now
    _refuse_unfit(moment, now, project, basis)
    before = previous_of(previous, project) if previous else None
    scope = scope_of(project, basis)
    files = files_of_installation()
    alive = _Alive(progress)
    with staged(target_of(out, zip), zip, alive) as folder:
        fhir = FhirFiles(folder, published(), _in_words(moment))
        with reading() as session, telling_nothing(), Tables(folder, files, fhir) as tables:
            people = scope.people(session, moment)
            roster, excluded, made_up = _members(session, scope, people, moment, alive)
            weekly = _fill(session, folder, tables, scope, people, roster, moment, alive)
            _write_weekly(tables, excluded, weekly)
            written, present = tables.finish(alive), tables.files
        told = Told(present, written, published(), project, scope.basis, _in_words(moment), made_up)
        manifest = Manifest(
            project=project,
            basis=told.basis,
            as_of=told.as_of,
            software=f"meantime {metadata.version('meantime')}",
            definition=codebook.definition_hash(files),
            clients=len(roster),
            synthetic=made_up,
            excluded=excluded,
            previous=before.told if before else None,
            files=(
                *written,
                *explain(folder, told),
                *alive(),
                *write_quality(folder, told, tables.quality.end(), excluded),
                *alive(),
                write_text(folder, "CHANGES.md", changes_page(folder, present, before, alive)),
                *_report(folder, alive),
                *alive(),
            ),
            study=scope.told,
        )
        write_sums(folder, (*manifest.files, write_json(folder, "manifest.json", manifest.for_bundle())))
    return manifest


def _report(folder: Path, alive: _Alive) -> list[Written]:
    """report.html, from what is in the folder: the rows are read again, so errors tell nothing of them."""
    with telling_nothing():
        return list(write_report(folder, alive))


@contextmanager
def telling_nothing() -> Iterator[None]:
    """Keep what is in the rows out of errors: a value that cannot be read may be anything, and errors are logged."""
    try:
        yield
    except Exception as wrong:
        steps = traceback.extract_tb(wrong.__traceback__)
        where = next((step for step in reversed(steps) if "server" in Path(step.filename).parts), steps[-1])
        raise CannotBuild(type(wrong).__name__, f"{Path(where.filename).name}:{where.lineno}") from None


def files_of_installation() -> tuple[File, ...]:
    """Every file a bundle of this installation can have, with its worksheets and measures as codes."""
    every = published()
    known = scores.with_measures(with_worksheets(FILES), measures().every_version())
    return (*with_questions(known, every), *(file for one in every for file in wide_files(one, PID)))


def published() -> list[Worksheet]:
    """Every version of every worksheet, in a fixed order; a service's own tasks stay here."""
    return sorted(library().every(), key=lambda one: (one.id, one.version))


def with_worksheets(files: Sequence[File]) -> tuple[File, ...]:
    """The files, with this installation's worksheets as the codes of every column that names one."""
    titles = {worksheet.id: worksheet.title for worksheet in library().all()}
    return tuple(
        replace(
            file,
            columns=tuple(
                replace(column, codes=titles, pattern="") if column.pattern == WORKSHEET_ID else column
                for column in file.columns
            ),
        )
        for file in files
    )


def _refuse_unfit(moment: datetime, now: datetime, project: str, basis: str | None) -> None:
    if moment > now:
        raise Refused("bad-input", "The moment of the export lies ahead. Name one that has passed.")
    for name, text in (("project", project), ("basis", basis)):
        if text is not None and not PLAIN.fullmatch(text):
            raise Refused("bad-input", f"The {name} needs a short name: letters, digits, blanks and . , : / ( ) ' -")


def _members(
    session: Session, scope: Scope, people: People, as_of: datetime, alive: _Alive
) -> tuple[Roster, dict[str, int], str]:
    """Who is in the bundle, how many are not and why, and whether those in it are invented."""
    excluded: Counter[str] = Counter(dict.fromkeys(scope.reasons, 0))
    roster, not_real = Roster(), invented(session)
    made_up = 0
    for who in clients(session, as_of):
        alive()
        if reason := people.why_not(who):
            excluded[reason] += 1
        else:
            roster.add(pseudonym(scope.key, "client", who.id), who.id, _described(scope.key, who, people.arms, as_of))
            made_up += who.service_id in not_real
    return roster, dict(excluded), ("all" if made_up == len(roster) else "some") if made_up else "none"


def _write_weekly(tables: Tables, excluded: Mapping[str, int], weekly: Weekly) -> None:
    """The counts by week, and how many are not in it, by why; not of other sites."""
    for why, people in excluded.items():
        if people and why != OTHER_SITE:
            weekly.left(why, people)
    for row in weekly.rows():
        tables.write("tables", row)


def _described(key: bytes, who: Who, arms: dict[UUID, str], as_of: datetime) -> tuple[str, ...]:
    band = age_band(who.born, local_day(as_of, who.zone)) if who.born else None
    arm = arms.get(who.id, NOT_APPLICABLE)
    return arm, pseudonym(key, "service", who.service_id), band or NOT_KNOWN, who.language


def _fill(
    session: Session,
    folder: Path,
    tables: Tables,
    scope: Scope,
    people: People,
    roster: Roster,
    as_of: datetime,
    alive: _Alive,
) -> Weekly:
    done, weekly = 0, Weekly(as_of)
    with Waiting(folder) as waiting:
        for several in roster.several(AT_ONCE):
            whose = {who.id: who for who in clients(session, as_of, [client_id for _, client_id, _ in several])}
            members = [
                Member(pid, whose[client_id], described, tuple(people.consents.get(client_id, ())))
                for pid, client_id, described in several
            ]
            for member, facts in zip(members, facts_of(session, [m.who for m in members], as_of), strict=True):
                _write_rows(Names(scope.key, facts, member.service_hidden), member, as_of, tables, waiting, weekly)
            done += len(several)
            alive.said(done, len(roster))
        for row in waiting.rows():
            alive()
            tables.write("intervals", row)
    return weekly


def _write_rows(
    names: Names, member: Member, as_of: datetime, tables: Tables, waiting: Waiting, weekly: Weekly
) -> None:
    work = work_of(names.facts, as_of)
    tables.quality.look(names.facts, work)
    weekly.see(names.facts, work)
    opened = list(item_rows.told(names, work))
    for name, row in _rows_of(names, work, member, opened, as_of):
        tables.write(name, row)
    for row in interval_rows.intervals(names, work, as_of):
        waiting.keep(row)
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


def _in_words(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
