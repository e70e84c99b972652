"""Reads what was known at a moment, of a few clients at a time: facts only, none of the tables kept ready from them."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import Row, case, func, select, true
from sqlalchemy.orm import Session, load_only

from server.assignments.models import Assignment, AssignmentVersion
from server.caseload.models import Access, Appointment, AppointmentChange, Attendance, Episode
from server.caseload.rules import Meeting
from server.entries.models import Contact, Quarantined, Revision
from server.entries.queries import TAKEN, numbers_aside
from server.entries.rules import Arrived, Choice, Phone, arrived_of_all, emptied_for, known_until, phone_of
from server.extensions import db
from server.measures.models import MeasureScore
from server.people.models import Client, Device, Service
from server.reminders.models import DecisionPoint, Delivery, DeliveryEvent, ReminderRule
from server.research.rules import day_in, local_day
from server.reviews.models import BarrierResponse, PracticeRating, Review
from server.sealing import DataKey, data_key, open_sealed


@dataclass(frozen=True)
class Who:
    """One client as the list of the bundle needs them."""

    id: UUID
    service_id: UUID
    language: str
    zone: str
    research: str
    created_at: datetime
    born: date | None
    data_key: bytes = field(repr=False)  # wrapped


@dataclass(frozen=True)
class Visit:
    """One appointment of one episode as it stood."""

    episode_id: UUID
    meeting: Meeting
    local_date: date
    moves: int
    recorded_at: datetime


@dataclass
class Facts:
    """What was known of one client."""

    who: Who
    episodes: list[Any] = field(default_factory=list)
    owners: dict[UUID, UUID] = field(default_factory=dict)
    visits: list[Visit] = field(default_factory=list)
    assignments: list[Any] = field(default_factory=list)
    versions: dict[UUID, list[Any]] = field(default_factory=dict)
    reviews: dict[UUID, list[Any]] = field(default_factory=dict)
    ratings: dict[str, Any] = field(default_factory=dict)  # appointment -> the practitioner's newest rating
    answered: set[tuple[str, str]] = field(default_factory=set)  # (assignment, slot) with a response on record
    revisions: list[Any] = field(default_factory=list)
    contacts: list[Any] = field(default_factory=list)
    devices: list[Any] = field(default_factory=list)
    unreadable: dict[UUID, int] = field(default_factory=dict)  # by phone
    aside: list[Any] = field(default_factory=list)  # its id was taken
    deliveries: list[Any] = field(default_factory=list)
    events: dict[UUID, list[Any]] = field(default_factory=dict)
    decisions: list[Any] = field(default_factory=list)
    scores: list[Any] = field(default_factory=list)
    _key: DataKey | None = field(default=None, repr=False)

    @cached_property  # once all is read: every occurrence asks
    def phones(self) -> tuple[Phone, ...]:
        """What each phone may have held, as the staff pages have it."""
        told: dict[UUID, list] = {}
        for one in self.contacts:
            told.setdefault(one.device_id, []).append(one)
        return tuple(phone_of(one, told.get(one.id, ())) for one in self.devices)

    @property
    def arrived(self) -> list[Arrived]:
        """Of each phone, newest first, what was saved on it and what of that had arrived by then."""
        last = {one.device_id: one for one in self.contacts}
        aside = numbers_aside(self.aside, self._data_key)
        return arrived_of_all(
            (*self._told(one.id, last.get(one.id), aside.get(one.id, set())), one.copy_of is not None)
            for one in reversed(self.devices)
        )

    def _told(self, device_id: UUID, contact: Any, aside: set[int]) -> tuple[set[int], int, int, int]:
        """How far its numbers went at its last contact: as far as what had arrived, and what it still held."""
        own = [row for row in self.revisions if row.device_id == device_id]
        before = [row.device_seq for row in own if contact and row.received_at <= contact.at]
        outbox = contact.outbox if contact else 0
        numbers, unreadable = {row.device_seq for row in own} | aside, self.unreadable.get(device_id, 0)
        return numbers, max(before, default=0) + outbox, outbox, unreadable

    def emptied_for(self, due_at: datetime) -> datetime | None:
        """Since when nothing said of what fell due at a moment can be unsent."""
        return emptied_for(self.phones, due_at)

    @property
    def known_until(self) -> datetime | None:
        """Until when all is known."""
        return known_until(self.phones)

    def payload(self, row: Any) -> dict[str, Any]:
        """What one revision says, opened: of it only closed answers leave (questions.py)."""
        body = open_sealed(self._data_key(), row.body_sealed, f"revision|{self.who.id}/{row.revision_id}|body|1")
        found: dict[str, Any] = json.loads(body).get("payload", {})
        return found

    def _data_key(self) -> DataKey:
        """As it was in this transaction, and in no other."""
        if self._key is None:
            self._key = data_key(self.who.data_key, f"client|{self.who.id}")
        return self._key

    @cached_property
    def choices(self) -> dict[UUID, list[Choice]]:
        """What the client chose to share or to keep, by entry (as entries.heads.choices_of)."""
        found: dict[UUID, list[Choice]] = {}
        for row in self.revisions:
            if row.subject_kind == "sharing":
                said = self.payload(row)
                choice = Choice(said["shared"], row.effective_at, row.feed_seq)
                found.setdefault(UUID(said["entry_id"]), []).append(choice)
        return found

    def meetings(self, episode_id: UUID) -> list[Meeting]:
        """The episode's appointments, oldest first."""
        return [visit.meeting for visit in self.visits if visit.episode_id == episode_id]


@contextmanager
def reading(snapshot: str | None = None) -> Iterator[Session]:
    """One read transaction of our own: the same state from the first row to the last, and no writing.

    `snapshot`: what `shared` of another transaction gave, on PostgreSQL: that one's state is seen, whatever came since.
    """
    options: dict[str, Any] = {}
    if db.engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with db.engine.connect().execution_options(**options) as connection, Session(connection) as session:
        if snapshot:
            connection.exec_driver_sql(f"SET TRANSACTION SNAPSHOT '{snapshot}'")
        yield session
        session.rollback()


def shared(session: Session) -> str | None:
    """A name by which others may read the state of this transaction while it lasts; None where there is no such."""
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        return None
    return str(connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one())


def clients(session: Session, as_of: datetime, of: Sequence[UUID] | None = None) -> Iterator[Who]:
    """Every client there was, a few hundred in memory at a time; or these of them."""
    wanted = (Client.service_id, Client.data_key, Client.language, Client.zone, Client.research, Client.created_at)
    found = session.scalars(
        select(Client)
        .options(load_only(*wanted, Client.date_of_birth_sealed))
        .where(Client.created_at <= as_of, Client.data_key != b"")  # nothing of whoever was erased
        .where(Client.id.in_(of) if of is not None else true())
        .execution_options(yield_per=500)
    )
    for client in found:
        born = day_in(client.date_of_birth)
        yield Who(
            client.id,
            client.service_id,
            client.language,
            client.zone,
            client.research,
            client.created_at,
            born,
            client.data_key,
        )
        session.expunge(client)


def invented(session: Session) -> set[UUID]:
    """The services that say of themselves that nobody in them is real."""
    return set(session.scalars(select(Service.id).where(Service.demo.is_(True))))


def facts_of(session: Session, several: Sequence[Who], as_of: datetime) -> list[Facts]:
    """What was known of these clients at a moment, in the order given."""
    found = {who.id: Facts(who) for who in several}
    _read_episodes(session, found, as_of)
    _read_visits(session, found, as_of)
    _read_assignments(session, found, as_of)
    _read_revisions(session, found, as_of)
    _read_phones(session, found, as_of)
    _read_deliveries(session, found, as_of)
    _read_scores(session, found, as_of)
    return list(found.values())


def _read_episodes(session: Session, found: dict[UUID, Facts], as_of: datetime) -> None:
    wanted = Episode.id, Episode.client_id, Episode.opened_on, Episode.closed_on, Episode.close_reason, Episode.problem
    for row in session.execute(
        select(*wanted)
        .where(Episode.client_id.in_(list(found)), Episode.created_at <= as_of)
        .order_by(Episode.opened_on, Episode.created_at, Episode.id)
    ):
        facts = found[row.client_id]
        facts.episodes.append(_closed_by(row, as_of, facts.who.zone))
    for row in session.execute(
        select(Access.client_id, Access.episode_id, Access.practitioner_id)
        .where(Access.client_id.in_(list(found)), Access.role == "own", Access.from_at <= as_of)
        .order_by(Access.from_at, Access.id)
    ):
        found[row.client_id].owners[row.episode_id] = row.practitioner_id


@dataclass(frozen=True)
class Course:
    """An episode as it stood: open, if it was closed only later."""

    id: UUID
    opened_on: date
    closed_on: date | None
    close_reason: str | None
    problem: str | None


def _closed_by(row: Row[Any], as_of: datetime, zone: str) -> Course:
    closed = row.closed_on is not None and row.closed_on <= local_day(as_of, zone)
    return Course(
        row.id, row.opened_on, row.closed_on if closed else None, row.close_reason if closed else None, row.problem
    )


def _read_visits(session: Session, found: dict[UUID, Facts], as_of: datetime) -> None:
    a = Attendance
    newest: dict[tuple[UUID, UUID], Row[Any]] = {}
    for row in session.execute(
        select(a.id, a.client_id, a.episode_id, a.appointment_id, a.state, a.recorded_at)
        .where(a.client_id.in_(list(found)), a.recorded_at <= as_of)
        .order_by(a.id)
    ):
        newest[row.appointment_id, row.episode_id] = row
    appointments = _appointments(session, {appointment_id for appointment_id, _ in newest}, as_of)
    for (appointment_id, episode_id), row in newest.items():
        at, changes = appointments[appointment_id]
        meeting = Meeting(
            str(appointment_id),
            changes[-1].starts_at,
            row.state,
            changes[-1].mode,
            at.kind,
            changes[-1].zone,
            str(at.practitioner_id),
            at.minutes,
        )
        moves = sum(change.what == "moved" for change in changes)
        day = local_day(meeting.starts_at, meeting.zone)
        found[row.client_id].visits.append(Visit(episode_id, meeting, day, moves, row.recorded_at))
    for facts in found.values():
        facts.visits.sort(key=lambda visit: (visit.meeting.starts_at, visit.meeting.appointment_id))


def _appointments(session: Session, ids: set[UUID], as_of: datetime) -> dict[UUID, tuple[Any, list[Any]]]:
    """Each appointment with its changes up to the moment: when it is, is what the last change says."""
    p, c = Appointment, AppointmentChange
    appointments = session.execute(select(p.id, p.practitioner_id, p.kind, p.minutes).where(p.id.in_(ids))).all()
    changes: dict[UUID, list[Any]] = {}
    for row in session.execute(
        select(c.appointment_id, c.what, c.starts_at, c.zone, c.mode)
        .where(c.appointment_id.in_(ids), c.recorded_at <= as_of)
        .order_by(c.id)
    ):
        changes.setdefault(row.appointment_id, []).append(row)
    return {row.id: (row, changes[row.id]) for row in appointments}


def _read_assignments(session: Session, found: dict[UUID, Facts], as_of: datetime) -> None:
    for row in session.execute(
        select(*Assignment.__table__.c)
        .where(Assignment.client_id.in_(list(found)), Assignment.agreed_at <= as_of)
        .order_by(Assignment.agreed_at, Assignment.id)
    ):
        found[row.client_id].assignments.append(row)
    v = AssignmentVersion
    for row in session.execute(
        select(
            *(v.client_id, v.assignment_id, v.number, v.from_date, v.until_date, v.rhythm, v.size, v.done_rule),
            *(v.specificity, v.made_by, v.reason_sealed.is_not(None).label("reason")),
        )
        .where(v.client_id.in_(list(found)), v.recorded_at <= as_of)
        .order_by(v.assignment_id, v.number)
    ):
        found[row.client_id].versions.setdefault(row.assignment_id, []).append(row)
    for row in session.execute(
        select(Review.client_id, Review.assignment_id, Review.appointment_id, Review.mark, Review.recorded_at)
        .where(Review.client_id.in_(list(found)), Review.recorded_at <= as_of)
        .order_by(Review.recorded_at, Review.id)
    ):
        found[row.client_id].reviews.setdefault(row.assignment_id, []).append(row)
    _read_practitioners_side(session, found, as_of)


def _read_practitioners_side(session: Session, found: dict[UUID, Facts], as_of: datetime) -> None:
    p, b = PracticeRating, BarrierResponse
    for row in session.execute(
        select(p.client_id, p.appointment_id, p.amount, p.quality)
        .where(p.client_id.in_(list(found)), p.recorded_at <= as_of)
        .order_by(p.recorded_at, p.id)
    ):
        found[row.client_id].ratings[str(row.appointment_id)] = row
    for row in session.execute(
        select(b.client_id, b.assignment_id, b.slot).where(b.client_id.in_(list(found)), b.recorded_at <= as_of)
    ):
        found[row.client_id].answered.add((str(row.assignment_id), row.slot))


def _read_revisions(session: Session, found: dict[UUID, Facts], as_of: datetime) -> None:
    for row in session.execute(
        select(*Revision.__table__.c)
        .where(Revision.client_id.in_(list(found)), Revision.received_at <= as_of)
        .order_by(Revision.client_id, Revision.feed_seq)
    ):
        found[row.client_id].revisions.append(row)


def _read_phones(session: Session, found: dict[UUID, Facts], as_of: datetime) -> None:
    d = Device
    gone = (case((at <= as_of, at)).label(at.name) for at in (d.revoked_at, d.ended_at))  # not what came later
    for row in session.execute(
        select(d.client_id, d.id, d.paired_at, d.copy_of, *gone)
        .where(Device.client_id.in_(list(found)), Device.paired_at <= as_of)
        .order_by(Device.paired_at, Device.id)
    ):
        found[row.client_id].devices.append(row)
    for row in session.execute(
        select(Contact.client_id, Contact.device_id, Contact.at, Contact.outbox, Contact.emptied_at)
        .where(Contact.client_id.in_(list(found)), Contact.at <= as_of)
        .order_by(Contact.id)
    ):
        found[row.client_id].contacts.append(row)
    q = Quarantined
    for row in session.execute(
        select(q.client_id, q.device_id, func.count().label("count"))
        .where(q.client_id.in_(list(found)), q.received_at <= as_of, ~TAKEN)
        .group_by(q.client_id, q.device_id)
    ):
        found[row.client_id].unreadable[row.device_id] = row.count
    taken = q.client_id.in_(list(found)), q.received_at <= as_of, TAKEN
    for one in session.execute(select(q.id, q.client_id, q.device_id, q.raw_sealed).where(*taken)):
        found[one.client_id].aside.append(one)


def _read_deliveries(session: Session, found: dict[UUID, Facts], as_of: datetime) -> None:
    d, e = Delivery, DeliveryEvent
    for row in session.execute(
        select(e.delivery_id, e.what, e.origin, e.recorded_at, d.client_id)
        .join(d, d.id == e.delivery_id)
        .where(d.client_id.in_(list(found)), e.recorded_at <= as_of)
        .order_by(e.id)
    ):
        found[row.client_id].events.setdefault(row.delivery_id, []).append(row)
    for row in session.execute(
        select(d.id, d.client_id, d.assignment_id, d.occurrence_slot, d.local_date, d.slot, d.channel, d.due_at)
        .where(d.client_id.in_(list(found)))
        .order_by(d.due_at, d.id)
    ):
        if row.id in found[row.client_id].events:
            found[row.client_id].deliveries.append(row)
    p = DecisionPoint
    for row in session.execute(
        select(*p.__table__.c, ReminderRule.kind)
        .join(d, d.id == p.delivery_id)
        .join(ReminderRule, ReminderRule.id == d.rule_id)
        .where(p.client_id.in_(list(found)), p.at <= as_of)
        .order_by(p.at, p.id)
    ):
        found[row.client_id].decisions.append(row)


def _read_scores(session: Session, found: dict[UUID, Facts], as_of: datetime) -> None:
    m = MeasureScore
    for row in session.execute(
        select(
            *(m.id, m.client_id, m.episode_id, m.appointment_id, m.measure_id, m.measure_version, m.taken_on),
            *(m.items, m.totals, m.source, m.what, m.supersedes, m.recorded_at),
        )
        .where(m.client_id.in_(list(found)), m.recorded_at <= as_of)
        .order_by(m.taken_on, m.recorded_at, m.id)
    ):
        found[row.client_id].scores.append(row)
