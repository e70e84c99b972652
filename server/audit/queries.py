"""Look at the audit: who looked at a client, and whether a chain holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from server.audit.models import AuditEvent, content_of
from server.audit.rules import GENESIS, Verdict, verify
from server.extensions import db

Kept = dict[UUID | None, dict[int, str]]  # by service: hashes by their place in its chain


@dataclass(frozen=True)
class Head:
    """The newest link of one service's chain (None: the installation's own)."""

    service_id: UUID | None
    position: int
    hash: str


def about_client(client_id, limit: int = 100) -> list[AuditEvent]:
    """The newest events about one client, newest first."""
    return list(
        db.session.scalars(
            select(AuditEvent).where(AuditEvent.client_id == client_id).order_by(AuditEvent.id.desc()).limit(limit)
        )
    )


def looks_at(client_id, verbs: Iterable[str], limit: int) -> list[AuditEvent]:
    """The newest looks of practitioners at one client, newest first. `verbs`: what counts as a look."""
    looks = AuditEvent.verb.in_(list(verbs)), AuditEvent.actor_kind == "practitioner"
    return list(
        db.session.scalars(
            select(AuditEvent)
            .where(AuditEvent.client_id == client_id, *looks)
            .order_by(AuditEvent.id.desc())
            .limit(limit)
        )
    )


def given_on(by, since: datetime) -> list[AuditEvent]:
    """Courses of a service that administrators gave on since then, oldest first: `detail` says from whom and to whom.

    As it was recorded, since whoever gave them may have other roles by now. Its verb has an index of its own.
    """
    verb = AuditEvent.verb == literal("episode.given_on", literal_execute=True)
    found = select(AuditEvent).where(verb, AuditEvent.service_id == by.service_id, AuditEvent.at > since)
    return list(db.session.scalars(found.order_by(AuditEvent.id)))


def last_at(verb: str, about) -> datetime | None:
    """When this last happened to this row of a client; None where it never did."""
    return db.session.scalar(
        select(AuditEvent.at)
        .where(AuditEvent.client_id == about.client_id, AuditEvent.verb == verb, AuditEvent.about_id == str(about.id))
        .order_by(AuditEvent.id.desc())
        .limit(1)
    )


def check_chain(service_id, session: Session | None = None, kept: Mapping[int, str] | None = None) -> Verdict:
    """Walk the chain of one service (None: the installation's own events), the unchained tail counted.

    `session`: another than the application's, for who looks at a database from outside. `kept`: as `verify` says.
    Plain columns, a few thousand at a time: a million events take seconds and no memory.
    """
    found = (session or db.session).execute(
        select(AuditEvent.__table__)
        .where(_of(service_id))
        .order_by(AuditEvent.position.is_(None), AuditEvent.position, AuditEvent.id)
        .execution_options(yield_per=5000)
    )
    return verify(((content_of(row), row.position, row.previous_hash, row.hash) for row in found), kept)


def check_chains(session: Session | None = None, kept: Kept | None = None) -> dict[UUID | None, Verdict]:
    """Every chain there is, by service, and every one of which a link was kept; None is the installation's own."""
    kept = kept or {}
    services = {*(session or db.session).scalars(select(AuditEvent.service_id).distinct()), *kept}
    return {one: check_chain(one, session, kept.get(one)) for one in sorted(services, key=str)}


def heads() -> list[Head]:
    """The newest link of every chain that has one."""
    services = db.session.scalars(select(AuditEvent.service_id).distinct()).all()
    return [head for head in (head_of(one) for one in sorted(services, key=str)) if head.position]


def head_of(service_id: UUID | None) -> Head:
    """The newest link of one chain; place 0 where nothing is linked yet."""
    newest = db.session.execute(
        select(AuditEvent.position, AuditEvent.hash)
        .where(_of(service_id), AuditEvent.hash.is_not(None))
        .order_by(AuditEvent.position.desc())
        .limit(1)
    ).first()
    return Head(service_id, newest.position, newest.hash) if newest else Head(service_id, 0, GENESIS)


def _of(service_id: UUID | None):
    return AuditEvent.service_id == service_id if service_id else AuditEvent.service_id.is_(None)
