"""Fetch occurrences as they stand at a moment, and hand them to the rules."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, or_, select

from server.assignments.models import Assignment, AssignmentVersion, Occurrence
from server.assignments.queries import intervals_of
from server.caseload.models import Episode
from server.caseload.queries import CaseloadLine
from server.caseload.rules import Interval
from server.engagement.attention import to_look_at
from server.engagement.rules import Figures, Told, state_now, within
from server.entries.models import Revision
from server.entries.queries import LastContact, last_contacts
from server.extensions import db
from server.people.models import Client


@dataclass(frozen=True)
class Line:
    """One client on Today or the caseload: the work of the open interval, and what stands behind it."""

    client: Client
    episode: Episode
    intervals: list[Interval]
    figures: Figures
    before: Figures | None  # the interval before
    contact: LastContact
    to_look_at: tuple[Told, ...] = ()  # the figures' own, and what came too late for the interval it counts in

    @property
    def interval(self) -> Interval | None:
        return self.intervals[-1] if self.intervals else None


def told_of(
    client_ids: Iterable[UUID],
    now: datetime,
    contacts: Mapping[UUID, LastContact] | None = None,
    since: datetime | None = None,
) -> dict[UUID, list[Told]]:
    """Every occurrence of clients the caller was given, as it stands at `now`, by the day it falls due.

    `since` leaves out what fell due before and has not changed since: it can count in no interval from then on, and
    nobody waits for it to be looked at.
    """
    ids = list(client_ids)
    held = contacts if contacts is not None else last_contacts(ids)
    o, v = Occurrence, AssignmentVersion
    rows = db.session.execute(
        select(
            *(o.client_id, o.assignment_id, o.slot, o.state, o.due_on, o.due_at, o.done_at, o.barrier, o.medium),
            *(o.entered_by, o.extra, o.episode_id, v.rhythm, Assignment.agreed_at, Revision.received_at),
        )
        .join(v, and_(v.assignment_id == o.assignment_id, v.number == o.version))
        .join(Assignment, Assignment.id == o.assignment_id)
        .outerjoin(Revision, and_(Revision.client_id == o.client_id, Revision.revision_id == o.filled_by))
        .where(o.client_id.in_(ids), *([or_(o.due_at >= since, o.recorded_at >= since)] if since else []))
        .order_by(o.due_on, o.assignment_id, o.slot)
    )
    found: dict[UUID, list[Told]] = {client_id: [] for client_id in ids}
    for row in rows:
        emptied_at = held[row.client_id].emptied_at
        found[row.client_id].append(
            Told(
                assignment_id=str(row.assignment_id),
                slot=row.slot,
                state=state_now(row.state, row.due_at, emptied_at, now),
                due_on=row.due_on,
                due_at=row.due_at,
                happened_at=row.done_at,
                barrier=row.barrier,
                medium=row.medium,
                entered_by=row.entered_by,
                when_it_happens=row.rhythm.get("kind") == "event",
                agreed_at=row.agreed_at,
                stored=row.state,
                arrived_at=row.received_at,
                episode_id=str(row.episode_id),
                extra=row.extra,
            )
        )
    return found


def of_interval(client: Client, interval: Interval, now: datetime) -> Figures:
    """The figures of one interval of a client the caller was given."""
    told = told_of([client.id], now)[client.id]
    return Figures(tuple(within(told, interval.opens_at, interval.closes_at)))


def of_intervals(client: Client, found: Iterable[Interval], now: datetime) -> list[tuple[Interval, Figures]]:
    """The figures of several intervals, in one look."""
    told = told_of([client.id], now)[client.id]
    return [(i, Figures(tuple(within(told, i.opens_at, i.closes_at)))) for i in found]


def lines(caseload: Iterable[CaseloadLine], now: datetime) -> list[Line]:
    """A line for each client of a caseload, in its order: four queries, however many clients."""
    caseload = list(caseload)
    ids = [one.client.id for one in caseload]
    contacts = last_contacts(ids)
    found = intervals_of((one.episode for one in caseload), now)
    since = min((i.opens_at for each in found.values() for i in each[-2:]), default=None)
    told = told_of(ids, now, contacts, since)
    return [_line(one, found[one.episode.id], told[one.client.id], contacts[one.client.id]) for one in caseload]


def _line(one: CaseloadLine, found: list[Interval], told: list[Told], contact: LastContact) -> Line:
    told = [o for o in told if o.episode_id == str(one.episode.id)]
    figures = [Figures(tuple(within(told, i.opens_at, i.closes_at))) for i in found[-2:]]
    latest = figures[-1] if figures else Figures(())
    before = figures[-2] if len(figures) > 1 else None
    looks = to_look_at(latest, told, found[-1] if found else None)
    return Line(one.client, one.episode, found, latest, before, contact, tuple(looks))
