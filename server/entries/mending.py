"""What was damaged in the database is stored anew from a phone that still holds it: its hash says it is the same."""

import logging
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import update

from server.entries.hashes import bound_to, sealed_hash
from server.entries.models import Revision
from server.entries.reading import Read
from server.extensions import db
from server.people import actions as people
from server.people.models import Client
from server.prepared import forget
from server.sealing import CannotOpen, DataKey, open_sealed, seal

OPEN = (
    *("entry_id", "subject_kind", "assignment_id", "slot", "kind", "form_key", "form_version"),
    *("happened_at", "happened_local", "medium", "helped_by", "device_seq", "created_at"),
)

log = logging.getLogger(__name__)


def mend(
    client: Client,
    key: DataKey,
    there: Iterable[Any],
    known: dict[UUID, str],
    sent: Mapping[UUID, Any],
) -> list[Any]:
    """Of what is stored (`there`: revision_id, body_sealed) seal anew what does not open any more.

    `known`: their hashes by id, "" where that was damaged too: then what agrees with all that stands in the open is
    taken, and its hash is known from now on. `sent`: what a phone sends once more (text, content_hash, read). Returns
    those of them that mended one; the feed tells them again, so that phones that could not be given them hear of them
    now. Their order among the others stays: of two that count as saved at one moment it tells which is the last word.
    """
    mended = []
    for row in there:
        one = sent[row.revision_id]
        if not known[row.revision_id] and _agrees(client, one.read):
            known[row.revision_id] = one.content_hash
        if known[row.revision_id] != one.content_hash:
            continue
        if not _opens(key, row.body_sealed, bound_to(client.id, row.revision_id, "body")):
            _store_anew(client, key, row.revision_id, one)
            mended.append(one)
    return mended


def _agrees(client: Client, read: Read | None) -> bool:
    """With what stands of it in the open. Of what staff wrote down no phone is believed."""
    row = db.session.get(Revision, (client.id, read.revision_id)) if read else None
    if read is None or row is None or row.practitioner_id is not None:
        return False
    kept = read.subject_kind == "entry" and bool(read.payload.get("kept"))
    same = all(getattr(row, name) == getattr(read, name) for name in OPEN)
    return same and row.parents == list(read.parents) and row.kept == kept


def _store_anew(client: Client, key: DataKey, revision_id: UUID, one: Any) -> None:
    sealed = {
        "body_sealed": seal(key, one.text, bound_to(client.id, revision_id, "body")),
        "content_hash_sealed": sealed_hash(key, client.id, revision_id, one.content_hash),
    }
    db.session.execute(
        update(Revision)
        .where(Revision.client_id == client.id, Revision.revision_id == revision_id)
        .values(**sealed, mended_seq=people.next_feed(client.id))
        .execution_options(synchronize_session=False)
    )
    forget(Revision)
    log.warning("Mended from a phone: revision %s/%s", client.id, revision_id)


def _opens(key: DataKey, sealed: bytes, identity: str) -> bool:
    try:
        open_sealed(key, sealed, identity)
    except CannotOpen:
        return False
    return True
