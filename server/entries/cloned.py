"""Two phones behind one sign-in, as after a backup put onto a second one: the second gets a device of its own."""

from collections.abc import Container, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from server.entries.models import Revision
from server.entries.reading import MOST_SEQ, revision_id_of
from server.extensions import db
from server.people import actions as people
from server.people import tokens
from server.people.models import Client, Device


def owners(client: Client, said: Mapping[UUID, UUID | None]) -> dict[UUID, UUID]:
    """On which device that was made which a phone gives back. One that is not here any more may have been theirs."""
    known = {one: db.session.get(Device, one) for one in {*said.values()} if one}
    theirs = {one for one, found in known.items() if found is None or found.client_id == client.id}
    return {revision_id: one for revision_id, one in said.items() if one in theirs}


def sender(client: Client, device: Device, revisions: Iterable[Any], others: Container[UUID], now: datetime) -> Device:
    """Who really sends these revisions, by the number a phone gives to each thing saved on it.

    `others`: what it gives back, and another phone made.

    A number that this device gave to another revision: it is a second phone, and gets a device of its own. What is
    stored under such a one already: its answer was lost, and it is that one. A phone takes each number once, so
    nothing else ever looks like it. Refused `too-many-tries` where too many second phones came within a day.
    """
    told = {revision_id: number for revision_id, number in map(_told, revisions) if revision_id not in others}
    numbers = {number for number in told.values() if number}
    if not numbers or min(numbers) > device.highest_seq:
        return device
    people.lock(client.id)
    db.session.refresh(device)
    tokens.must_be_in_use(device)  # it may have been ended while we waited
    copies = {one.id: one for one in db.session.scalars(select(Device).where(Device.copy_of == device.id))}
    rows = db.session.execute(
        select(Revision.revision_id, Revision.device_id, Revision.device_seq).where(
            Revision.client_id == client.id,
            Revision.device_id.in_([device.id, *copies]),
            Revision.device_seq.in_(numbers),
        )
    ).all()
    for row in rows:
        if row.device_id in copies and row.revision_id in told:
            return copies[row.device_id]
    own = [row for row in rows if row.device_id == device.id]
    known, taken = {row.revision_id for row in own}, {row.device_seq for row in own}
    if any(number in taken for revision_id, number in told.items() if revision_id not in known):
        return people.set_apart(device=device, now=now)
    return device


def _told(raw: Any) -> tuple[UUID | None, int]:
    """The id and the number of a raw revision; 0 where there is none to go by."""
    number = raw.get("device_seq") if isinstance(raw, dict) else None
    return revision_id_of(raw), number if type(number) is int and 0 < number <= MOST_SEQ else 0
