"""Look at the audit: who looked at a client, and whether a chain holds."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from server.audit.models import AuditEvent
from server.audit.rules import Verdict, verify
from server.extensions import db


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


def check_chain(service_id, session: Session | None = None) -> Verdict:
    """Walk the chain of one service (None: the installation's own events), the unchained tail counted.

    `session`: another than the application's, for who looks at a database from outside.
    """
    of_service = AuditEvent.service_id == service_id if service_id else AuditEvent.service_id.is_(None)
    events = (session or db.session).scalars(
        select(AuditEvent)
        .where(of_service)
        .order_by(AuditEvent.position.is_(None), AuditEvent.position, AuditEvent.id)
        .execution_options(yield_per=1000)
    )
    return verify((e.content(), e.position, e.previous_hash, e.hash) for e in events)


def check_chains(session: Session | None = None) -> dict[UUID | None, Verdict]:
    """Every chain there is, by service; None is the installation's own."""
    services = (session or db.session).scalars(select(AuditEvent.service_id).distinct()).all()
    return {service_id: check_chain(service_id, session) for service_id in sorted(services, key=str)}
