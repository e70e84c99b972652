"""Clients whose practitioner left or changed roles, and whom nobody stands in for: found, and given to somebody."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from server.audit import actions as audit
from server.caseload import handing_over, roads
from server.caseload.models import Access, Episode, Handover
from server.caseload.queries import meetings_of, newest_course
from server.caseload.rules import Meeting
from server.errors import Refused
from server.extensions import db
from server.people import actions as people
from server.people.models import Practitioner, Service
from server.people.queries import practitioners_of
from server.people.settling import must_be_known
from server.people.who_sees import working

MOST = 200  # on one page; the rest comes as these are given


@dataclass(frozen=True)
class Stranded:
    """A course that nobody looks after: whose it was, and what is next. Of the client nothing else is told."""

    episode: Episode
    before: Practitioner
    next: Meeting | None


def stranded(administrator: Practitioner, now: datetime, of: Practitioner | None = None) -> list[Stranded]:
    """The newest courses of the service without anybody who can open them: open ones first, the next to meet first.

    Somebody who stands in, or takes over from a day to come, is enough. `of`: only those that were this account's.
    """
    rows = db.session.execute(_stranded(administrator, now, of).order_by(Access.from_at, Access.id)).all()
    found = {episode.id: (episode, before) for episode, before in rows}  # of several, who had it last
    meetings = meetings_of(found)
    told = [Stranded(episode, before, _next(meetings[episode.id], now)) for episode, before in found.values()]
    return sorted(told, key=lambda one: _urgency(one, now))


def give(
    *, episode_ids: Iterable[UUID], to: Practitioner, reason: str, by: Practitioner, now: datetime
) -> list[Episode]:
    """Give such courses to a colleague from now on, appointments included. Returns them.

    The phone of an open course is told as it is of any hand-over; the record holds the reason. An ended course can be
    read and begun again by whoever has it now. Refused `bad-input` for oneself, for somebody who does not work with
    clients or is not known yet (`people.settling`), for none, and where somebody looks after one of them meanwhile.
    """
    _check(to, by, now)
    wanted = set(episode_ids)
    clients = db.session.scalars(
        select(Episode.client_id).where(Episode.id.in_(wanted), Episode.service_id == by.service_id)
    )
    for client_id in sorted(set(clients.all())):
        people.lock(client_id)
    db.session.expire_all()
    held = {one.episode.id: one for one in stranded(by, now)}
    if not wanted:
        raise Refused("bad-input", fields={"courses": "Choose at least one."})
    if not wanted <= set(held):
        raise Refused("bad-input", fields={"courses": "Somebody looks after one of these by now. Choose again."})
    for one in [held[episode_id] for episode_id in sorted(wanted)]:
        _give(one, to, reason, by, now)
        detail = {"to": str(to.id), "from": str(one.before.id)}
        audit.record("episode.given_on", about=one.episode, by=by, detail=detail, now=now)
    return [held[episode_id].episode for episode_id in wanted]


def would_leave(practitioner: Practitioner, now: datetime) -> tuple[int, int]:
    """(open courses that are somebody's own, how many of them nobody stands in for now), before the account ends."""
    own, others = aliased(Access), _usable(practitioner, now, without=practitioner)
    rows = db.session.execute(
        select(Episode.id, others.label("others"))
        .join(own, own.episode_id == Episode.id)
        .where(own.practitioner_id == practitioner.id, own.role == "own", _not_over(own, now))
        .where(Episode.closed_on.is_(None), Episode.id == newest_course(Episode.client_id))
        .distinct()
    ).all()
    return len(rows), sum(not row.others for row in rows)


def _stranded(administrator: Practitioner, now: datetime, of: Practitioner | None):
    """Begun from the accounts that meet no clients (any more), which are few, and not from all courses."""
    gone = [one for one in practitioners_of(administrator) if not _works(one) and (of is None or one.id == of.id)]
    return (
        select(Episode, Practitioner)
        .join(Access, Access.episode_id == Episode.id)
        .join(Practitioner, Practitioner.id == Access.practitioner_id)
        .where(Access.practitioner_id.in_([one.id for one in gone]), Access.role == "own", _not_over(Access, now))
        .where(Access.service_id == administrator.service_id, Episode.id == newest_course(Episode.client_id))
        .where(~_usable(administrator, now))
    )


def _usable(administrator: Practitioner, now: datetime, without: Practitioner | None = None):
    """Whether somebody who works with clients has a road to the episode: their own, to come too, or cover now."""
    road = aliased(Access)
    workers = [one.id for one in practitioners_of(administrator) if _works(one)]
    return exists().where(
        road.episode_id == Episode.id,
        road.practitioner_id.in_([one for one in workers if without is None or one != without.id]),
        or_(road.role == "own", and_(road.role == "cover", road.from_at <= now)),
        _not_over(road, now),
    )


def _not_over(road, now: datetime):
    return or_(road.until_at.is_(None), road.until_at > now)


def _works(practitioner: Practitioner) -> bool:
    return practitioner.disabled_at is None and bool(working(practitioner.roles))


def _next(meetings: list[Meeting], now: datetime) -> Meeting | None:
    return next((one for one in meetings if one.state == "planned" and one.starts_at >= now), None)


def _urgency(one: Stranded, now: datetime):
    ended = one.episode.closed_on is not None
    return ended, one.next is None, one.next.starts_at if one.next else now, one.episode.opened_on, one.episode.id


def _check(to: Practitioner, by: Practitioner, now: datetime) -> None:
    if to.service_id != by.service_id:
        raise Refused("not-found")
    if to.id == by.id:
        raise Refused("bad-input", fields={"to": "Nobody gives clients to themself. Ask another administrator."})
    if not _works(to):
        raise Refused("bad-input", fields={"to": "Choose a colleague who works with clients."})
    must_be_known(to, "to", now)


def _give(one: Stranded, to: Practitioner, reason: str, by: Practitioner, now: datetime) -> None:
    episode = one.episode
    if episode.closed_on is None:
        day = now.astimezone(ZoneInfo(db.session.get(Service, episode.service_id).zone)).date()
        handing_over.pass_on(
            episode=episode, giver=one.before, to=to, from_day=day, from_at=now, appointments="go",
            summary=f"Given by administration, because nobody looked after them: {reason}", by=by, now=now,
            reason=reason,
        )  # fmt: skip
        return
    handing_over.end_old(episode, one.before, now, by, now)
    roads.give(episode=episode, practitioner=to, role="own", by=by, now=now, reason=reason)


def given_on(by: Practitioner, since: datetime) -> list[tuple[Practitioner, Practitioner, Practitioner, int]]:
    """For a service lead: (administrator, whose, to whom, how many open courses) were given on since then."""
    giver, before, to = aliased(Practitioner), aliased(Practitioner), aliased(Practitioner)
    rows = db.session.execute(
        select(giver, before, to, func.count())
        .select_from(Handover)
        .join(giver, giver.id == Handover.given_by)
        .join(before, before.id == Handover.from_practitioner_id)
        .join(to, to.id == Handover.to_practitioner_id)
        .where(Handover.to_practitioner_id.in_([one.id for one in practitioners_of(by)]), Handover.from_at > since)
        .where(Handover.given_by.in_([one.id for one in practitioners_of(by) if "administrator" in one.roles]))
        .where(Handover.given_by != Handover.from_practitioner_id)
        .group_by(giver.id, before.id, to.id)
        .order_by(func.min(Handover.recorded_at), to.id)
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]
