"""Who supervises whom, from … to …: it opens rows of access of role `supervision`, one for each open episode."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select

from server.audit import actions as audit
from server.caseload import roads
from server.caseload.models import Access, Episode, Supervision
from server.caseload.queries import CaseloadLine, holds_now, own_episodes
from server.errors import Missing, Refused
from server.extensions import db
from server.people.models import Client, Practitioner
from server.people.settling import must_be_known
from server.people.who_sees import supervising, working


@dataclass(frozen=True)
class Pair:
    """One supervision as pages show it."""

    row: Supervision
    supervisor: Practitioner
    supervisee: Practitioner


def begin(
    *,
    supervisor: Practitioner,
    supervisee: Practitioner,
    from_at: datetime,
    until_at: datetime | None,
    by: Practitioner,
    now: datetime,
) -> Supervision:
    """Let somebody supervise a practitioner, and give them access to each open episode that is the practitioner's own.

    Whoever comes to the practitioner meanwhile is followed (`roads.give`). Refused `bad-input` for times that do not
    fit, for oneself, for accounts without these roles, for a supervisor who is not known yet (`people.settling`), for
    a pair that is there already; `not-found` across services.
    """
    _check(supervisor, supervisee, from_at, until_at, now)
    must_be_known(supervisor, "supervisor", now)
    pair = Supervision(
        service_id=supervisee.service_id,
        supervisor_id=supervisor.id,
        supervisee_id=supervisee.id,
        from_at=max(from_at, now),
        until_at=until_at,
        given_by=by.id,
        recorded_at=now,
    )
    db.session.add(pair)
    db.session.flush()
    detail = {"of": str(supervisee.id), "to": str(supervisor.id)}
    audit.record("supervision.begun", about=pair, by=by, detail=detail, now=now)
    for episode, own in own_episodes(supervisee, now):
        roads.supervise(pair, episode, supervisor, own=own, by=by, now=now)
    return pair


def end(*, pair: Supervision, by: Practitioner, now: datetime) -> None:
    """End a supervision now, and every access it gave. It stays in the record."""
    if pair.ended_at is not None or (pair.until_at is not None and pair.until_at <= now):
        return
    pair.ended_at, pair.ended_by = now, by.id
    pair.until_at = max(now, pair.from_at)
    db.session.flush()
    audit.record("supervision.ended", about=pair, by=by, now=now)
    for access in db.session.scalars(select(Access).where(Access.supervision_id == pair.id)).all():
        roads.end(access, at=max(now, access.from_at), by=by, now=now)


def pairs_of_service(administrator: Practitioner, now: datetime) -> list[Pair]:
    """Every supervision of the administrator's service that holds or is to come, by the supervisee's account."""
    rows = db.session.scalars(
        select(Supervision)
        .where(Supervision.service_id == administrator.service_id, *_not_over(now))
        .order_by(Supervision.recorded_at, Supervision.id)
    )
    return [_pair(row) for row in rows]


def pair_of_service(administrator: Practitioner, pair_id: UUID) -> Supervision:
    """One of them. `Missing` for another service's."""
    found = db.session.get(Supervision, pair_id)
    if found is None or found.service_id != administrator.service_id:
        raise Missing
    return found


def supervisees_of(supervisor: Practitioner, now: datetime) -> list[Practitioner]:
    """Whom somebody supervises now, in the order of their accounts: never by a figure."""
    return list(
        db.session.scalars(
            select(Practitioner)
            .join(Supervision, Supervision.supervisee_id == Practitioner.id)
            .where(
                Supervision.supervisor_id == supervisor.id,
                Supervision.service_id == supervisor.service_id,
                Supervision.from_at <= now,
                *_not_over(now),
            )
            .order_by(Practitioner.created_at, Practitioner.id)
            .distinct()
        )
    )


def supervisee_of(supervisor: Practitioner, practitioner_id: UUID, now: datetime) -> Practitioner:
    """One of them. `Missing` for everybody else."""
    for one in supervisees_of(supervisor, now):
        if one.id == practitioner_id and supervising(supervisor.roles):
            return one
    raise Missing


def cases_of(supervisor: Practitioner, supervisee: Practitioner, now: datetime) -> list[CaseloadLine]:
    """The open episodes of a supervisee that this supervisor has access to, longest open first."""
    rows = db.session.execute(
        _cases(supervisor, now)
        .where(Supervision.supervisee_id == supervisee.id)
        .order_by(Episode.opened_on, Episode.client_id)
    ).all()
    return list({episode.id: CaseloadLine(client, episode, "supervision") for client, episode, _ in rows}.values())


def case_of(supervisor: Practitioner, client_id: UUID, now: datetime) -> tuple[Client, Episode, Practitioner]:
    """One open case of a supervisee, and whose it is. `Missing` otherwise. Identity and figures, unless brought."""
    row = db.session.execute(_cases(supervisor, now).where(Episode.client_id == client_id).limit(1)).first()
    if row is None:
        raise Missing
    client, episode, supervisee_id = row
    return client, episode, db.session.get(Practitioner, supervisee_id)


def supervisors_of(episode_ids: Iterable[UUID], now: datetime) -> dict[UUID, list[Practitioner]]:
    """Who supervises each of these episodes now, for episodes the caller was given."""
    found: dict[UUID, list[Practitioner]] = {episode_id: [] for episode_id in episode_ids}
    rows = db.session.execute(
        select(Access.episode_id, Practitioner)
        .join(Practitioner, Practitioner.id == Access.practitioner_id)
        .where(Access.episode_id.in_(list(found)), Access.role == "supervision", *holds_now(now))
        .where(Practitioner.disabled_at.is_(None))
        .order_by(Practitioner.created_at, Practitioner.id)
    )
    for episode_id, practitioner in rows:
        if supervising(practitioner.roles) and practitioner not in found[episode_id]:
            found[episode_id].append(practitioner)
    return found


def _cases(supervisor: Practitioner, now: datetime):
    return (
        select(Client, Episode, Supervision.supervisee_id)
        .join(Episode, Episode.client_id == Client.id)
        .join(Access, Access.episode_id == Episode.id)
        .join(Supervision, Supervision.id == Access.supervision_id)
        .where(
            Access.practitioner_id == supervisor.id,
            Access.service_id == supervisor.service_id,
            Access.role.in_(supervising(supervisor.roles)),
            Episode.closed_on.is_(None),
            *holds_now(now),
        )
    )


def _not_over(now: datetime):
    return Supervision.ended_at.is_(None), or_(Supervision.until_at.is_(None), Supervision.until_at > now)


def _check(supervisor, supervisee, from_at: datetime, until_at: datetime | None, now: datetime) -> None:
    if supervisor.service_id != supervisee.service_id:
        raise Refused("not-found")
    if supervisor.id == supervisee.id:
        raise Refused("bad-input", fields={"supervisor": "Nobody supervises themself."})
    if supervisor.disabled_at is not None or not supervising(supervisor.roles):
        raise Refused("bad-input", fields={"supervisor": "Choose somebody with the role Supervisor."})
    if supervisee.disabled_at is not None or not working(supervisee.roles):
        raise Refused("bad-input", fields={"supervisee": "Choose somebody who works with clients."})
    if until_at is not None and until_at <= max(from_at, now):
        raise Refused("bad-input", fields={"last": "The last day comes after the first, and is not over yet."})
    there = db.session.scalar(
        select(Supervision.id)
        .where(Supervision.supervisor_id == supervisor.id, Supervision.supervisee_id == supervisee.id, *_not_over(now))
        .limit(1)
    )
    if there is not None:
        raise Refused("bad-input", fields={"supervisor": "These two are a pair already. End that first."})


def _pair(row: Supervision) -> Pair:
    people = (db.session.get(Practitioner, one) for one in (row.supervisor_id, row.supervisee_id))
    return Pair(row, *people)
