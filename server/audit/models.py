"""Tables of the audit: events, chained per service by the tick."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from server.extensions import Big, Id, Json, Moment, Row

GIVEN_ON = text("verb = 'episode.given_on'")


class AuditEvent(Row):
    """One thing somebody did or looked at. Ids as text and no foreign keys: nothing here blocks or loses history."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_unchained", "service_id", "id"),
        Index("ix_audit_event_client", "client_id", "id"),
        Index("ix_audit_event_given_on", "service_id", "at", postgresql_where=GIVEN_ON, sqlite_where=GIVEN_ON),
    )

    id: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=True)
    service_id: Mapped[UUID | None] = mapped_column(Id)
    at: Mapped[datetime] = mapped_column(Moment)
    verb: Mapped[str]  # "assignment.made", "client.seen"
    actor_kind: Mapped[str]  # practitioner, client, device, operator, tick
    actor_id: Mapped[str | None]
    about_kind: Mapped[str | None]
    about_id: Mapped[str | None]
    client_id: Mapped[UUID | None] = mapped_column(Id)
    detail: Mapped[dict] = mapped_column(Json, default=dict)  # codes and counts, never content
    position: Mapped[int | None] = mapped_column(Big)  # 1, 2, 3 … in the service's chain
    previous_hash: Mapped[str | None]
    hash: Mapped[str | None]


def content_of(event: Any) -> dict:
    """What the hash of an event covers, row or plain columns: everything but the chain itself, as text."""
    return {
        "id": str(event.id),
        "service_id": str(event.service_id),
        "at": event.at.isoformat(timespec="microseconds"),
        "verb": event.verb,
        "actor_kind": event.actor_kind,
        "actor_id": event.actor_id,
        "about_kind": event.about_kind,
        "about_id": event.about_id,
        "client_id": str(event.client_id),
        "detail": event.detail,
    }
