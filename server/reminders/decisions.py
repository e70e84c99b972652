"""Write down each moment at which a reminder could be sent: what was known, what was done, and by which chance.

A trial of reminders needs this from the first day on: what was known cannot be worked out afterwards.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from server.entries.models import Entry
from server.extensions import among, db, inserting
from server.reminders.models import DecisionPoint, Delivery
from server.reminders.rules import Facts

ALWAYS = "always-1"  # whatever nothing speaks against is sent: a trial puts a policy of its own here
CHANCE = 1.0


def note(rows: Sequence[Delivery], facts: Mapping[UUID, Facts], now: datetime) -> None:
    """Keep one row for each of these deliveries, as just decided: still claimed is sent, anything else has a `why`.

    The first decision about a delivery holds; another try of it decides nothing.
    """
    if not rows:
        return
    wrote = _last_entries({row.client_id for row in rows}, now)
    values = [_point(row, facts[row.id], wrote.get(row.client_id), now) for row in rows]
    statement = inserting(DecisionPoint).on_conflict_do_nothing(index_elements=[DecisionPoint.delivery_id])
    db.session.execute(statement.returning(DecisionPoint.id), values)  # asked for a number: one statement for all


def _point(row: Delivery, known: Facts, wrote_at: datetime | None, now: datetime) -> dict:
    sent = row.state == "claimed"
    return {
        "service_id": row.service_id,
        "client_id": row.client_id,
        "delivery_id": row.id,
        "at": now,
        "minutes_since_entry": (now - wrote_at) // timedelta(minutes=1) if wrote_at else None,
        "to_do": known.to_do,
        "paused": _is_paused(known),
        "sent_that_day": known.sent_that_day,
        "phones": known.phones,
        "policy": ALWAYS,
        "chance": CHANCE if sent else 0.0,
        "sent": sent,
        "why": None if sent else row.why,
    }


def _is_paused(known: Facts) -> bool:
    return known.hours is not None and known.hours.is_paused(known.local_date)


def _last_entries(client_ids: Iterable[UUID], now: datetime) -> dict[UUID, datetime]:
    # As the server knew it: what a phone had not sent yet was not known.
    rows = db.session.execute(
        select(Entry.client_id, func.max(Entry.first_received_at).label("at"))
        .where(among(Entry.client_id, client_ids), Entry.subject_kind == "entry", Entry.first_received_at <= now)
        .group_by(Entry.client_id)
    )
    return {row.client_id: row.at for row in rows}
