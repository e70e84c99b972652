"""What was damaged in the database is stored anew from a phone that still holds it: its hash says it is the same."""

import logging
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import update

from server.entries.models import Revision
from server.extensions import db
from server.people import actions as people
from server.people.models import Client
from server.prepared import forget
from server.sealing import CannotOpen, DataKey, open_sealed, seal

log = logging.getLogger(__name__)


def mend(
    client: Client,
    key: DataKey,
    there: Iterable[Any],
    known: Mapping[UUID, str],
    sent: Mapping[UUID, tuple[bytes, str]],
) -> int:
    """Of what is stored (`there`: revision_id, body_sealed) seal anew what does not open any more.

    `known`: their hashes by id. `sent`: the canonical bytes and the hash of what a phone sends once more. Returns how
    many were mended; the feed tells them again, so that phones that could not be given them hear of them now. Their
    order among the others stays: of two that count as saved at one moment it tells which is the last word.
    """
    mended = 0
    for row in there:
        text, content_hash = sent[row.revision_id]
        if known[row.revision_id] != content_hash:
            continue
        if not _opens(key, row.body_sealed, _identity(client, row.revision_id)):
            _store_anew(client, row.revision_id, seal(key, text, _identity(client, row.revision_id)))
            mended += 1
    return mended


def _store_anew(client: Client, revision_id: UUID, sealed: bytes) -> None:
    db.session.execute(
        update(Revision)
        .where(Revision.client_id == client.id, Revision.revision_id == revision_id)
        .values(body_sealed=sealed, mended_seq=people.next_feed(client.id))
        .execution_options(synchronize_session=False)
    )
    forget(Revision)
    log.warning("Mended from a phone: revision %s/%s", client.id, revision_id)


def _identity(client: Client, revision_id: UUID) -> str:
    return f"revision|{client.id}/{revision_id}|body|1"


def _opens(key: DataKey, sealed: bytes, identity: str) -> bool:
    try:
        open_sealed(key, sealed, identity)
    except CannotOpen:
        return False
    return True
