"""The messages that go to an address rather than to a phone: emails and texts, as neutral as a notification."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import current_app
from sqlalchemy import func, select

from server.extensions import db
from server.people.models import Client
from server.reminders import wording
from server.reminders.channels import EMAIL, SMS, Ways
from server.reminders.models import Delivery, DeliveryEvent, ReminderRule
from server.reminders.senders.mail import Mail
from server.reminders.senders.sms import Text
from server.reminders.stopping import token_of

UNANSWERED = "unanswered"
ORIGINS = {EMAIL: "smtp", SMS: "notify"}  # what is given a rest when it has trouble


def sent_perhaps(rows: Sequence[Delivery]) -> set[UUID]:
    """Which of these texts may have been sent before: claimed more than once, whatever came of it."""
    ids = [row.id for row in rows if row.channel == SMS]
    if not ids:
        return set()
    claimed = select(DeliveryEvent.delivery_id).where(
        DeliveryEvent.delivery_id.in_(ids), DeliveryEvent.what == "claimed"
    )
    return set(db.session.scalars(claimed.group_by(DeliveryEvent.delivery_id).having(func.count() > 1)))


def unanswered(rows: Sequence[Delivery]) -> set[UUID]:
    """Which of these texts nobody can say of whether they were sent: no answer came, or a worker died over them."""
    ids = [row.id for row in rows if row.channel == SMS]
    if not ids:
        return set()
    told = DeliveryEvent.what.in_((UNANSWERED, "taken-over"))
    return set(db.session.scalars(select(DeliveryEvent.delivery_id).where(DeliveryEvent.delivery_id.in_(ids), told)))


def letter(row: Delivery, ref: Any, ways: Ways, base_url: str, again: bool) -> Mail | Text:
    """The message for a delivery by email or text. It holds no name, no code and no word of what it is about."""
    language, level = db.session.get(Client, row.client_id).language, db.session.get(ReminderRule, row.rule_id).level
    if row.channel == SMS:
        return Text(ref, ways.addresses[SMS], wording.sms_text(level, language, base_url), str(row.id), again)
    stop = f"{base_url}/api/stop/{token_of(row.id, ways.addresses[EMAIL])}"
    read = bool(current_app.config["MEANTIME"].mail_reply_to)
    return Mail(
        ref,
        to=ways.addresses[EMAIL],
        subject=wording.title(level, language),
        text=wording.mail_text(language, base_url, stop, read),
        stop=stop,
        message_id=f"<{row.id.hex}@{urlsplit(base_url).hostname}>",
    )
