"""One row of access: the only road from a practitioner to a client. Given, followed by cover, and ended."""

from datetime import datetime

from sqlalchemy import select

from server.audit import actions as audit
from server.caseload.models import Access, Cover, Episode
from server.errors import Refused
from server.extensions import db
from server.people.models import Practitioner


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
) -> Access:
    """Open a road to an episode for somebody of the same service, from a moment (else now) until one, or for good.

    Who gets it as their own client is followed by those who stand in for them then.
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
        given_by=getattr(by, "id", None),
    )
    db.session.add(access)
    db.session.flush()
    detail = {"role": role, "to": str(practitioner.id)}
    audit.record("access.given", about=access, by=by, detail=detail, now=now)
    if role == "own":
        _follow(episode, practitioner, access.from_at, by, now)
    return access


def end(access: Access, *, at: datetime, by, now: datetime, or_later: bool = False) -> None:
    """Close a road at a moment; at its own beginning: it never opens. One that ends sooner stays, unless `or_later`."""
    if access.until_at is not None and access.until_at <= at and not or_later:
        return
    access.until_at = at
    db.session.flush()
    detail = {"role": access.role, "to": str(access.practitioner_id)}
    audit.record("access.ended", about=access, by=by, detail=detail, now=now)


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
