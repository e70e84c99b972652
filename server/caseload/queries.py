"""Where every practitioner's look at a client starts. `Missing` is the same for *not yours* and *not there*."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Row, Text, and_, cast, exists, func, or_, select
from sqlalchemy.orm import aliased

from server.caseload.models import Access, Appointment, AppointmentChange, Attendance, Episode
from server.caseload.rules import Meeting, News, news_of, next_of
from server.errors import Missing
from server.extensions import among, db
from server.people.models import Client, Practitioner
from server.people.who_sees import WORKING, roles_for, working


@dataclass(frozen=True)
class CaseloadLine:
    """One client on a practitioner's caseload, by which access."""

    client: Client
    episode: Episode
    role: str
    until_at: datetime | None = None


@dataclass(frozen=True)
class Visit:
    """One line of a practitioner's day."""

    meeting: Meeting
    client: Client
    episode: Episode
    role: str = "own"
    until_at: datetime | None = None


# Made once: each takes a millisecond to make, and a page asks by six. One for each place, since one that stands
# around a subquery as well as in it would be taken for the same row.
_MINE, _SOMEBODYS, _HOSTS = aliased(Access), aliased(Access), aliased(Access)
_SOMEBODY, _HOST = aliased(Practitioner), aliased(Practitioner)
_COURSE = aliased(Episode)
_LATER = aliased(Attendance)


def clients_of(practitioner: Practitioner, now: datetime) -> list[CaseloadLine]:
    """The open episodes this practitioner works with, own and covered; by the first of their kinds of access."""
    rows = db.session.execute(
        select(Client, Episode, Access.role, Access.until_at)
        .join(Episode, Episode.client_id == Client.id)
        .join(Access, Access.episode_id == Episode.id)
        .where(*_working(practitioner, now), Episode.closed_on.is_(None))
        .order_by(Episode.opened_on, Client.id)
    ).all()
    seen: dict[UUID, CaseloadLine] = {}
    for client, episode, role, until_at in rows:
        before = seen.get(client.id)
        if before is None or WORKING.index(role) < WORKING.index(before.role):
            seen[client.id] = CaseloadLine(client, episode, role, until_at)
    return list(seen.values())


def client_of(practitioner: Practitioner, client_id: UUID, now: datetime) -> Client:
    """One client this practitioner works with. `Missing` for somebody else's, and for none."""
    found = db.session.scalar(
        select(Client)
        .join(Access, Access.client_id == Client.id)
        .where(Client.id == client_id, *_working(practitioner, now), Access.episode_id == newest_course(client_id))
        .limit(1)
    )
    if found is None:
        raise Missing
    return found


def clients_worked_with(practitioner: Practitioner, now: datetime):
    """A select of the ids of everybody this practitioner works with, discharged or not, to narrow another query."""
    road = _MINE
    theirs = (*_working(practitioner, now, road), road.episode_id == newest_course(road.client_id))
    return select(road.client_id).where(*theirs)


def somebody_works_with(client_id, now: datetime):
    """Whether anybody who can sign in works now with the client of this column, to narrow another query.

    A road alone is not enough: whoever lost the role for clients opens no page of theirs.
    """
    road, host = _SOMEBODYS, _SOMEBODY
    roles = cast(host.roles, Text)  # a list of codes; each stands in quotation marks, on both databases
    return exists().where(
        road.episode_id == newest_course(client_id),
        road.role.in_(WORKING),
        *holds_now(now, road),
        host.id == road.practitioner_id,
        host.disabled_at.is_(None),
        or_(*(roles.contains(f'"{role}"', autoescape=True) for role in roles_for("caseload"))),
    )


def holds_now(now, road=Access):
    """The rows of access that are open at a moment, or at that of a column, to narrow another query."""
    return road.from_at <= now, or_(road.until_at.is_(None), road.until_at > now)


def newest_course(client_id):
    """The id of a client's newest episode, the open one if there is one: of an id, or of a column of another query.

    Every road to a client leads there. One to an earlier course opens nothing of the one that somebody else has.
    """
    course = _COURSE
    order = (course.closed_on.is_not(None), course.opened_on.desc(), course.created_at.desc(), course.id.desc())
    found = select(course.id).where(course.client_id == client_id).order_by(*order).limit(1)
    return found.correlate_except(course).scalar_subquery()


def episode_of(practitioner: Practitioner, client_id: UUID, now: datetime) -> Episode:
    """The newest episode of a client, if this practitioner works with it. `Missing` otherwise."""
    found = db.session.scalar(
        select(Episode)
        .join(Access, Access.episode_id == Episode.id)
        .where(Episode.id == newest_course(client_id), *_working(practitioner, now))
        .limit(1)
    )
    if found is None:
        raise Missing
    return found


def newest_episode(client_id: UUID) -> Episode | None:
    """The client's newest episode, the open one if there is one; None before the first."""
    return db.session.scalar(select(Episode).where(Episode.id == newest_course(client_id)))


def own_episodes(practitioner: Practitioner, now: datetime) -> list[tuple[Episode, Access]]:
    """The open episodes that are a practitioner's own, now or soon, oldest first, each with the row that says so."""
    rows = db.session.execute(
        select(Episode, Access)
        .join(Access, Access.episode_id == Episode.id)
        .where(
            Access.practitioner_id == practitioner.id,
            Access.service_id == practitioner.service_id,
            Access.role == "own",
            or_(Access.until_at.is_(None), Access.until_at > now),
            Episode.closed_on.is_(None),
        )
        .order_by(Episode.opened_on, Episode.id)
    )
    return [(episode, access) for episode, access in rows]


def open_episode(client_id: UUID) -> Episode | None:
    """The client's open episode, for the phone and for jobs."""
    return db.session.scalar(
        select(Episode)
        .where(Episode.client_id == client_id, Episode.closed_on.is_(None))
        .order_by(Episode.opened_on.desc())
        .limit(1)
    )


def in_care(client_id: UUID) -> bool:
    """Whether the client has an open episode."""
    return open_episode(client_id) is not None


def meetings_of(episode_ids: Iterable[UUID]) -> dict[UUID, list[Meeting]]:
    """The appointments of episodes the caller was given, each by its newest attendance, oldest first."""
    ids = list(episode_ids)
    found: dict[UUID, list[Meeting]] = {episode_id: [] for episode_id in ids}
    newest = _newest().where(among(Attendance.episode_id, ids)).subquery()
    a = Appointment
    rows = db.session.execute(  # plain columns: a caseload has a thousand appointments, and rows as objects cost double
        select(
            *(a.id, a.starts_at, a.mode, a.kind, a.zone, a.practitioner_id, a.minutes),
            *(Attendance.episode_id, Attendance.state),
        )
        .join(Attendance, Attendance.appointment_id == a.id)
        .where(Attendance.id.in_(select(newest.c.id)))
        .order_by(a.starts_at, a.id)
    )
    for row in rows:
        found[row.episode_id].append(meeting(row, row.state))
    return found


def meeting_of(episode: Episode, appointment_id: UUID) -> tuple[Meeting, Appointment]:
    """One appointment of this episode. `Missing` otherwise."""
    row = db.session.execute(
        select(Appointment, Attendance.state)
        .join(Attendance, Attendance.appointment_id == Appointment.id)
        .where(Appointment.id == appointment_id, Attendance.episode_id == episode.id)
        .order_by(Attendance.id.desc())
        .limit(1)
    ).first()
    if row is None:
        raise Missing
    return meeting(row.Appointment, row.state), row.Appointment


def day_of(practitioner: Practitioner, day: date, now: datetime) -> list[Visit]:
    """The practitioner's appointments of a (local) day in order: with clients they work with, and those they cover.

    Nobody's appointment is missed: one whose own practitioner cannot open the client then is the owner's as well.
    """
    # Asked on its own: as a subquery it made PostgreSQL plan for 13 ms and run for 15, for seven visits.
    theirs = db.session.scalars(clients_worked_with(practitioner, now)).all()
    later = _LATER
    rows = db.session.execute(
        select(Appointment, Attendance, Client, Episode, Access.role, Access.until_at)
        .join(Attendance, Attendance.appointment_id == Appointment.id)
        .join(Episode, Episode.id == Attendance.episode_id)
        .join(Client, Client.id == Attendance.client_id)
        .join(Access, Access.episode_id == Episode.id)
        .where(
            or_(
                Appointment.practitioner_id == practitioner.id,
                Access.role == "cover",
                and_(Access.role == "own", ~_can_be_met(now)),
            )
        )
        .where(Appointment.local_date == day, *_working(practitioner, now))
        .where(Client.id.in_(theirs))
        .where(
            ~exists().where(
                later.appointment_id == Attendance.appointment_id,
                later.episode_id == Attendance.episode_id,
                later.id > Attendance.id,
            )
        )
        .order_by(Appointment.starts_at, Appointment.id)
    ).all()
    visits: dict[tuple[UUID, UUID], Visit] = {}
    for appointment, attendance, client, episode, role, until_at in rows:
        before = visits.get((appointment.id, episode.id))
        if before is None or WORKING.index(role) < WORKING.index(before.role):
            visit = Visit(meeting(appointment, attendance.state), client, episode, role, until_at)
            visits[appointment.id, episode.id] = visit
    return list(visits.values())


def _can_be_met(now: datetime):
    """Whether the practitioner of an appointment has a road to its client when it begins; once that is past: now."""
    road, host = _HOSTS, _HOST
    return exists().where(
        road.episode_id == Episode.id,
        road.practitioner_id == Appointment.practitioner_id,
        road.role.in_(WORKING),
        or_(road.from_at <= now, road.from_at <= Appointment.starts_at),
        or_(road.until_at.is_(None), and_(road.until_at > now, road.until_at > Appointment.starts_at)),
        host.id == road.practitioner_id,
        host.disabled_at.is_(None),
    )


def owners_of(episode_ids: Iterable[UUID], now: datetime) -> dict[UUID, Practitioner]:
    """Whose client each episode is now, for episodes the caller was given; the newest where there were several."""
    rows = db.session.execute(
        select(Access.episode_id, Practitioner)
        .join(Practitioner, Practitioner.id == Access.practitioner_id)
        .where(Access.episode_id.in_(list(episode_ids)), Access.role == "own", *holds_now(now))
        .order_by(Access.from_at, Access.id)
    )
    return dict(rows.all())


def next_appointment(client_id: UUID, now: datetime) -> Meeting | None:
    """The client's next planned appointment, for their phone."""
    episode = open_episode(client_id)
    meetings = meetings_of([episode.id])[episode.id] if episode else []
    return next_of(meetings, now)


def appointment_news(client_id: UUID, now: datetime) -> News | None:
    """What the client's phone says about the next or the last appointment of an open course."""
    episode = open_episode(client_id)
    if episode is None:
        return None
    meetings = meetings_of([episode.id])[episode.id]
    return news_of(meetings, _moved([UUID(m.appointment_id) for m in meetings if m.state == "planned"]), now)


def _moved(ids: list[UUID]) -> dict[str, tuple[datetime, datetime]]:
    """Appointment → (when it was to be before it last moved, when it was moved)."""
    rows = db.session.execute(
        select(
            *(AppointmentChange.appointment_id, AppointmentChange.what),
            *(AppointmentChange.starts_at, AppointmentChange.recorded_at),
        )
        .where(AppointmentChange.appointment_id.in_(ids))
        .order_by(AppointmentChange.id)
    ).all()
    before: dict[UUID, datetime] = {}
    found: dict[str, tuple[datetime, datetime]] = {}
    for row in rows:
        if row.what == "moved" and row.appointment_id in before:
            found[str(row.appointment_id)] = (before[row.appointment_id], row.recorded_at)
        before[row.appointment_id] = row.starts_at
    return found


def feed_of(client_id: UUID, after: int, limit: int) -> list[tuple[int, Meeting]]:
    """Appointments past a number of the client's feed, each by its newest attendance."""
    later = _LATER
    rows = db.session.execute(
        select(Attendance.feed_seq, Attendance.state, Appointment)
        .join(Appointment, Appointment.id == Attendance.appointment_id)
        .where(Attendance.client_id == client_id, Attendance.feed_seq > after)
        .where(
            ~exists().where(
                later.appointment_id == Attendance.appointment_id,
                later.episode_id == Attendance.episode_id,
                later.id > Attendance.id,
            )
        )
        .order_by(Attendance.feed_seq)
        .limit(limit)
    ).all()
    return [(row.feed_seq, meeting(row.Appointment, row.state)) for row in rows]


def meeting(appointment: Appointment | Row, state: str) -> Meeting:
    """An appointment as a value: of its object, or of a row with its columns."""
    return Meeting(
        str(appointment.id),
        appointment.starts_at,
        state,
        appointment.mode,
        appointment.kind,
        appointment.zone,
        str(appointment.practitioner_id),
        appointment.minutes,
    )


def _newest():
    return select(func.max(Attendance.id).label("id"), Attendance.appointment_id, Attendance.episode_id).group_by(
        Attendance.appointment_id, Attendance.episode_id
    )


def _working(practitioner: Practitioner, now: datetime, road=Access):
    """The rows of access by which an account with these roles works with clients now (`people/who_sees.py`)."""
    return (
        road.practitioner_id == practitioner.id,
        road.service_id == practitioner.service_id,
        road.role.in_(working(practitioner.roles)),
        *holds_now(now, road),
    )
