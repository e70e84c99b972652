"""End a course of treatment, whole or not at all; begin another; set what holds for endings."""

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from server.assignments import actions as assignments
from server.assignments.models import Assignment
from server.assignments.queries import JUST_BEFORE
from server.assignments.rules import end_of_day
from server.audit import actions as audit
from server.caseload import actions as caseload
from server.caseload import roads
from server.caseload.models import Appointment, Episode
from server.caseload.queries import meetings_of, newest_episode, open_episode, owners_of
from server.endings.models import STAYING_WELL, Ending, EndingSetting
from server.endings.queries import settings_of
from server.endings.rules import REASONS, of_today, to_cancel, wrong_day
from server.engagement.actions import refresh_all
from server.errors import Refused
from server.extensions import db
from server.people import actions as people
from server.people.models import Client, Practitioner, Service
from server.reminders import calendar_feed
from server.reminders.actions import cancel_for, restore


def end_course(
    *, client: Client, episode: Episode, reason: str, last_day: date, staying_well: str, signposting: str, by,
    now: datetime, came: str = "",
) -> Ending:  # fmt: skip
    """End a course: all of it in the caller's one transaction.

    Reminders stop now, what is agreed ends, what was not yet due is withdrawn, appointments to come are cancelled, the
    open interval closes with the last day, and the client's phone is told until when they can read. What was due
    stays as it is, and what a phone still holds is stored late when it comes (docs/endings.md). `came`: what became of
    today's own appointment, where nobody has said so yet; "" leaves one that has begun, and cancels one ahead.
    Refused `client-closed` the second time, `bad-input` for a reason, plan or day that cannot be, and to whoever
    neither looks after nor covers the client.
    """
    people.lock(client.id)
    db.session.refresh(episode)
    if episode.closed_on is not None:
        raise Refused("client-closed")
    roads.must_look_after(by, episode, "end their course", now)
    if came:
        _say_who_came(episode, came, by, now)
    _refuse_unfit(client, episode, reason, last_day, staying_well, now)
    _end_what_is_agreed(client, episode, last_day, by, now)
    _cancel_appointments(episode, by, now)
    caseload.discharge(episode=episode, reason=reason, by=by, now=now, closed_on=last_day)
    refresh_all(client=client, now=now)
    cancel_for(client_id=client.id, why="discharged", now=now)
    calendar_feed.end(client=client, by=by, now=now)
    days = settings_of(client.service_id).reading_days
    ending = Ending(
        service_id=client.service_id,
        client_id=client.id,
        episode_id=episode.id,
        reason=reason,
        last_day=last_day,
        read_until=now.astimezone(ZoneInfo(client.zone)).date() + timedelta(days=days),
        staying_well=staying_well,
        signposting=signposting.strip(),
        recorded_by=by.id,
        recorded_at=now,
    )
    db.session.add(ending)
    db.session.flush()
    people.next_feed(client.id)  # so that the next pull is told
    audit.record("course.ended", about=ending, by=by, client_id=client.id, detail={"reason": reason}, now=now)
    return ending


def start_again(*, client: Client, practitioner: Practitioner, problem: str | None, by, now: datetime) -> Episode:
    """Open another course for somebody who comes back. Their phones go on, with the reminder times they had.

    Who only covers opens it for the practitioner they stand in for, and goes on covering until that was to end.
    Refused `bad-input` while a course is open, and to whoever neither looked after nor covers the one before.
    """
    people.lock(client.id)
    if open_episode(client.id) is not None:
        raise Refused("bad-input", "A course of treatment is open already.")
    if last := newest_episode(client.id):
        roads.must_look_after(by, last, "begin another course", now)
    before = db.session.scalar(
        select(Ending).where(Ending.client_id == client.id).order_by(Ending.recorded_at.desc()).limit(1)
    )
    owner, cover = _stands_in_for(last, practitioner, now)
    until_at = cover.until_at if cover else None  # the old road ends with the new course, the cover does not
    episode = caseload.take_on(client=client, practitioner=owner, by=by, now=now, problem=problem)
    if cover is not None:
        roads.give(
            episode=episode, practitioner=practitioner, role="cover", by=by, now=now, reason=cover.reason,
            until_at=until_at, cover_id=cover.cover_id,
        )  # fmt: skip
    if before is not None:
        restore(client=client, ended_at=before.recorded_at, by=by, now=now)
    calendar_feed.end(client=client, by=by, now=now)  # of a course that was closed before endings were written down
    people.next_feed(client.id)
    return episode


def _stands_in_for(episode: Episode | None, practitioner: Practitioner, now: datetime):
    """(whose client it was, the row of cover) for somebody who only covers; (themself, None) otherwise."""
    cover = roads.road_of(practitioner, episode, ("cover",), now) if episode else None
    if episode is None or cover is None or roads.holds(practitioner, episode, ("own",), now):
        return practitioner, None
    owner = owners_of([episode.id], now).get(episode.id)
    return (owner, cover) if owner is not None and owner.disabled_at is None else (practitioner, None)


def set_endings(*, service: Service, reading_days: int, signposting: str, by, now: datetime) -> EndingSetting:
    """What holds for endings from now on. Courses that have ended keep the day they were told."""
    row = EndingSetting(
        service_id=service.id,
        reading_days=reading_days,
        signposting=signposting.strip(),
        recorded_by=by.id,
        recorded_at=now,
    )
    db.session.add(row)
    db.session.flush()
    audit.record("endings.set", about=service, by=by, service_id=service.id, now=now)
    return row


def _refuse_unfit(client: Client, episode: Episode, reason: str, last_day: date, staying_well: str, now) -> None:
    zone = ZoneInfo(client.zone)
    met_on = [
        one.starts_at.astimezone(zone).date()
        for one in meetings_of([episode.id])[episode.id]
        if one.state == "attended"
    ]
    wrong = {}
    if said := wrong_day(last_day, episode.opened_on, met_on, now.astimezone(zone).date()):
        wrong["last_day"] = said
    if reason not in REASONS:
        wrong["reason"] = "Choose why it ends."
    if staying_well not in STAYING_WELL:
        wrong["staying_well"] = "Say how the staying-well plan stands."
    if wrong:
        raise Refused("bad-input", fields=wrong)


def _end_what_is_agreed(client: Client, episode: Episode, last_day: date, by, now: datetime) -> None:
    """Everything agreed in this course ends; by the end of the last day, where that has passed already."""
    ended_at = min(now, end_of_day(last_day, ZoneInfo(client.zone)) - JUST_BEFORE)
    for assignment in _open_of(episode.id):
        assignments.end(assignment=assignment, by=by, now=now)
        assignment.ended_at = ended_at
    db.session.flush()


def _open_of(episode_id: UUID) -> list[Assignment]:
    found = select(Assignment).where(Assignment.episode_id == episode_id, Assignment.state == "open")
    return list(db.session.scalars(found.order_by(Assignment.agreed_at, Assignment.id)))


def _say_who_came(episode: Episode, came: str, by, now: datetime) -> None:
    zone = db.session.get(Service, episode.service_id).zone
    if one := of_today(meetings_of([episode.id])[episode.id], now, zone):
        appointment = db.session.get(Appointment, UUID(one.appointment_id))
        caseload.record_attendance(appointment=appointment, episode=episode, state=came, by=by, now=now)


def _cancel_appointments(episode: Episode, by, now: datetime) -> None:
    for one in to_cancel(meetings_of([episode.id])[episode.id], now):
        appointment = db.session.get(Appointment, UUID(one.appointment_id))
        caseload.record_attendance(
            appointment=appointment, episode=episode, state="cancelled_by_service", by=by, now=now
        )
