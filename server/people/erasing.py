"""Erase what was written by and about a client, by destroying the key it is sealed under."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update

from server.audit import actions as audit
from server.errors import Missing
from server.extensions import db
from server.people import actions as people
from server.people.models import Client, Device, Equity


def is_known(client_id: UUID) -> bool:
    """Whether this database has such a client at all."""
    return db.session.scalar(select(Client.id).where(Client.id == client_id)) is not None


def destroy_key(*, client_id: UUID, by, now: datetime) -> bool:
    """Destroy a client's key and what finds them by their number, and end their phones. False: it was done before.

    Days, states, codes and counts stay, since figures rest on them; nothing that anybody wrote of them opens again.
    What they said of themself (ethnicity, sexual orientation …) is no part of a course, and goes.
    """
    people.lock(client_id)
    client = db.session.get(Client, client_id, populate_existing=True)
    if client is None:
        raise Missing
    if not client.data_key:
        return False
    for device in db.session.scalars(select(Device).where(Device.client_id == client_id)):
        people.revoke_device(device=device, by=by, now=now)
    db.session.execute(
        update(Client)
        .where(Client.id == client_id)
        .values(data_key=b"", local_number_lookup=None, safe_contact={})
        .execution_options(synchronize_session=False)
    )
    db.session.execute(delete(Equity).where(Equity.client_id == client_id))
    db.session.expire_all()
    audit.record("client.erased", about=("client", client_id), by=by, client_id=client_id, now=now)
    return True
