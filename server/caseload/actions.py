"""Take clients on, book and record appointments, discharge."""

from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from server.audit import actions as audit
from server.caseload import roads
from server.caseload.models import Appointment, AppointmentChange, Attendance, Episode
from server.caseload.problems import PROBLEMS
from server.caseload.queries import open_episode, owners_of
from server.caseload.rules import TOOK_PLACE, day_has_begun
from server.errors import CODES, Refused
from server.extensions import db
from server.people import actions as people
from server.people.models import Client, Practitioner
from server.people.queries import service_of
from server.people.who_sees import WORKING


def take_on(
    *,
    client: Client,
    practitioner: Practitioner,
    by,
    now: datetime,
    problem: str | None = None,
    opened_on: date | None = None,
) -> Episode:
    """Open an episode and give its practitioner access. One open episode at a time: an open one is returned.

    Whoever else looked after an earlier one has no road to the client any more.
    """
    found = open_episode(client.id)
    if found is None:
        found = Episode(
            service_id=client.service_id,
            client_id=client.id,
            opened_on=opened_on or now.astimezone(ZoneInfo(client.zone)).date(),
            problem=problem,
            created_at=now,
        )
        db.session.add(found)
        db.session.flush()
        audit.record("episode.opened", about=found, by=by, now=now)
        roads.leave_behind(found, practitioner, by=by, now=now)
    roads.give(episode=found, practitioner=practitioner, role="own", by=by, now=now)
    return found


def name_problem(*, episode: Episode, problem: str, by, now: datetime) -> Episode:
    """Say what a course of treatment is for, as a code of `caseload.problems`. Refused `bad-input` for another."""
    if problem not in PROBLEMS:
        raise Refused("bad-input")
    episode.problem = problem
    db.session.flush()
    audit.record("episode.problem_named", about=episode, by=by, detail={"problem": problem}, now=now)
    return episode


def book(
    *,
    episode: Episode,
    practitioner: Practitioner,
    starts_local: datetime,
    zone: str,
    by,
    now: datetime,
    mode: str = "telephone",
    minutes: int = 30,
    kind: str = "treatment",
) -> Appointment:
    """Book an appointment at a wall time (naive) in a zone.

    For somebody who has no road to the client then (a cover that will be over), it is booked for whose client it is.
    Refused `client-closed` on a course that has ended.
    """
    if not _is_open(episode.id, episode.client_id):
        raise Refused("client-closed")
    starts_at = starts_local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    if not roads.holds(practitioner, episode, WORKING, starts_at):
        practitioner = owners_of([episode.id], starts_at).get(episode.id, practitioner)
    appointment = Appointment(
        service_id=episode.service_id,
        practitioner_id=practitioner.id,
        starts_at=starts_at,
        zone=zone,
        local_date=starts_local.date(),
        minutes=minutes,
        kind=kind,
        mode=mode,
        created_at=now,
    )
    db.session.add(appointment)
    db.session.flush()
    _changed(appointment, "booked", by, now)
    _attend(appointment, episode.id, episode.client_id, "planned", by, now)
    audit.record("appointment.booked", about=appointment, by=by, client_id=episode.client_id, now=now)
    return appointment


def move(*, appointment: Appointment, starts_local: datetime, mode: str | None = None, by, now: datetime) -> None:
    """Move an appointment to another wall time in its zone; the phones of those who come are told.

    Refused `client-closed` where every course it belongs to has ended.
    """
    coming = [one for one in _who_comes(appointment.id) if _is_open(*one)]
    if not coming:
        raise Refused("client-closed")
    appointment.starts_at = starts_local.replace(tzinfo=ZoneInfo(appointment.zone)).astimezone(UTC)
    appointment.local_date = starts_local.date()
    appointment.mode = mode or appointment.mode
    db.session.flush()
    _changed(appointment, "moved", by, now)
    for episode_id, client_id in coming:
        _attend(appointment, episode_id, client_id, "planned", by, now)
        audit.record("appointment.moved", about=appointment, by=by, client_id=client_id, now=now)


def hold(client: Client) -> None:
    """Hold a client's appointments for the rest of this transaction: two presses at once cannot book the same twice."""
    people.lock(client.id)


def record_attendance(*, appointment: Appointment, episode: Episode, state: str, by, now: datetime) -> Attendance:
    """Write down what became of an appointment: attended, missed, cancelled by either side. Appended.

    Refused `not-yet` for *attended* and *missed* before its day begins in the service's zone: it would close the
    interval while its work goes on, and take the next appointment from the phone. Refused `client-closed` on a course
    that has ended: what became of it is part of what the ending was written down with.
    """
    if not _is_open(episode.id, episode.client_id):
        raise Refused("client-closed")
    if state in TOOK_PLACE and not day_has_begun(appointment.starts_at, now, service_of(appointment).zone):
        raise Refused("not-yet", fields={"state": CODES["not-yet"]})
    attendance = _attend(appointment, episode.id, episode.client_id, state, by, now)
    if state.startswith("cancelled"):
        _changed(appointment, "cancelled", by, now)
    audit.record(
        f"appointment.{state}", about=appointment, by=by, client_id=episode.client_id, detail={"state": state}, now=now
    )
    return attendance


def discharge(*, episode: Episode, reason: str, by, now: datetime, closed_on: date | None = None) -> Episode:
    """Close an episode. Its reminders stop: every check before sending asks for an open episode."""
    client = db.session.get(Client, episode.client_id)
    episode.closed_on = closed_on or now.astimezone(ZoneInfo(client.zone)).date()
    episode.close_reason = reason
    db.session.flush()
    audit.record("episode.closed", about=episode, by=by, detail={"reason": reason}, now=now)
    return episode


def _who_comes(appointment_id: UUID):
    return db.session.execute(
        select(Attendance.episode_id, Attendance.client_id)
        .where(Attendance.appointment_id == appointment_id)
        .order_by(Attendance.client_id)
        .distinct()
    ).all()


def _is_open(episode_id: UUID, client_id: UUID) -> bool:
    """Whether a course goes on: its client is held, so that it cannot end before this is written."""
    people.lock(client_id)
    return db.session.scalar(select(Episode.closed_on).where(Episode.id == episode_id)) is None


def _attend(appointment: Appointment, episode_id, client_id, state: str, by, now: datetime) -> Attendance:
    row = Attendance(
        service_id=appointment.service_id,
        appointment_id=appointment.id,
        episode_id=episode_id,
        client_id=client_id,
        state=state,
        recorded_by=getattr(by, "id", None),
        recorded_at=now,
        feed_seq=people.next_feed(client_id),
    )
    db.session.add(row)
    db.session.flush()
    return row


def _changed(appointment: Appointment, what: str, by, now: datetime) -> None:
    db.session.add(
        AppointmentChange(
            service_id=appointment.service_id,
            appointment_id=appointment.id,
            what=what,
            starts_at=appointment.starts_at,
            zone=appointment.zone,
            mode=appointment.mode,
            recorded_by=getattr(by, "id", None),
            recorded_at=now,
        )
    )
    db.session.flush()
