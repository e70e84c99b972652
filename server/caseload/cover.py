"""Cover for leave: a colleague stands in for a practitioner between two moments, for all their clients or for some."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select

from server.audit import actions as audit
from server.caseload import roads
from server.caseload.models import Access, Cover, Episode
from server.caseload.queries import own_episodes
from server.errors import Missing, Refused
from server.extensions import db
from server.people.models import Client, Practitioner
from server.people.settling import must_be_known
from server.people.who_sees import working

LONGEST = timedelta(days=100)  # longer is a hand-over


@dataclass(frozen=True)
class Covered:
    """One cover as pages show it: who is away, who stands in, and for how many clients."""

    row: Cover
    away: Practitioner
    colleague: Practitioner
    clients: int


def give(
    *,
    practitioner: Practitioner,
    colleague: Practitioner,
    scope: str,
    client_ids: Iterable[UUID] = (),
    from_at: datetime,
    until_at: datetime,
    reason: str,
    by: Practitioner,
    now: datetime,
) -> Cover:
    """Let a colleague stand in, for the whole caseload or for chosen clients of it. It ends by itself.

    Refused `bad-input` for times that do not fit, for oneself on either side of what one gives, for somebody who does
    not work with clients, where nobody was chosen, and, unless one gives one's own, for an account that is not known
    yet (`people.settling`). Whoever comes to a whole caseload meanwhile is covered too
    (`roads.give`).
    """
    _check(practitioner, colleague, from_at, until_at, now)
    if colleague.id == by.id:
        raise Refused("bad-input", fields={"colleague": "Nobody makes themself the cover. Ask another administrator."})
    if practitioner.id != by.id:
        must_be_known(colleague, "colleague", now)
    episodes = _own_episodes(practitioner, now)
    if scope == "chosen":
        wanted = set(client_ids)
        episodes = [episode for episode in episodes if episode.client_id in wanted]
        if not episodes:
            raise Refused("bad-input", fields={"clients": "Choose at least one client."})
    cover = Cover(
        service_id=practitioner.service_id,
        practitioner_id=practitioner.id,
        colleague_id=colleague.id,
        scope=scope,
        from_at=max(from_at, now),
        until_at=until_at,
        reason=reason,
        given_by=by.id,
        recorded_at=now,
    )
    db.session.add(cover)
    db.session.flush()
    detail = {"scope": scope, "of": str(practitioner.id), "to": str(colleague.id), "clients": len(episodes)}
    audit.record("cover.given", about=cover, by=by, detail=detail, now=now)
    for episode in episodes:
        roads.give(
            episode=episode, practitioner=colleague, role="cover", by=by, now=now, reason=reason,
            from_at=cover.from_at, until_at=until_at, cover_id=cover.id,
        )  # fmt: skip
    return cover


def end(*, cover: Cover, by: Practitioner, now: datetime) -> None:
    """End a cover now, sooner than planned. What was covered stays in the record."""
    if cover.ended_at is not None or cover.until_at <= now:
        return
    cover.ended_at, cover.ended_by = now, by.id
    db.session.flush()
    audit.record("cover.ended", about=cover, by=by, now=now)
    for access in db.session.scalars(select(Access).where(Access.cover_id == cover.id)).all():
        roads.end(access, at=now, by=by, now=now)


def covers(by: Practitioner, now: datetime, everybodys: bool = False) -> list[Covered]:
    """Cover that holds or is to come, soonest first: one's own on either side, or of the whole service."""
    mine = or_(Cover.practitioner_id == by.id, Cover.colleague_id == by.id)
    wanted = [Cover.service_id == by.service_id, Cover.ended_at.is_(None), Cover.until_at > now]
    rows = db.session.scalars(
        select(Cover).where(*wanted, *([] if everybodys else [mine])).order_by(Cover.from_at, Cover.id)
    ).all()
    return [_covered(row) for row in rows]


def given_by_others(practitioner: Practitioner) -> list[Covered]:
    """Cover of one's own clients that somebody else arranged and one has not said to know of, oldest first."""
    rows = db.session.scalars(
        select(Cover)
        .where(Cover.practitioner_id == practitioner.id, Cover.given_by != practitioner.id, Cover.known_at.is_(None))
        .order_by(Cover.recorded_at, Cover.id)
    ).all()
    return [_covered(row) for row in rows]


def given_by_administrators(by: Practitioner, since: datetime) -> list[Covered]:
    """For a service lead: cover that neither side arranged themself, since then, oldest first."""
    rows = db.session.scalars(
        select(Cover)
        .where(Cover.service_id == by.service_id, Cover.given_by != Cover.practitioner_id, Cover.recorded_at > since)
        .order_by(Cover.recorded_at, Cover.id)
    ).all()
    return [_covered(row) for row in rows]


def know(*, cover_id: UUID, by: Practitioner, now: datetime) -> None:
    """Who is covered knows of it now. Saying so twice is once; `Missing` for anybody else."""
    found = db.session.get(Cover, cover_id)
    if found is None or found.practitioner_id != by.id:
        raise Missing
    if found.known_at is None:
        found.known_at = now
        db.session.flush()
        audit.record("cover.acknowledged", about=found, by=by, now=now)


def cover_of(by: Practitioner, cover_id: UUID, everybodys: bool = False) -> Cover:
    """One cover that somebody may end: one's own on either side, or as an administrator any of the service.

    `Missing` otherwise.
    """
    found = db.session.get(Cover, cover_id)
    if found is None or found.service_id != by.service_id:
        raise Missing
    if not everybodys and by.id not in (found.practitioner_id, found.colleague_id):
        raise Missing
    return found


def can_stand_in(practitioner: Practitioner) -> list[Practitioner]:
    """The colleagues of the same service who work with clients and can sign in, oldest account first."""
    rows = db.session.scalars(
        select(Practitioner)
        .where(Practitioner.service_id == practitioner.service_id, Practitioner.disabled_at.is_(None))
        .order_by(Practitioner.created_at, Practitioner.id)
    )
    return [one for one in rows if one.id != practitioner.id and working(one.roles)]


def own_clients(practitioner: Practitioner, now: datetime) -> list[Client]:
    """Whom one may choose to have covered: the open episodes that are one's own, oldest first."""
    ids = [episode.client_id for episode in _own_episodes(practitioner, now)]
    found = {one.id: one for one in db.session.scalars(select(Client).where(Client.id.in_(ids)))}
    return [found[one] for one in ids]


def _own_episodes(practitioner: Practitioner, now: datetime) -> list[Episode]:
    return list(dict.fromkeys(episode for episode, _ in own_episodes(practitioner, now)))


def _check(practitioner, colleague, from_at: datetime, until_at: datetime, now: datetime) -> None:
    if colleague.service_id != practitioner.service_id:
        raise Refused("not-found")
    if colleague.id == practitioner.id or colleague.disabled_at is not None or not working(colleague.roles):
        raise Refused("bad-input", fields={"colleague": "Choose a colleague who works with clients."})
    if until_at <= max(from_at, now):
        raise Refused("bad-input", fields={"until": "The last day comes after the first, and is not over yet."})
    if until_at - from_at > LONGEST:
        raise Refused("bad-input", fields={"until": "Cover lasts 100 days at most. Hand clients over for longer."})


def _covered(row: Cover) -> Covered:
    ids = select(Access.client_id).where(Access.cover_id == row.id).distinct()
    away, colleague = db.session.get(Practitioner, row.practitioner_id), db.session.get(Practitioner, row.colleague_id)
    return Covered(row, away, colleague, len(db.session.scalars(ids).all()))
