"""The link in an email that ends those emails, for whoever reads them: no sign-in, one for each email."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from uuid import UUID

from server.extensions import db
from server.people.models import Client
from server.reminders.channels import EMAIL
from server.reminders.models import Delivery
from server.reminders.ways import said_of
from server.sealing import ring

LASTS = timedelta(days=180)  # from when the email was due; each newer one has a link of its own


def token_of(delivery_id: UUID, address: str) -> str:
    """What stands in the link of this one email to this address. It names no client, and nobody can make another."""
    mac = bytes.fromhex(ring().keyed("stop-email", f"{delivery_id.hex}|{address}"))[:16]
    return urlsafe_b64encode(delivery_id.bytes + mac).decode().rstrip("=")


def client_of(token: str, now: datetime) -> Client | None:
    """Whose emails this link ends, or None: it is old, the emails go to another address by now, or it never was one."""
    row = _named_by(token)
    if row is None or now - row.due_at > LASTS:
        return None
    client = db.session.get(Client, row.client_id)
    _, addresses = said_of(client)
    right = token_of(row.id, addresses.get(EMAIL, ""))
    return client if hmac.compare_digest(right.encode(), token.encode()) else None


def _named_by(token: str) -> Delivery | None:
    try:
        return db.session.get(Delivery, UUID(bytes=urlsafe_b64decode(f"{token}=")[:16]))
    except ValueError:
        return None
