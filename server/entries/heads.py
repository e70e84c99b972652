"""Keep the entry rows in step with their revisions: the head that is shown, and whether there are two."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update

from server.entries.models import Entry
from server.entries.quick_sql import ADD_ENTRY, ENTRIES, SHOW_HEAD, STATES
from server.entries.rules import State, heads
from server.extensions import db
from server.people.models import Client
from server.prepared import forget, listed


def project(client: Client, entry_ids: set[UUID], now: datetime) -> set[UUID]:
    """Work out these entries afresh from their revisions. Returns those that have two heads or more."""
    size, ids = listed("id", entry_ids)
    there = {row.entry_id for row in ENTRIES.rows(size, client=client.id, **ids)}
    by_entry: dict[UUID, list] = {}
    for row in STATES.rows(size, client=client.id, **ids):
        by_entry.setdefault(row.entry_id, []).append(row)
    fresh, changed, in_two = [], [], set()
    for entry_id, states in by_entry.items():
        values, count = _entry_of(states)
        if count > 1:
            in_two.add(entry_id)
        if entry_id in there:
            changed.append({"of_client": client.id, "of_entry": entry_id, **values})
        else:
            fresh.append({"client_id": client.id, "entry_id": entry_id, "service_id": client.service_id, **values})
    ADD_ENTRY.run(fresh)
    SHOW_HEAD.run(changed)
    if changed:
        forget(Entry)
    return in_two


def share(client: Client, entry_id: UUID, shared: bool) -> None:
    """The author shares an entry that was kept for now, or keeps it again. Only one's own."""
    db.session.execute(
        update(Entry).where(Entry.client_id == client.id, Entry.entry_id == entry_id).values(kept=not shared)
    )


def _entry_of(rows: list) -> tuple[dict, int]:
    states = {
        row.revision_id: State(row.revision_id, tuple(row.parents), row.kind, row.effective_at, row.feed_seq)
        for row in rows
    }
    found = heads(states.values())
    head = next(row for row in rows if row.revision_id == found[0].revision_id)
    values = {
        "subject_kind": head.subject_kind,
        "assignment_id": head.assignment_id,
        "slot": head.slot,
        "head_id": head.revision_id,
        "heads": len(found),
        "revisions": len(rows),
        "deleted": head.kind == "delete",
        "kept": head.kept,
        "outcome": head.outcome,
        "happened_at": head.happened_at,
        "first_received_at": min(row.received_at for row in rows),
    }
    return values, len(found)
