"""Hashes of what phones sent, sealed: one in the open tells closed answers to whoever hashes all there can be."""

import hashlib
from typing import Any
from uuid import UUID

from server.sealing import CannotOpen, DataKey, open_sealed, seal


def sealed_hash(key: DataKey, client_id: UUID, revision_id: UUID, content_hash: str) -> bytes:
    """As `Revision.content_hash` seals it."""
    return seal(key, content_hash.encode(), bound_to(client_id, revision_id, "content_hash"))


def hash_of(key: DataKey, client_id: UUID, row: Any) -> str:
    """Of a stored revision (revision_id, content_hash_sealed, body_sealed); "" where neither of the two opens."""
    for column, read in (("content_hash", bytes.decode), ("body", _hashed)):
        try:
            sealed = getattr(row, f"{column}_sealed")
            return read(open_sealed(key, sealed or b"", bound_to(client_id, row.revision_id, column)))
        except CannotOpen:
            continue
    return ""


def _hashed(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


def bound_to(client_id: UUID, revision_id: UUID, column: str) -> str:
    """Which row and column a sealed part of a revision is bound to, as its model has it: `body` or `content_hash`."""
    return f"revision|{client_id}/{revision_id}|{column}|1"
