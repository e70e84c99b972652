"""Look at scores: what stands of a client's entries, one entry with its history, and what a service has checked."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from server.caseload.models import Episode
from server.errors import Missing
from server.extensions import db
from server.measures.definition import Measure
from server.measures.library import measures
from server.measures.models import MeasureCheck, MeasureScore
from server.measures.rules import Dated, Scored, score
from server.people.models import Client, Practitioner


@dataclass(frozen=True)
class Taken:
    """One entry with its measure and its scores. `measure` is None for a version this installation does not have."""

    row: MeasureScore
    measure: Measure | None
    scored: Scored


def of_client(client: Client, episode: Episode) -> list[Taken]:
    """What stands in one episode, by the day it was taken; of one day, staff's own last.

    The client comes from `caseload.queries.client_of`.
    """
    return [_taken(row) for row in standing(_rows(client, episode))]


def history_of(client: Client, episode: Episode) -> list[Taken]:
    """What no longer stands: corrected and withdrawn entries, newest first."""
    rows = _rows(client, episode)
    kept = {row.id for row in standing(rows)}
    return [_taken(row) for row in reversed(rows) if row.id not in kept]


def one_of(client: Client, score_id: UUID) -> Taken:
    """One entry of this client. `Missing` otherwise."""
    row = db.session.get(MeasureScore, score_id)
    if row is None or row.client_id != client.id:
        raise Missing
    return _taken(row)


def later_than(taken: Taken) -> list[MeasureScore]:
    """Everything that took its place, one after the other: the next row first, what holds now last."""
    row = taken.row
    same = select(MeasureScore).where(MeasureScore.client_id == row.client_id, MeasureScore.supersedes.is_not(None))
    by_earlier = {one.supersedes: one for one in db.session.scalars(same)}
    found: list[MeasureScore] = []
    while row.id in by_earlier:
        row = by_earlier[row.id]
        found.append(row)
    return found


def standing(rows: Iterable[MeasureScore]) -> list[MeasureScore]:
    """The rows that nothing took the place of, and that withdraw nothing."""
    several = list(rows)
    gone = {row.supersedes for row in several}
    return [row for row in several if row.id not in gone and row.what != "withdrawn"]


def series(taken: Iterable[Taken]) -> dict[tuple[str, str], list[Dated]]:
    """(measure, scale) → its scores by day, for pairs and counts: one a day, the last of it in `of_client`."""
    found: dict[tuple[str, str], list[Dated]] = {}
    for one in {(one.row.measure_id, one.row.taken_on): one for one in taken}.values():
        for each in one.scored.scales:
            found.setdefault((one.row.measure_id, each.scale), []).append(Dated(one.row.taken_on, each))
    return found


def twice(taken: Iterable[Taken]) -> set[tuple[str, date]]:
    """(measure, day) of which more than one stands, such as one by staff and one by the client."""
    counted = Counter((one.row.measure_id, one.row.taken_on) for one in taken)
    return {key for key, count in counted.items() if count > 1}


def checks_of(practitioner: Practitioner) -> dict[tuple[str, int, str], MeasureCheck]:
    """(measure, version, constant) → the newest check of the practitioner's own service."""
    rows = db.session.scalars(
        select(MeasureCheck)
        .where(MeasureCheck.service_id == practitioner.service_id)
        .order_by(MeasureCheck.recorded_at, MeasureCheck.id)
    )
    return {(row.measure_id, row.measure_version, row.constant): row for row in rows}


def _rows(client: Client, episode: Episode) -> list[MeasureScore]:
    rows = db.session.scalars(
        select(MeasureScore).where(MeasureScore.client_id == client.id, MeasureScore.episode_id == episode.id)
    )
    return sorted(rows, key=lambda row: (row.taken_on, row.source == "practitioner", row.recorded_at, row.id))


def _taken(row: MeasureScore) -> Taken:
    measure = measures().get(row.measure_id, row.measure_version)
    return Taken(row, measure, score(measure, row.items, row.totals) if measure else Scored(problem="unknown_measure"))
