"""Builds the research bundle: who is in it, their rows in every file, and what explains them. Reads only."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib import metadata
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.errors import Refused
from server.research import codebook, parts
from server.research.bundle import Written, staged, target_of, write_json, write_sums, write_text
from server.research.changes import changes_page, previous_of
from server.research.explained import Told, explain
from server.research.facts import Who, clients, invented, reading
from server.research.filling import Asked, Filler, Into, Source, opened
from server.research.installed import files_of_installation, published
from server.research.names import NOT_APPLICABLE, NOT_KNOWN
from server.research.part import Kept
from server.research.quality_files import write_quality
from server.research.report_files import write_report
from server.research.roster import Roster
from server.research.rules import age_band, local_day, pseudonym, rounded
from server.research.scope import OTHER_SITE, People, Scope, scope_of
from server.research.trouble import telling_nothing
from server.sealing import ring
from server.studies.rules import PLAIN

AGAIN_AFTER = 1.0  # seconds between two signs of life while rows go by

Progress = Callable[[int, int], None]


class _Alive:
    """Says again how far it is, while rows go by that are not counted: finishing may take longer than reading did."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress, self._far, self._at = progress, (0, 0), monotonic()

    def begin(self, of: int) -> None:
        """So many there are."""
        self._far = 0, of

    def more(self, done: int) -> None:
        """So many more of them are done."""
        self._say(self._far[0] + done)

    def __call__(self) -> tuple[()]:
        """As far as before. Costs nothing when it was said just now, so that each row may say it."""
        if monotonic() - self._at >= AGAIN_AFTER:
            self._say(self._far[0])
        return ()

    def _say(self, done: int) -> None:
        self._far, self._at = (done, self._far[1]), monotonic()
        if self._progress:
            self._progress(*self._far)


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
    processes: int = 0,
    kept: Path | None = None,
) -> Manifest:
    """Build the bundle as a new folder, or with `zip` as the file `<out>.zip`. The same `as_of` makes the same bytes.

    Of a study its people (`scope.py`). Else only clients whose choice about research is yes, unless another `basis` is
    named: it is written down in the manifest. Refused with a sentence when `out` is there already, or `as_of` lies
    ahead. `previous`: the bundle, folder or zip, that CHANGES.md compares this one with. `progress(done, of)`.
    `processes`: how many others may write for this one; the bytes are the same (`parts.py` says when none do).
    `kept`: a folder in which parts lie until the bundle is whole; whoever builds it after a kill goes on from them.
    """
    moment = as_of or now
    _refuse_unfit(moment, now, project, basis)
    before = previous_of(previous, project) if previous else None
    scope = scope_of(project, basis)
    files = files_of_installation()
    alive = _Alive(progress)
    with staged(target_of(out, zip), zip, alive) as folder:
        asked = Asked(folder, project, basis, moment)
        with reading() as session, telling_nothing(), opened(asked, files) as into:
            people = scope.people(session, moment)
            roster, excluded, made_up = _members(session, scope, people, moment, alive)
            filler = Filler(Source(session, scope.key, people), moment, into)
            parts.write(asked, filler, roster, processes, alive.more, Kept(kept) if kept else None)
            _write_what_needs_everybody(into, excluded, alive)
            written, present = into.tables.finish(alive), into.tables.files
        told = Told(present, written, published(), project, scope.basis, asked.in_words, made_up)
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
                *write_quality(folder, told, into.tables.quality.end(), excluded),
                *alive(),
                write_text(folder, "CHANGES.md", changes_page(folder, present, before, alive)),
                *_report(folder, alive),
                *alive(),
            ),
            study=scope.told,
        )
        write_sums(folder, (*manifest.files, write_json(folder, "manifest.json", manifest.for_bundle())), ring())
    return manifest


def _report(folder: Path, alive: _Alive) -> list[Written]:
    """report.html, from what is in the folder: the rows are read again, so errors tell nothing of them."""
    with telling_nothing():
        return list(write_report(folder, alive))


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
    alive.begin(len(roster))
    return roster, dict(excluded), ("all" if made_up == len(roster) else "some") if made_up else "none"


def _write_what_needs_everybody(into: Into, excluded: Mapping[str, int], alive: _Alive) -> None:
    """Intervals with the mean of all, counts by week, and how many are not in it, by why; not of other sites."""
    for row in into.waiting.rows():
        alive()
        into.tables.write("intervals", row)
    for why, people in excluded.items():
        if people and why != OTHER_SITE:
            into.weekly.left(why, people)
    for row in into.weekly.rows():
        into.tables.write("tables", row)


def _described(key: bytes, who: Who, arms: dict[UUID, str], as_of: datetime) -> tuple[str, ...]:
    band = age_band(who.born, local_day(as_of, who.zone)) if who.born else None
    arm = arms.get(who.id, NOT_APPLICABLE)
    return arm, pseudonym(key, "service", who.service_id), band or NOT_KNOWN, who.language
