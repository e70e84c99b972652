"""Clients who turned reminders on and are sent none, since nobody asked them yet, alone, how to reach them safely."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Select, func, select

from server.extensions import db
from server.people.models import Client
from server.reminders.models import ReminderRule
from server.reminders.timetable import LATER


def is_asked(client: Client) -> bool:
    """Whether somebody asked this client, alone. Nothing is sent before."""
    return bool((client.safe_contact or {}).get("asked_alone"))


def not_asked(client_ids: Collection[UUID]) -> set[UUID]:
    """Those of these clients who wait for their reminders until they are asked."""
    return set(db.session.scalars(_waiting(Client.id).where(Client.id.in_(client_ids))))


def count(service_id: UUID) -> int:
    """How many of a service wait."""
    return db.session.scalar(EVERYWHERE.where(Client.service_id == service_id)) or 0


def _waiting(what) -> Select:
    return (
        select(what)
        .join(ReminderRule, ReminderRule.client_id == Client.id)
        .where(
            ReminderRule.ended_at.is_(None),
            ReminderRule.kind != LATER,
            Client.safe_contact["asked_alone"].as_boolean().is_not(True),
        )
    )


# How many wait on the whole installation, for whoever looks over it from outside.
EVERYWHERE = _waiting(func.count(Client.id.distinct()))
