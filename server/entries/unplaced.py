"""What was put aside because the work it is about is not here, as far as staff may read it.

It comes from phones after an older copy of the database was put back: the client wrote it, and it waits for nothing but
somebody who reads it. The same rules hold as for every entry: the last state alone, nothing that was taken back, and no
word of what its author keeps for now.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from server.entries.heads import choices_of
from server.entries.models import Quarantined
from server.entries.reading import Read, Unreadable, read
from server.entries.rules import State, heads, is_kept
from server.extensions import db
from server.people.models import Client
from server.sealing import CannotOpen
from server.worksheets.definition import Worksheet
from server.worksheets.library import library

UNPLACED = "unknown-subject"


@dataclass(frozen=True)
class Unplaced:
    """One thing that a client wrote or said. `answers`: as in `Entry`; `worksheet`: None of a free task."""

    said: Read
    worksheet: Worksheet | None
    answers: Mapping[str, Any]


def unplaced_of(client: Client) -> dict[UUID, Unplaced]:
    """What may be read of a client's unplaced things, by the id under which each was put aside."""
    wanted = select(Quarantined).where(Quarantined.client_id == client.id, Quarantined.reason == UNPLACED)
    rows = db.session.scalars(wanted.order_by(Quarantined.received_at, Quarantined.id))
    found = {row.id: one for row in rows if (one := _read(row)) and one.subject_kind in ("entry", "answer")}
    if not found:
        return {}
    choices, all_read = choices_of(client)
    by_entry: dict[UUID, dict[UUID, State]] = {}
    for order, (key, one) in enumerate(found.items()):
        by_entry.setdefault(one.entry_id, {})[key] = _state(one, order)
    shown = {}
    for entry_id, states in by_entry.items():
        # Which one a choice was about cannot be told of one that was damaged: then nothing is shown.
        if not all_read or is_kept(states.values(), choices.get(entry_id, [])):
            continue
        last = {head.revision_id for head in heads(states.values()) if head.kind != "delete"}
        shown |= {key: _shown(found[key]) for key, state in states.items() if state.revision_id in last}
    return shown


def _read(row: Quarantined) -> Read | None:
    try:
        return read(json.loads(row.raw or ""))
    except (CannotOpen, Unreadable, ValueError, RecursionError):
        return None


def _state(one: Read, order: int) -> State:
    kept = one.subject_kind == "entry" and bool(one.payload.get("kept"))
    return State(one.revision_id, one.parents, one.kind, one.created_at, order, kept)


def _shown(one: Read) -> Unplaced:
    if one.subject_kind == "answer":
        return Unplaced(one, None, one.payload)
    return Unplaced(one, library().get(one.form_key or "", one.form_version or 0), one.payload["answers"])
