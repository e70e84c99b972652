"""Append to the audit, in the same transaction as what it tells of; and chain what was appended."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, func, insert, select, update

from server import clock
from server.audit.models import AuditEvent, content_of
from server.audit.queries import head_of
from server.audit.rules import link
from server.extensions import db
from server.prepared import Prepared

UNCHAINED = ("service_id", "at", "verb", "actor_kind", "actor_id", "about_kind", "about_id", "client_id", "detail")
ADD_EVENT = Prepared(insert(AuditEvent.__table__).values({name: bindparam(name) for name in UNCHAINED}).inline())
CHAIN_AT_ONCE = 2000
CHAINING = 6006  # the number of PostgreSQL's advisory lock: one chains at a time


def record(verb: str, *, by, about=None, client_id=None, service_id=None, detail: dict | None = None, now=None) -> None:
    """Append one event. `by`: a row that acts (Practitioner, Client, Device) or a word such as "tick".

    `about`: a row, or (kind, id). `detail`: codes and counts only, never what anybody wrote.
    """
    actor_kind, actor_id = _who(by)
    about_kind, about_id = _who(about)
    ADD_EVENT.run(
        [
            {
                "service_id": service_id or getattr(by, "service_id", None) or getattr(about, "service_id", None),
                "at": now or clock.now(),
                "verb": verb,
                "actor_kind": actor_kind,
                "actor_id": actor_id,
                "about_kind": about_kind,
                "about_id": about_id,
                "client_id": client_id or _client_of(about),
                "detail": detail or {},
            }
        ],
    )


def chain(now: datetime) -> int:
    """Link the events that are not chained yet, per service, oldest first. Returns how many. Called by the tick.

    Not as they are written: a locked newest link would line up all writers of a service (stack.md 2). One chains at a
    time, or two that look at once would both go on from the same link; who comes second leaves it to the first.
    """
    if db.engine.dialect.name == "postgresql" and not db.session.scalar(
        select(func.pg_try_advisory_xact_lock(CHAINING))
    ):
        return 0
    waiting = db.session.scalars(
        select(AuditEvent).where(AuditEvent.hash.is_(None)).order_by(AuditEvent.id).limit(CHAIN_AT_ONCE)
    ).all()
    heads: dict[UUID | None, tuple[int, str]] = {}
    for event in waiting:
        if event.service_id not in heads:
            newest = head_of(event.service_id)
            heads[event.service_id] = (newest.position, newest.hash)
        position, previous = heads[event.service_id]
        linked = link(content_of(event), position + 1, previous)
        db.session.execute(
            update(AuditEvent)
            .where(AuditEvent.id == event.id, AuditEvent.hash.is_(None))
            .values(position=position + 1, previous_hash=previous, hash=linked)
            .execution_options(synchronize_session=False)
        )
        heads[event.service_id] = (position + 1, linked)
    db.session.expire_all()
    return len(waiting)


def _who(row) -> tuple[str | None, str | None]:
    if row is None:
        return None, None
    if isinstance(row, str):
        return row, None
    if isinstance(row, tuple):
        return row[0], str(row[1])
    return row.__tablename__, row.identity()


def _client_of(about):
    if about is None or isinstance(about, str | tuple):
        return None
    return about.id if about.__tablename__ == "client" else getattr(about, "client_id", None)
