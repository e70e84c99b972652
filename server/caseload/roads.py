"""One row of access: the only road from a practitioner to a client. Given, followed by cover, and ended."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select, update

from server.audit import actions as audit
from server.caseload.models import Access, Cover, Episode, Supervision
from server.caseload.queries import holds_now
from server.errors import Refused
from server.extensions import db
from server.people.models import Client, Practitioner
from server.people.who_sees import WORKING


def give(
    *,
    episode: Episode,
    practitioner: Practitioner,
    role: str,
    by,
    now: datetime,
    reason: str | None = None,
    from_at: datetime | None = None,
    until_at: datetime | None = None,
    cover_id=None,
    supervision_id=None,
) -> Access:
    """Open a road to an episode for somebody of the same service, from a moment (else now) until one, or for good.

    Who gets it as their own client is followed by those who stand in for them then, and by those who supervise them.
    """
    if practitioner.service_id != episode.service_id:
        raise Refused("not-found")
    access = Access(
        service_id=episode.service_id,
        client_id=episode.client_id,
        episode_id=episode.id,
        practitioner_id=practitioner.id,
        role=role,
        from_at=from_at or now,
        until_at=until_at,
        reason=reason,
        cover_id=cover_id,
        supervision_id=supervision_id,
        given_by=getattr(by, "id", None),
    )
    db.session.add(access)
    db.session.flush()
    detail = {"role": role, "to": str(practitioner.id)}
    audit.record("access.given", about=access, by=by, detail=detail, now=now)
    if role == "own":
        _follow(episode, practitioner, access.from_at, by, now)
        _follow_supervision(episode, practitioner, access, by, now)
    return access


def end(access: Access, *, at: datetime, by, now: datetime, or_later: bool = False) -> None:
    """Close a road at a moment; at its own beginning: it never opens. One that ends sooner stays, unless `or_later`."""
    if access.until_at is not None and access.until_at <= at and not or_later:
        return
    access.until_at = at
    db.session.flush()
    detail = {"role": access.role, "to": str(access.practitioner_id)}
    audit.record("access.ended", about=access, by=by, detail=detail, now=now)
    if access.role == "own":
        _end_supervision(access, by, now)


def leave_behind(episode: Episode, practitioner: Practitioner, *, by, now: datetime) -> None:
    """With another course end the roads that others had to the ones before: none of them leads into the new one."""
    rows = db.session.scalars(
        select(Access)
        .where(Access.client_id == episode.client_id, Access.episode_id != episode.id)
        .where(Access.practitioner_id != practitioner.id, Access.role.in_(WORKING))
        .where(or_(Access.until_at.is_(None), Access.until_at > now))
    )
    for access in rows.all():
        end(access, at=max(now, access.from_at), by=by, now=now)


def road_of(practitioner: Practitioner, episode: Episode, roles: tuple[str, ...], now: datetime) -> Access | None:
    """The row of these kinds by which somebody has a road to an episode now, the one that ends last."""
    rows = db.session.scalars(
        select(Access)
        .where(Access.practitioner_id == practitioner.id, Access.episode_id == episode.id, Access.role.in_(roles))
        .where(*holds_now(now))
    ).all()
    return max(rows, key=lambda row: (row.until_at is None, row.until_at or now), default=None)


def supervise(pair: Supervision, episode: Episode, supervisor: Practitioner, *, own: Access, by, now: datetime) -> None:
    """The access that a supervision gives to one episode: while both the pair and the supervisee's own road hold."""
    from_at, until_at = max(pair.from_at, own.from_at), _sooner(pair.until_at, own.until_at)
    if until_at is None or until_at > from_at:
        give(
            episode=episode, practitioner=supervisor, role="supervision", by=by, now=now, from_at=from_at,
            until_at=until_at, supervision_id=pair.id,
        )  # fmt: skip


def _follow_supervision(episode: Episode, practitioner: Practitioner, own: Access, by, now: datetime) -> None:
    """Whoever supervises a practitioner then, supervises those who come to them meanwhile."""
    pairs = db.session.scalars(
        select(Supervision).where(
            Supervision.supervisee_id == practitioner.id,
            Supervision.service_id == practitioner.service_id,
            Supervision.ended_at.is_(None),
            or_(Supervision.until_at.is_(None), Supervision.until_at > own.from_at),
        )
    )
    for pair in pairs.all():
        supervise(pair, episode, db.session.get(Practitioner, pair.supervisor_id), own=own, by=by, now=now)


def _end_supervision(own: Access, by, now: datetime) -> None:
    """With a practitioner's own road ends that of their supervisors; where it now ends later, so does theirs."""
    rows = db.session.execute(
        select(Access, Supervision)
        .join(Supervision, Supervision.id == Access.supervision_id)
        .where(Access.episode_id == own.episode_id, Supervision.supervisee_id == own.practitioner_id)
        .where(Supervision.ended_at.is_(None), Access.from_at >= own.from_at)
    ).all()
    for access, pair in rows:
        end(access, at=max(_sooner(pair.until_at, own.until_at), access.from_at), by=by, now=now, or_later=True)


def _sooner(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((at for at in (one, other) if at is not None), default=None)


def holds(practitioner: Practitioner, episode: Episode, roles: tuple[str, ...], now: datetime) -> bool:
    """Whether somebody has one of these roads to an episode now."""
    return road_of(practitioner, episode, roles, now) is not None


def must_look_after(by: Practitioner, episode: Episode, what: str, now: datetime) -> None:
    """Refuse `bad-input` what changes whose client somebody is to anybody without an own or cover road: break-glass."""
    if not holds(by, episode, ("own", "cover"), now):
        raise Refused("bad-input", f"Only who looks after or covers this client can {what}.")


def of_client(client: Client) -> list[Access]:
    """Every road there was, is and will be to a client, newest first. The client comes from `queries.client_of`."""
    return list(
        db.session.scalars(
            select(Access).where(Access.client_id == client.id).order_by(Access.from_at.desc(), Access.id.desc())
        )
    )


def _follow(episode: Episode, practitioner: Practitioner, from_at: datetime, by, now: datetime) -> None:
    """Cover of a whole caseload holds for those who come to it meanwhile."""
    covers = db.session.scalars(
        select(Cover).where(
            Cover.practitioner_id == practitioner.id,
            Cover.service_id == practitioner.service_id,
            Cover.scope == "all",
            Cover.ended_at.is_(None),
            Cover.until_at > from_at,
        )
    )
    for cover in covers.all():
        colleague = db.session.get(Practitioner, cover.colleague_id)
        give(
            episode=episode, practitioner=colleague, role="cover", by=by, now=now, reason=cover.reason,
            from_at=max(cover.from_at, from_at), until_at=cover.until_at, cover_id=cover.id,
        )  # fmt: skip


def end_all(client_id: UUID, now: datetime) -> None:
    """End every road to a client, whoever's it is: nothing is left to look at."""
    open_ones = Access.client_id == client_id, or_(Access.until_at.is_(None), Access.until_at > now)
    db.session.execute(update(Access).where(*open_ones).values(until_at=now))
