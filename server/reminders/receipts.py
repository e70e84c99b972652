"""What became of a text after Notify took it: told late, twice or out of order, and settled the same way."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from server.extensions import db
from server.people.models import Client
from server.reminders.channels import SMS
from server.reminders.models import Delivery, DeliveryEvent
from server.reminders.planning import add_events
from server.reminders.ways import end, fall_back, is_dead, ways_of

ARRIVED, REFUSED, LOST = "delivered", "no-such-number", "undelivered"
MEANS = {
    "delivered": ARRIVED,
    "permanent-failure": REFUSED,
    "temporary-failure": LOST,
    "technical-failure": LOST,
}


def note(*, reference: str, status: str, now: datetime) -> bool:
    """Write down one receipt. Answers whether it was ours and new.

    Once it arrived it arrived, whatever is told later; a number that does not exist is no way any more; and what was
    lost goes the next way, while it is worth anything.
    """
    row, what = _text(reference), MEANS.get(status)
    if row is None or what is None or what in (known := _told(row)):
        return False
    add_events([row], what, now)
    if ARRIVED in (what, *known):
        row.state, row.why, row.accepted_at = "accepted", None, row.accepted_at or now
    else:
        row.state, row.why = "failed", what
    row.lease_token = row.lease_until = None  # whoever still holds it has nothing to add
    db.session.flush()
    if row.state == "failed":
        _go_on(row, what, now)
    return True


def _text(reference: str) -> Delivery | None:
    try:
        wanted = UUID(reference)
    except (ValueError, AttributeError, TypeError):
        return None
    return db.session.scalar(select(Delivery).where(Delivery.id == wanted, Delivery.channel == SMS).with_for_update())


def _told(row: Delivery) -> set[str]:
    told = select(DeliveryEvent.what).where(DeliveryEvent.delivery_id == row.id)
    return set(db.session.scalars(told.where(DeliveryEvent.what.in_((ARRIVED, REFUSED, LOST)))))


def _go_on(row: Delivery, what: str, now: datetime) -> None:
    fall_back([row], ways_of([row.client_id]), now)
    if what == REFUSED and is_dead(row):
        client = db.session.get(Client, row.client_id)
        end(client=client, channel=SMS, why="unreachable", by="notify", now=now)
