"""Handing a client over: from a day on another practitioner looks after this course of treatment."""

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select

from server.audit import actions as audit
from server.caseload import roads
from server.caseload.cover import can_stand_in
from server.caseload.models import Access, Appointment, Cover, Episode, Handover
from server.caseload.queries import meetings_of, owners_of
from server.errors import Refused
from server.extensions import db
from server.people import actions as people
from server.people.models import Client, Practitioner
from server.people.queries import service_of
from server.people.settling import must_be_known, who_acts_must_be_known

FURTHEST = timedelta(days=92)  # further ahead nobody knows who works here


def hand_over(
    *,
    episode: Episode,
    to: Practitioner,
    from_day: date,
    appointments: str,
    summary: str,
    by: Practitioner,
    now: datetime,
) -> Handover:
    """Give an episode to a colleague from a day on (the service's wall; today means from now).

    Their access begins as the old one ends. What is agreed goes on. `appointments`: those booked from then on `go` to
    the new practitioner, or `stay`: then the old one keeps cover until the day of the last of them is over. The phones
    are told. Refused `client-closed`, `bad-input` for whoever is not among the `takers`.
    """
    people.lock(episode.client_id)  # nobody ends it or hands it over meanwhile
    db.session.refresh(episode)
    zone = ZoneInfo(service_of(episode).zone)
    giver = owners_of([episode.id], now).get(episode.id) or by
    roads.must_look_after(by, episode, "hand them over", now)
    if giver.id != by.id:  # by cover: as nobody gives others' clients to an account that is not known yet
        who_acts_must_be_known(by, "to", now)
        must_be_known(to, "to", now)
    _check(episode, to, takers(episode, by, now), from_day, now.astimezone(zone).date())
    from_at = max(datetime.combine(from_day, datetime.min.time(), zone), now)
    return pass_on(
        episode=episode, giver=giver, to=to, from_at=from_at, appointments=appointments, summary=summary, by=by, now=now
    )  # fmt: skip


def pass_on(
    *,
    episode: Episode,
    giver: Practitioner,
    to: Practitioner,
    from_at: datetime,
    appointments: str,
    summary: str,
    by: Practitioner,
    now: datetime,
    reason: str | None = None,
) -> Handover:
    """What a hand-over changes, for callers who hold the client's lock and have checked who may.

    `reason` stands in the record beside the new road, where it is not the giver who hands over.
    """
    row = Handover(
        service_id=episode.service_id,
        client_id=episode.client_id,
        episode_id=episode.id,
        from_practitioner_id=giver.id,
        to_practitioner_id=to.id,
        from_day=from_at.astimezone(ZoneInfo(service_of(episode).zone)).date(),
        from_at=from_at,
        appointments=appointments,
        summary=summary,
        given_by=by.id,
        recorded_at=now,
        feed_seq=people.next_feed(episode.client_id),
    )
    db.session.add(row)
    db.session.flush()
    audit.record("episode.handed_over", about=row, by=by, detail={"to": str(to.id), "from": str(giver.id)}, now=now)
    before = {giver.id} | end_old(episode, giver, from_at, by, now)
    roads.give(episode=episode, practitioner=to, role="own", by=by, now=now, from_at=from_at, reason=reason)
    _share_out(row, episode, before, by, now)
    return row


def newest_of(client: Client) -> Handover | None:
    """The last hand-over of a client. The client comes from `caseload.queries.client_of`."""
    return db.session.scalar(
        select(Handover)
        .where(Handover.client_id == client.id)
        .order_by(Handover.recorded_at.desc(), Handover.id.desc())
        .limit(1)
    )


def feed_of(client_id: UUID, after: int, limit: int) -> list[Handover]:
    """Hand-overs past a number of the client's feed, for the phone."""
    return list(
        db.session.scalars(
            select(Handover)
            .where(Handover.client_id == client_id, Handover.feed_seq > after)
            .order_by(Handover.feed_seq)
            .limit(limit)
        )
    )


def takers(episode: Episode, by: Practitioner, now: datetime) -> list[Practitioner]:
    """To whom somebody can hand a client over: colleagues who work with clients, oldest account first.

    Who only covers is not among them while the client is somebody's: only one who left has no say in it.
    """
    giver = owners_of([episode.id], now).get(episode.id) or by
    return [one for one in can_stand_in(giver) if one.id != by.id or giver.disabled_at is not None]


def _check(episode: Episode, to: Practitioner, takers: list[Practitioner], from_day: date, today: date) -> None:
    if to.service_id != episode.service_id:
        raise Refused("not-found")
    if episode.closed_on is not None:
        raise Refused("client-closed")
    if to.id not in {one.id for one in takers}:
        raise Refused("bad-input", fields={"to": "Choose a colleague who works with clients."})
    if not today <= from_day <= today + FURTHEST:
        raise Refused("bad-input", fields={"from": "Choose a day from today on, within three months."})


def end_old(episode: Episode, giver: Practitioner, from_at: datetime, by: Practitioner, now: datetime) -> set[UUID]:
    """The giver's own road, those of whoever stood in for them, and a hand-over that has not begun: this one holds.

    Returns whose appointments end with it: who stood in, and whose hand-over is replaced.
    """
    rows = db.session.execute(
        select(Access, Cover.practitioner_id)
        .outerjoin(Cover, Cover.id == Access.cover_id)
        .where(Access.episode_id == episode.id, Access.role.in_(("own", "cover")))
        .where(or_(Access.until_at.is_(None), Access.until_at > now))
    ).all()
    replaced = set()
    for access, away in rows:
        if access.role == "own" and access.practitioner_id == giver.id:
            roads.end(access, at=from_at, by=by, now=now, or_later=True)
        elif access.role == "own" and access.from_at > now:
            replaced.add(access.practitioner_id)
            roads.end(access, at=access.from_at, by=by, now=now)
        elif access.role == "cover" and away == giver.id:
            replaced.add(access.practitioner_id)
            roads.end(access, at=from_at, by=by, now=now)
    return replaced


def _share_out(row: Handover, episode: Episode, before: set[UUID], by: Practitioner, now: datetime) -> None:
    """Appointments booked from then on: to the new practitioner, or kept, with cover for as long as they last."""
    ahead = [m for m in meetings_of([episode.id])[episode.id] if m.state == "planned" and m.starts_at >= row.from_at]
    kept = [m for m in ahead if UUID(m.practitioner_id) in before]
    if row.appointments == "go":
        for meeting in kept:
            _give_appointment(meeting.appointment_id, row, by, now)
        return
    mine = [m for m in kept if m.practitioner_id == str(row.from_practitioner_id)]
    if mine:
        giver, zone = db.session.get(Practitioner, row.from_practitioner_id), ZoneInfo(mine[-1].zone)
        last = mine[-1].starts_at.astimezone(zone).date()
        roads.give(
            episode=episode, practitioner=giver, role="cover", by=by, now=now, from_at=row.from_at,
            until_at=datetime.combine(last + timedelta(days=1), datetime.min.time(), zone),
        )  # fmt: skip


def _give_appointment(appointment_id: str, row: Handover, by: Practitioner, now: datetime) -> None:
    appointment = db.session.get(Appointment, UUID(appointment_id))
    appointment.practitioner_id = row.to_practitioner_id
    db.session.flush()
    audit.record(
        "appointment.handed_over", about=appointment, by=by, client_id=row.client_id,
        detail={"to": str(row.to_practitioner_id)}, now=now,
    )  # fmt: skip
