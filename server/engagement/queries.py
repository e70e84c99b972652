"""Fetch occurrences as they stand at a moment, and hand them to the rules."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import String, and_, case, cast, literal, or_, select

from server.assignments.models import Assignment, AssignmentVersion, Occurrence
from server.assignments.queries import intervals_of
from server.caseload.models import Episode
from server.caseload.queries import CaseloadLine, meetings_of
from server.caseload.rules import Interval, Meeting
from server.engagement.attention import to_look_at
from server.engagement.rules import Figures, Told, counts_until, state_now, within
from server.entries.models import Revision
from server.entries.queries import LastContact, last_contacts
from server.extensions import Moment, db
from server.people.models import Client
from server.worksheets.practice import is_practice


@dataclass(frozen=True)
class Line:
    """One client on Today or the caseload: the work of the open interval, and what stands behind it."""

    client: Client
    episode: Episode
    intervals: list[Interval]
    figures: Figures
    before: Figures | None  # the interval before
    contact: LastContact
    meetings: list[Meeting]
    to_look_at: tuple[Told, ...] = ()  # the figures' own, and what came too late for the interval it counts in

    @property
    def interval(self) -> Interval | None:
        return self.intervals[-1] if self.intervals else None


@dataclass(frozen=True)
class _Agreed:
    """What the times of one assignment share. `events`: its versions for *when it happens*."""

    id: str
    client_id: UUID
    episode_id: str
    agreed_at: datetime
    practice: bool
    events: set[int]


def told_of(
    client_ids: Iterable[UUID],
    now: datetime,
    contacts: Mapping[UUID, LastContact] | None = None,
    since: datetime | Mapping[UUID, datetime] | None = None,
    until: Mapping[UUID, datetime] | None = None,
) -> dict[UUID, list[Told]]:
    """Every occurrence of clients the caller was given, as it stands at `now`, by the day it falls due.

    `since`, one moment or one for each client, leaves out what fell due before and has not changed since: it can count
    in no interval from then on, and nobody waits for it to be looked at. A client who is not in it has no interval.

    `until`, for each client, leaves out what no figure of an interval holds (`counts_until`): what is merely planned
    after it, and what was withdrawn and nothing was said of. Half of the times of a caseload are of these two kinds.
    """
    ids = list(client_ids)
    held = contacts if contacts is not None else last_contacts(ids)
    of, o = _agreed_by_id(ids), Occurrence
    rows = db.session.execute(
        select(
            *(cast(o.assignment_id, String).label("of"), o.slot, o.state, o.due_on, o.due_at, o.done_at, o.barrier),
            *(o.medium, o.entered_by, o.extra, o.version),
            *(Revision.received_at, Revision.answer_outcome),
        )
        .outerjoin(Revision, and_(Revision.client_id == o.client_id, Revision.revision_id == o.filled_by))
        .where(o.client_id.in_(ids), *_since(since), *_until(until))
        .order_by(o.due_on, o.assignment_id, o.slot)
    )
    found: dict[UUID, list[Told]] = {client_id: [] for client_id in ids}
    places = {key: (one, found[one.client_id], held[one.client_id].emptied_at) for key, one in of.items()}
    for row in rows:
        agreed, theirs, emptied_at = places[row.of]
        theirs.append(_told(row, agreed, emptied_at, now))
    return found


def _agreed_by_id(client_ids: list[UUID]) -> dict[str, _Agreed]:
    """What the times of an assignment share, by its id as either database writes it: looked up once, not each time."""
    a, v = Assignment, AssignmentVersion
    rows = db.session.execute(
        select(
            *(a.id, a.client_id, a.episode_id, a.agreed_at, a.worksheet_id),
            *(v.number, v.rhythm["kind"].as_string().label("kind")),
        )
        .join(v, v.assignment_id == a.id)
        .where(a.client_id.in_(client_ids))
    )
    found: dict[str, _Agreed] = {}
    for row in rows:
        one = found.get(row.id.hex) or _Agreed(
            str(row.id), row.client_id, str(row.episode_id), row.agreed_at, is_practice(row.worksheet_id), set()
        )
        found[row.id.hex] = found[one.id] = one
        if row.kind == "event":
            one.events.add(row.number)
    return found


def _since(since: datetime | Mapping[UUID, datetime] | None) -> list:
    """What `told_of` leaves out by when things fell due and changed, as conditions."""
    if not since:
        return []
    o, begins = Occurrence, since
    if isinstance(since, Mapping):
        begins = case({client_id: literal(at, Moment()) for client_id, at in since.items()}, value=o.client_id)
    return [or_(o.due_at >= begins, o.recorded_at >= begins)]


def _until(until: Mapping[UUID, datetime] | None) -> list:
    """What `told_of` leaves out of what no figure holds, as conditions."""
    if not until:
        return []
    o = Occurrence
    ends = case({client_id: literal(at, Moment()) for client_id, at in until.items()}, value=o.client_id)
    return [
        or_(o.state != "withdrawn", o.barrier.is_not(None)),
        or_(o.state.not_in(("open", "moved")), o.due_at <= ends),
    ]


def _told(row, agreed: _Agreed, emptied_at: datetime | None, now: datetime) -> Told:
    return Told.quickly(
        assignment_id=agreed.id,
        slot=row.slot,
        state=state_now(row.state, row.due_at, emptied_at, now),
        due_on=row.due_on,
        due_at=row.due_at,
        happened_at=row.done_at,
        barrier=row.barrier,
        medium=row.medium,
        entered_by=row.entered_by,
        when_it_happens=row.version in agreed.events,
        agreed_at=agreed.agreed_at,
        stored=row.state,
        arrived_at=row.received_at,
        episode_id=agreed.episode_id,
        extra=row.extra,
        swapped=row.state == "tried" and row.answer_outcome == "swap",
        practice=agreed.practice,
    )


def told_in(client: Client, episode: Episode, now: datetime, contact: LastContact | None = None) -> list[Told]:
    """Every time of one course of treatment of a client the caller was given: figures never count across two."""
    told = told_of([client.id], now, {client.id: contact} if contact else None)[client.id]
    return of_course(told, episode)


def of_course(told: Iterable[Told], episode: Episode) -> list[Told]:
    """Those of one course of treatment."""
    course = str(episode.id)
    return [o for o in told if o.episode_id == course]


def lines(caseload: Iterable[CaseloadLine], now: datetime) -> list[Line]:
    """A line for each client of a caseload, in its order: four queries, however many clients."""
    caseload = list(caseload)
    ids = [one.client.id for one in caseload]
    contacts = last_contacts(ids)
    meetings = meetings_of(one.episode.id for one in caseload)
    found = intervals_of((one.episode for one in caseload), now, meetings)
    # Of a client without an interval nothing can count, whenever it falls due.
    since = {one.client.id: (found[one.episode.id][-2:] or [None])[0] for one in caseload}
    since = {client_id: interval.opens_at for client_id, interval in since.items() if interval}
    until = {
        one.client.id: counts_until(found[one.episode.id][-1], meetings[one.episode.id], now)
        for one in caseload
        if found[one.episode.id]
    }
    told = told_of(ids, now, contacts, since, until)
    return [_line(one, found, told[one.client.id], contacts[one.client.id], meetings) for one in caseload]


def _line(one: CaseloadLine, intervals: dict, told: list[Told], contact: LastContact, meetings: dict) -> Line:
    found = intervals[one.episode.id]
    told = of_course(told, one.episode)
    figures = [Figures(tuple(within(told, i.opens_at, i.closes_at))) for i in found[-2:]]
    latest = figures[-1] if figures else Figures(())
    before = figures[-2] if len(figures) > 1 else None
    looks = to_look_at(latest, told, found[-1] if found else None)
    return Line(one.client, one.episode, found, latest, before, contact, meetings[one.episode.id], tuple(looks))
