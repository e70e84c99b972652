"""A phone's token: changed for another once a day at most, and one that is out of use says that the phone was copied.

docs/decisions/021-a-token-that-changes.md. The first is random, and only its hash is kept. Each later one says
whose it is, the how manieth, and when it was given out, under a MAC: so a database that was put back knows it too.
"""

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update

from server.audit import actions as audit
from server.errors import Refused
from server.extensions import db
from server.people import actions as people
from server.people.models import Device
from server.people.sign_in import hash_token
from server.sealing import ring

EVERY = timedelta(days=1)
ON_DISK = timedelta(minutes=2)  # browsers write cookies within half a minute: until then, a flat battery undoes one
ON_ITS_WAY = timedelta(minutes=10)  # so late may arrive what was sent with the token before


@dataclass(frozen=True)
class Told:
    """What a token says."""

    device: Device
    generation: int
    issued_at: datetime

    def is_out_of_use(self, now: datetime) -> bool:
        """Whether a later one was used, longer ago than anything of this phone's can have been on its way."""
        behind = self.device.generation - self.generation
        since = self.device.generation_at
        return behind > 1 or (behind == 1 and (since is None or now - since > ON_ITS_WAY))


def token_of(device: Device, generation: int, now: datetime) -> str:
    """A token of that generation. All of one generation are as good as each other."""
    issued = int(now.timestamp())
    return f"{device.id.hex}.{generation}.{issued}.{_mac(device, generation, issued)}"


def read(token: str | None) -> Told | None:
    """What a token says, of ended phones too; None for none of ours."""
    if not token:
        return None
    if token.count(".") != 3:
        first = db.session.scalar(select(Device).where(Device.token_hash == hash_token(token)))
        return Told(first, 0, first.paired_at) if first else None
    name, generation, issued, mac = token.split(".")
    if not (_is_number(generation) and _is_number(issued) and len(name) == 32):
        return None
    try:
        device = db.session.get(Device, UUID(hex=name))
    except ValueError:
        return None
    if device is None or not hmac.compare_digest(_mac(device, int(generation), int(issued)).encode(), mac.encode()):
        return None
    return Told(device, int(generation), datetime.fromtimestamp(int(issued), UTC))


def must_be_in_use(device: Device | None) -> Device:
    """The phone, if it may still ask for anything. Refused `not-signed-in`, `device-revoked`, `device-copied` else."""
    if device is None:
        raise Refused("not-signed-in")
    if device.revoked_at:
        raise Refused("device-revoked", device_id=str(device.id))
    if device.copied_at:
        raise Refused("device-copied")
    if device.ended_at:
        raise Refused("not-signed-in")
    return device


def renewed(told: Told, now: datetime) -> str | None:
    """The end of a cycle: whether this token counts as used now, and the next one to give out, if it is time.

    A token given out again later is another of its generation. The one before is good until the next was used, and
    that counts only once it must be on disk. One from the future was given out while our clock ran ahead: it is due.
    """
    device, age = told.device, now - told.issued_at
    ahead = age <= -ON_DISK  # more than the clocks of two servers are apart
    if told.generation > device.generation and (age >= ON_DISK or ahead):
        later = Device.generation < told.generation
        values = {"generation": told.generation, "generation_at": now}
        db.session.execute(update(Device).where(Device.id == device.id, later).values(**values))
    elif told.generation == device.generation and (age >= EVERY or ahead):
        return token_of(device, told.generation + 1, now)
    return None


def end_copied(told: Told, now: datetime) -> None:
    """A token that is out of use came: two hold it, and nobody can tell who is who. Neither goes on; nothing is wiped.

    Whoever copied it may have been taken for a second phone: those that began as one with it end too. Whether it is
    out of use is looked at once more, under the row's lock.
    """
    people.lock(told.device.client_id)
    device = db.session.scalar(
        select(Device).where(Device.id == told.device.id).with_for_update().execution_options(populate_existing=True)
    )
    if device.ended_at or device.revoked_at or not told.is_out_of_use(now):
        return
    device.ended_at = device.copied_at = now
    people.end_install_codes(device, now)
    db.session.flush()
    detail = {"generation": told.generation, "newest": device.generation}
    audit.record("device.copied", about=device, by="somebody", client_id=device.client_id, detail=detail, now=now)
    people.end_others(device=device, by="somebody", now=now)


def _mac(device: Device, generation: int, issued: int) -> str:
    return ring().keyed("phone-token", f"{device.id}|{generation}|{issued}|{device.token_hash}")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 12
