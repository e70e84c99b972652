"""Clients whose practitioner left or changed roles, and whom nobody stands in for: found, and given to somebody."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from server.audit import actions as audit
from server.audit import queries as audit_queries
from server.caseload import handing_over, roads
from server.caseload.models import Access, Episode
from server.caseload.queries import holds_now, meetings_of, newest_course
from server.caseload.rules import Meeting, next_of
from server.errors import Refused
from server.extensions import db
from server.people import actions as people
from server.people.models import Practitioner
from server.people.queries import practitioners_of
from server.people.settling import must_be_known, who_acts_must_be_known
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
    nobodys = _left(administrator, now, of).where(~_usable(administrator, now))
    rows = db.session.execute(nobodys.order_by(Access.from_at, Access.id)).all()
    found = {episode.id: (episode, before) for episode, before in rows}  # of several, who had it last
    meetings = meetings_of(found)
    told = [Stranded(episode, before, next_of(meetings[episode.id], now)) for episode, before in found.values()]
    return sorted(told, key=lambda one: _urgency(one, now))


@dataclass(frozen=True)
class ForNow:
    """Open courses of somebody who left, which only cover still reaches: whose, who stands in, until when, how many."""

    before: Practitioner
    colleague: Practitioner
    until_at: datetime
    courses: int


def for_now(administrator: Practitioner, now: datetime) -> list[ForNow]:
    """Who will be without anybody as soon as the cover ends, soonest first."""
    road, colleague = aliased(Access), aliased(Practitioner)
    rows = db.session.execute(
        _left(administrator, now, None)
        .join(road, road.episode_id == Episode.id)
        .join(colleague, colleague.id == road.practitioner_id)
        .where(_covers(road, now), colleague.id.in_(_workers(administrator)))
        .where(Episode.closed_on.is_(None), ~_usable(administrator, now, cover=False))
        .with_only_columns(Practitioner, colleague, road.until_at, func.count(Episode.id.distinct()))
        .group_by(Practitioner.id, colleague.id, road.until_at)
        .order_by(road.until_at, Practitioner.id, colleague.id)
    )
    return [ForNow(*row) for row in rows]


def give(
    *, episode_ids: Iterable[UUID], to: Practitioner, reason: str, by: Practitioner, now: datetime
) -> list[Episode]:
    """Give such courses to a colleague from now on, appointments included. Returns them.

    The phone of an open course is told as it is of any hand-over; the record holds the reason. An ended course can be
    read and begun again by whoever has it now. Refused `bad-input` for oneself, for somebody who does not work with
    clients, where either is not known yet (`people.settling`), for none, and where somebody looks after one of them
    meanwhile.
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


def _left(administrator: Practitioner, now: datetime, of: Practitioner | None):
    """Begun from the accounts that meet no clients (any more), which are few, and not from all courses."""
    gone = [one for one in practitioners_of(administrator) if not _works(one) and (of is None or one.id == of.id)]
    return (
        select(Episode, Practitioner)
        .join(Access, Access.episode_id == Episode.id)
        .join(Practitioner, Practitioner.id == Access.practitioner_id)
        .where(Access.practitioner_id.in_([one.id for one in gone]), Access.role == "own", _not_over(Access, now))
        .where(Access.service_id == administrator.service_id, Episode.id == newest_course(Episode.client_id))
    )


def _usable(administrator: Practitioner, now: datetime, without: Practitioner | None = None, cover: bool = True):
    """Whether somebody who works with clients has a road to the episode: their own, to come too, or `cover` now."""
    road = aliased(Access)
    own = and_(road.role == "own", _not_over(road, now))
    return exists().where(
        road.episode_id == Episode.id,
        road.practitioner_id.in_([one for one in _workers(administrator) if without is None or one != without.id]),
        or_(own, _covers(road, now)) if cover else own,
    )


def _covers(road, now: datetime):
    return and_(road.role == "cover", *holds_now(now, road))


def _not_over(road, now: datetime):
    return or_(road.until_at.is_(None), road.until_at > now)


def _workers(administrator: Practitioner) -> list[UUID]:
    return [one.id for one in practitioners_of(administrator) if _works(one)]


def _works(practitioner: Practitioner) -> bool:
    return practitioner.disabled_at is None and bool(working(practitioner.roles))


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
    who_acts_must_be_known(by, "to", now)
    must_be_known(to, "to", now)


def _give(one: Stranded, to: Practitioner, reason: str, by: Practitioner, now: datetime) -> None:
    episode = one.episode
    _end_others(one, by, now)
    if episode.closed_on is None:
        handing_over.pass_on(
            episode=episode, giver=one.before, to=to, from_at=now, appointments="go",
            summary=f"Given by administration, because nobody looked after them: {reason}", by=by, now=now,
            reason=reason,
        )  # fmt: skip
        return
    handing_over.end_old(episode, one.before, now, by, now)
    roads.give(episode=episode, practitioner=to, role="own", by=by, now=now, reason=reason)


def _end_others(one: Stranded, by: Practitioner, now: datetime) -> None:
    """The roads of those who had it before the last one, and of who stood in for them.

    Otherwise a role that is given back would open it to them again.
    """
    rows = db.session.scalars(
        select(Practitioner)
        .join(Access, Access.practitioner_id == Practitioner.id)
        .where(Access.episode_id == one.episode.id, Access.role == "own", _not_over(Access, now))
        .distinct()
    ).all()
    for gone in rows:
        if gone.id != one.before.id and not _works(gone):
            handing_over.end_old(one.episode, gone, now, by, now)


def given_on(by: Practitioner, since: datetime) -> list[tuple[Practitioner, Practitioner, Practitioner, int]]:
    """For a service lead: (administrator, whose, to whom, how many courses) were given on since then, oldest first."""
    counts: Counter[tuple[str, str, str]] = Counter(
        (event.actor_id, event.detail["from"], event.detail["to"]) for event in audit_queries.given_on(by, since)
    )
    return [(_account(who), _account(whose), _account(to), count) for (who, whose, to), count in counts.items()]


def _account(practitioner_id: str) -> Practitioner:
    return db.session.get_one(Practitioner, UUID(practitioner_id))
