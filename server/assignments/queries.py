"""Look at what was agreed: for a practitioner, for the phone, and for laying out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row, and_, select
from sqlalchemy.orm import defer

from server.assignments.models import Assignment, AssignmentVersion, Occurrence
from server.assignments.quick_sql import VERSIONS, WHOSE
from server.assignments.rules import Rhythm, Span, Window
from server.caseload.queries import meetings_of
from server.caseload.rules import LAST_INTERVAL_DAYS, Interval, Meeting, intervals
from server.errors import Missing
from server.extensions import db
from server.people.models import Client
from server.prepared import listed

JUST_BEFORE = timedelta(microseconds=1)  # so that it counts in the interval which that appointment ends
AHEAD = timedelta(days=28)  # how far occurrences are laid out, so that a phone without signal knows its month


# What no line of a caseload shows, of hundreds of assignments: a third of the time their page took.
NOT_FOR_LISTS = [
    *(defer(getattr(Assignment, name)) for name in ("set_id", "agreed_in", "agreed_by", "from_assignment")),
    *(defer(getattr(AssignmentVersion, name)) for name in ("plan_sealed", "done_rule", "made_by_id", "revision_id")),
]


@dataclass(frozen=True)
class Agreed:
    """An assignment with what holds of it now."""

    assignment: Assignment
    version: AssignmentVersion

    @property
    def rhythm(self) -> Rhythm:
        return Rhythm.read(self.version.rhythm)


@dataclass(frozen=True)
class Ground:
    """What laying out needs to know of one assignment."""

    assignment_id: UUID
    client_id: UUID
    service_id: UUID
    episode_id: UUID
    agreed_on: date
    agreed_at: datetime
    state: str
    ended_on: date | None
    ended_at: datetime | None
    worksheet_id: str | None
    worksheet_version: int | None
    spans: tuple[Span, ...]
    done_rule: dict | None


def of_client(client: Client) -> list[Agreed]:
    """Everything agreed with a client, newest first. The client comes from `caseload.queries.client_of`."""
    return _agreed(Assignment.client_id == client.id)


def of_clients(client_ids: Iterable[UUID]) -> list[Agreed]:
    """What is agreed with several clients the caller was given: a list of titles. The rest is read when it is asked."""
    return _agreed(Assignment.client_id.in_(list(client_ids)), options=NOT_FOR_LISTS)


def how_it_stands(client_ids: Iterable[UUID]) -> dict[UUID, list[Row]]:
    """Of all that was agreed with clients the caller was given: worksheet_id, state and ended_at. Plain columns."""
    found: dict[UUID, list[Row]] = {client_id: [] for client_id in client_ids}
    a = Assignment
    wanted = a.client_id.in_(list(found))
    for row in db.session.execute(select(a.client_id, a.worksheet_id, a.state, a.ended_at).where(wanted)):
        found[row.client_id].append(row)
    return found


def of_assignment(client: Client, assignment_id: UUID) -> Agreed:
    """One assignment of this client. `Missing` otherwise."""
    found = _agreed(Assignment.client_id == client.id, Assignment.id == assignment_id)
    if not found:
        raise Missing
    return found[0]


def client_of_assignment(assignment_id: UUID) -> UUID:
    """Whose an assignment is, to be asked of `caseload.queries.client_of` at once. `Missing` for none."""
    client_id = db.session.scalar(select(Assignment.client_id).where(Assignment.id == assignment_id))
    if client_id is None:
        raise Missing
    return client_id


def versions_of(client: Client, assignment_id: UUID) -> list[AssignmentVersion]:
    """How an assignment changed, oldest first: who changed what."""
    return list(
        db.session.scalars(
            select(AssignmentVersion)
            .where(AssignmentVersion.client_id == client.id, AssignmentVersion.assignment_id == assignment_id)
            .order_by(AssignmentVersion.number)
        )
    )


def versions_of_several(client_id: UUID, assignment_ids: Iterable[UUID]) -> dict[UUID, list[AssignmentVersion]]:
    """The versions of these assignments of one client, oldest first."""
    found: dict[UUID, list[AssignmentVersion]] = {one: [] for one in assignment_ids}
    wanted = AssignmentVersion.client_id == client_id, AssignmentVersion.assignment_id.in_(list(found))
    rows = db.session.scalars(select(AssignmentVersion).where(*wanted).order_by(AssignmentVersion.number))
    for row in rows:
        found[row.assignment_id].append(row)
    return found


def occurrences_of(
    client_id: UUID, assignment_id: UUID | None = None, since: date | None = None, until: date | None = None
) -> list[Occurrence]:
    """A client's occurrences by the day they fall due, oldest first."""
    wanted = [Occurrence.client_id == client_id]
    if assignment_id:
        wanted.append(Occurrence.assignment_id == assignment_id)
    if since:
        wanted.append(Occurrence.due_on >= since)
    if until:
        wanted.append(Occurrence.opens_on <= until)
    query = select(Occurrence).where(*wanted).order_by(Occurrence.due_on, Occurrence.assignment_id, Occurrence.slot)
    return list(db.session.scalars(query))


def occurrence_of(client_id: UUID, assignment_id: UUID, slot: str) -> Occurrence:
    """One occurrence of this client. `Missing` otherwise."""
    found = db.session.get(Occurrence, (assignment_id, slot))
    if found is None or found.client_id != client_id:
        raise Missing
    return found


def whose(client_id: UUID, assignment_ids: Iterable[UUID]) -> dict[UUID, "Ground"]:
    """Those of these assignments that are this client's, with what laying out needs."""
    wanted = list(assignment_ids)
    if not wanted:
        return {}
    size, ids = listed("id", wanted)
    return _by_assignment(WHOSE.rows(size, client=client_id, **ids))


def grounds(*wanted) -> dict[UUID, Ground]:
    """What laying out needs, of the assignments that match."""
    a, v = Assignment, AssignmentVersion
    rows = db.session.execute(
        select(*VERSIONS).join(v, v.assignment_id == a.id).where(*wanted).order_by(a.id, v.number)
    )
    return _by_assignment(rows)


def _by_assignment(rows: Iterable) -> dict[UUID, Ground]:
    found: dict[UUID, list] = {}
    for row in rows:
        found.setdefault(row.id, []).append(row)
    return {assignment_id: _ground(versions) for assignment_id, versions in found.items()}


def _ground(versions: Sequence) -> Ground:
    head = versions[-1]
    spans = tuple(
        Span(row.number, Rhythm.read(row.rhythm), row.from_date, row.until_date, row.size) for row in versions
    )
    return Ground(
        head.id,
        head.client_id,
        head.service_id,
        head.episode_id,
        head.agreed_on,
        head.agreed_at,
        head.state,
        head.ended_on,
        head.ended_at,
        head.worksheet_id,
        head.worksheet_version,
        spans,
        head.done_rule,
    )


def first_agreed_at(episode_ids: Iterable[UUID]) -> dict[UUID, datetime]:
    """When the first task of each episode was agreed: where its first interval begins."""
    rows = db.session.execute(
        select(Assignment.episode_id, Assignment.agreed_at)
        .where(Assignment.episode_id.in_(list(episode_ids)))
        .order_by(Assignment.agreed_at.desc())
    )
    return {episode_id: agreed_at for episode_id, agreed_at in rows}  # noqa: C416  the oldest comes last and stays


def intervals_of(
    episodes: Iterable, now: datetime, meetings: Mapping[UUID, list[Meeting]] | None = None
) -> dict[UUID, list[Interval]]:
    """The intervals of episodes the caller was given. `meetings`: theirs, where they were read already."""
    episodes = list(episodes)
    meetings = meetings if meetings is not None else meetings_of(e.id for e in episodes)
    first = first_agreed_at(e.id for e in episodes)
    return {e.id: intervals(meetings[e.id], first.get(e.id), closed_at(e), now) for e in episodes}


def closed_at(episode) -> datetime | None:
    """The end of the day an episode was closed, in UTC terms of its records."""
    if episode.closed_on is None:
        return None
    zone = ZoneInfo("Europe/London")
    return datetime.combine(episode.closed_on + timedelta(days=1), datetime.min.time(), zone)


def windows(
    found: Sequence[Interval], meetings: Sequence[Meeting], zone: ZoneInfo, agreed_at: datetime
) -> list[Window]:
    """The intervals as windows of days, for the rhythm *per appointment*: up to the next appointment itself.

    The open one ends at its first planned appointment after the work was agreed, past or not: rows stored yesterday
    and rows laid out afresh today say the same.
    """
    laid = []
    for interval in found:
        closes = interval.closes_at
        if closes is None:
            after = max(interval.opens_at, agreed_at)
            to_come = [m.starts_at for m in meetings if m.state == "planned" and m.starts_at > after]
            closes = min(to_come, default=interval.opens_at + timedelta(days=LAST_INTERVAL_DAYS))
        opens_on = interval.opens_at.astimezone(zone).date()
        laid.append(Window(interval.key, opens_on, max(opens_on, closes.astimezone(zone).date()), closes - JUST_BEFORE))
    return laid


def feed_of(client_id: UUID, after: int, limit: int) -> tuple[list[Agreed], list[Occurrence]]:
    """What the phone has not seen yet: newest versions and occurrences past a number of the feed."""
    newest = and_(AssignmentVersion.assignment_id == Assignment.id, AssignmentVersion.number == Assignment.version)
    agreed = db.session.execute(
        select(Assignment, AssignmentVersion)
        .join(AssignmentVersion, newest)
        .where(AssignmentVersion.client_id == client_id, AssignmentVersion.feed_seq > after)
        .order_by(AssignmentVersion.feed_seq)
        .limit(limit)
    ).all()
    occurrences = db.session.scalars(
        select(Occurrence)
        .where(Occurrence.client_id == client_id, Occurrence.feed_seq > after)
        .order_by(Occurrence.feed_seq)
        .limit(limit)
    ).all()
    return [Agreed(*row) for row in agreed], list(occurrences)


def _agreed(*wanted, options=()) -> list[Agreed]:
    newest = and_(AssignmentVersion.assignment_id == Assignment.id, AssignmentVersion.number == Assignment.version)
    rows = db.session.execute(
        select(Assignment, AssignmentVersion)
        .join(AssignmentVersion, newest)
        .where(*wanted)
        .order_by(Assignment.agreed_at.desc(), Assignment.id)
        .options(*options)
    ).all()
    return [Agreed(*row) for row in rows]
