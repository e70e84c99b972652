"""Scores of measures that clients fill in: made of an entry, replaced and taken back as the entry is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from server.audit import actions as audit
from server.extensions import db
from server.measures.actions import appointment_on
from server.measures.definition import Measure
from server.measures.imported import FAMILY, questions_of
from server.measures.library import measures
from server.measures.models import MeasureScore
from server.measures.rules import score
from server.measures.rules.text import items_of
from server.people.models import Client
from server.worksheets.definition import Worksheet


@dataclass(frozen=True)
class FilledIn:
    """The state of an entry that is shown now. `answers` is None where it was removed, or is kept for now."""

    entry_id: UUID
    revision_id: UUID
    worksheet: Worksheet | None
    answers: Mapping[str, Any] | None
    taken_on: date
    episode_id: UUID | None


def is_measure(worksheet: Worksheet | None) -> bool:
    """Whether this is the imported text of a measure, which was checked against its scorer."""
    return worksheet is not None and bool(worksheet.measure) and worksheet.id == f"{FAMILY}/{worksheet.measure}"


def keep_scores(*, client: Client, filled: Iterable[FilledIn], now: datetime) -> list[MeasureScore]:
    """Bring the scores in step with these entries, in the caller's transaction, which holds the client's lock.

    An entry has one row that stands. Answers that changed take its place, a removal withdraws it, the same again
    changes nothing. What is missing is kept as missing, and the scorer says so when it is read (clinical reference C2).
    What staff corrected or withdrew stays as they left it.
    """
    states = list(filled)
    rows = _rows(client) if states else []
    kept = [_keep(client, one, _last(rows, one.entry_id), now) for one in states]
    return [row for row in kept if row is not None]


def _keep(client: Client, one: FilledIn, last: MeasureScore | None, now: datetime) -> MeasureScore | None:
    if last is not None and last.source != "client":
        return None
    found = _items(one)
    if found is None:
        return _take_back(client, one, last, now) if last is not None and last.what != "withdrawn" else None
    measure, items = found
    episode_id = last.episode_id if last is not None else one.episode_id
    stands = last is not None and last.what != "withdrawn"
    if episode_id is None or (stands and last and (last.items, last.taken_on) == (items, one.taken_on)):
        return None
    values = {
        "episode_id": episode_id,
        "appointment_id": appointment_on(episode_id, one.taken_on),
        "measure_id": measure.id,
        "measure_version": measure.version,
        "taken_on": one.taken_on,
        "items": items,
        "what": "corrected" if stands else "entered",
    }
    return _add(client, one, last, values, now)


def _take_back(client: Client, one: FilledIn, last: MeasureScore, now: datetime) -> MeasureScore:
    same = ("episode_id", "appointment_id", "measure_id", "measure_version", "taken_on")
    return _add(client, one, last, {**{name: getattr(last, name) for name in same}, "what": "withdrawn"}, now)


def _add(client: Client, one: FilledIn, last: MeasureScore | None, values: dict, now: datetime) -> MeasureScore:
    row = MeasureScore(
        **values, service_id=client.service_id, client_id=client.id, source="client", recorded_at=now,
        entry_id=one.entry_id, revision_id=one.revision_id, supersedes=last.id if last is not None else None,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    detail = {"measure": row.measure_id, "source": "client"}
    audit.record(f"measure.{row.what}", about=row, by=client, client_id=client.id, detail=detail, now=now)
    return row


def _items(one: FilledIn) -> tuple[Measure, list[int | None]] | None:
    """The measure and its items' scores; None where there is nothing to score."""
    if not isinstance(one.answers, Mapping) or one.worksheet is None or not is_measure(one.worksheet):
        return None
    measure = measures().newest(one.worksheet.measure or "")
    if measure is None:
        return None
    items = items_of(measure, questions_of(one.worksheet, measure), one.answers)
    return None if score(measure, items).problem else (measure, items)


def _rows(client: Client) -> list[MeasureScore]:
    return list(db.session.scalars(select(MeasureScore).where(MeasureScore.client_id == client.id)))


def _last(rows: list[MeasureScore], entry_id: UUID) -> MeasureScore | None:
    """The newest row that goes back to this entry, staff's own among them."""
    after = {row.supersedes: row for row in rows if row.supersedes}
    row = next((one for one in rows if one.entry_id == entry_id), None)
    while row is not None and row.id in after:
        row = after[row.id]
    return row
