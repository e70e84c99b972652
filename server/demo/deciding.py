"""What was known at each reminder of the past weeks, as it would have been written down at its time."""

from bisect import bisect_right
from datetime import timedelta
from uuid import UUID

from sqlalchemy import insert, select

from server.entries.models import Entry
from server.extensions import db
from server.reminders.decisions import ALWAYS, CHANCE
from server.reminders.models import DecisionPoint, Delivery


def decide(service_id: UUID) -> None:
    """One row for each reminder that was looked at in time: it was sent, whatever came of the sending."""
    wrote: dict[UUID, list] = {}
    for row in db.session.execute(
        select(Entry.client_id, Entry.first_received_at)
        .where(Entry.service_id == service_id, Entry.subject_kind == "entry")
        .order_by(Entry.first_received_at)
    ):
        wrote.setdefault(row.client_id, []).append(row.first_received_at)
    looked_at = select(Delivery).where(Delivery.service_id == service_id, Delivery.state.in_(("accepted", "failed")))
    points = [_point(row, wrote.get(row.client_id, [])) for row in db.session.scalars(looked_at)]
    if points:
        db.session.execute(insert(DecisionPoint), sorted(points, key=lambda point: point["at"]))


def _point(row: Delivery, moments: list) -> dict:
    before = bisect_right(moments, row.due_at)
    since = (row.due_at - moments[before - 1]) // timedelta(minutes=1) if before else None
    return {
        "service_id": row.service_id,
        "client_id": row.client_id,
        "delivery_id": row.id,
        "at": row.due_at,
        "minutes_since_entry": since,
        "to_do": True,
        "paused": False,
        "sent_that_day": 0,
        "phones": 1,
        "policy": ALWAYS,
        "chance": CHANCE,
        "sent": True,
        "why": None,
    }
