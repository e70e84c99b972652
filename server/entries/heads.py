"""Keep the entry rows in step with their revisions: the head that is shown, and whether there are two."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, update

from server.entries.models import Entry, Revision
from server.entries.rules import State, heads
from server.extensions import db
from server.people.models import Client

R = Revision
COLUMNS = (R.entry_id, R.revision_id, R.parents, R.kind, R.effective_at, R.feed_seq, R.subject_kind)
COLUMNS += (R.assignment_id, R.slot, R.outcome, R.kept, R.happened_at, R.received_at)


def project(client: Client, entry_ids: set[UUID], now: datetime) -> set[UUID]:
    """Work out these entries afresh from their revisions. Returns those that have two heads or more."""
    known = select(Entry.entry_id, Entry.kept).where(Entry.client_id == client.id, Entry.entry_id.in_(entry_ids))
    there = {row.entry_id: row.kept for row in db.session.execute(known)}
    rows = db.session.execute(select(*COLUMNS).where(R.client_id == client.id, R.entry_id.in_(entry_ids))).all()
    by_entry: dict[UUID, list] = {}
    for row in rows:
        by_entry.setdefault(row.entry_id, []).append(row)
    fresh, in_two = [], set()
    for entry_id, states in by_entry.items():
        values, count = _entry_of(states)
        if count > 1:
            in_two.add(entry_id)
        if entry_id in there:
            db.session.execute(
                update(Entry)
                .where(Entry.client_id == client.id, Entry.entry_id == entry_id)
                .values(**values)
                .execution_options(synchronize_session=False)
            )
        else:
            owner = {"client_id": client.id, "entry_id": entry_id, "service_id": client.service_id}
            fresh.append({**owner, **values})
    if fresh:
        db.session.execute(insert(Entry), fresh)
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
