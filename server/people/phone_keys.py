"""The key the service holds for each phone: it opens what lies sealed there, and is given out after a new sign-in only.

The phone makes it, wraps its own data key with it and hands it over. So a forgotten PIN costs a new code and no words.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from server.audit import actions as audit
from server.errors import Refused
from server.extensions import db
from server.people.models import Device, Invitation

FRESH = timedelta(minutes=15)


def hold_key(*, device: Device, key: str, now: datetime) -> None:
    """Hold the key of this phone. A newer one takes the place of the one before."""
    device.phone_key = key
    db.session.flush()
    audit.record("device.key_held", about=device, by=device, client_id=device.client_id, now=now)


def release_key(*, device: Device, of: UUID, now: datetime) -> str:
    """The key of an earlier phone of the same client, to one that has just been let in by a code of the practitioner.

    Refused `not-yours` for anybody else's, one that was never held and one the service ended; `not-signed-in` where no
    such code was typed in the last quarter of an hour: who has only the phone in hand never gets it.
    """
    let_in = select(Invitation.id).where(
        Invitation.device_id == device.id, Invitation.purpose == "pair", Invitation.used_at > now - FRESH
    )
    if not db.session.scalar(let_in):
        raise Refused("not-signed-in")
    earlier = db.session.get(Device, of)
    known = earlier is not None and earlier.client_id == device.client_id and earlier.revoked_at is None
    if not known or earlier.phone_key is None:
        raise Refused("not-yours")
    audit.record("device.key_released", about=earlier, by=device, client_id=device.client_id, now=now)
    return earlier.phone_key
