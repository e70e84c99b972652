"""The link in an email that ends those emails, for whoever reads them: no sign-in, one for each email."""

from datetime import datetime, timedelta
from uuid import UUID

from server.extensions import db
from server.people.models import Client
from server.reminders import proofs
from server.reminders.channels import EMAIL
from server.reminders.models import Delivery
from server.reminders.ways import said_of

LASTS = timedelta(days=180)  # from when the email was due; each newer one has a link of its own


def token_of(delivery_id: UUID, address: str) -> str:
    """What stands in the link of this one email to this address. It names no client, and nobody can make another."""
    return proofs.made("stop-email", delivery_id, f"{delivery_id.hex}|{address}")


def client_of(token: str, now: datetime) -> Client | None:
    """Whose emails this link ends, or None: it is old, the emails go to another address by now, or it never was one."""
    delivery_id = proofs.named_by(token)
    row = db.session.get(Delivery, delivery_id) if delivery_id else None
    if row is None or now - row.due_at > LASTS:
        return None
    client = db.session.get(Client, row.client_id)
    _, addresses = said_of(client)
    return client if proofs.same(token_of(row.id, addresses.get(EMAIL, "")), token) else None
