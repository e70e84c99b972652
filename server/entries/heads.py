"""Keep the entry rows in step with their revisions: the head shown, whether there are two, whether it is kept."""

from dataclasses import dataclass
from json import loads
from uuid import UUID

from server.entries.hashes import bound_to
from server.entries.models import Entry
from server.entries.quick_sql import ADD_ENTRY, ENTRIES, SHARINGS, SHOW_HEAD, STATES
from server.entries.rules import Choice, State, heads, is_kept
from server.people.models import Client
from server.prepared import forget, listed
from server.sealing import CannotOpen, data_key, open_sealed


@dataclass(frozen=True)
class Projected:
    """What came of it: entries with two heads or more, and every assignment that an entry belongs or belonged to."""

    in_two: set[UUID]
    assignment_ids: set[UUID]


def project(client: Client, entry_ids: set[UUID]) -> Projected:
    """Work out these entries afresh from their revisions, and from what their author chose to share."""
    size, ids = listed("id", entry_ids)
    there = {row.entry_id: row.kept for row in ENTRIES.rows(size, client=client.id, **ids)}
    by_entry: dict[UUID, list] = {}
    for row in STATES.rows(size, client=client.id, **ids):
        by_entry.setdefault(row.entry_id, []).append(row)
    choices, all_read = choices_of(client)
    fresh, changed, done = [], [], Projected(set(), set())
    for entry_id, states in by_entry.items():
        values, count = _entry_of(states, choices.get(entry_id, []))
        # Which one it was about cannot be told of a choice that was damaged: what was kept stays kept.
        values["kept"] |= not all_read and there.get(entry_id, False)
        done.assignment_ids.update(row.assignment_id for row in states if row.assignment_id)
        if count > 1:
            done.in_two.add(entry_id)
        if entry_id in there:
            changed.append({"of_client": client.id, "of_entry": entry_id, **values})
        else:
            fresh.append({"client_id": client.id, "entry_id": entry_id, "service_id": client.service_id, **values})
    ADD_ENTRY.run(fresh)
    SHOW_HEAD.run(changed)
    if changed:
        forget(Entry)
    return done


def choices_of(client: Client) -> tuple[dict[UUID, list[Choice]], bool]:
    """What a client chose to share or to keep, by entry, and whether all of it could be read.

    Which entry it is about is sealed like everything written.
    """
    found: dict[UUID, list[Choice]] = {}
    key, all_read = None, True
    for row in SHARINGS.rows(client=client.id):
        key = key or data_key(client.data_key, f"client|{client.id}")
        try:
            body = loads(open_sealed(key, row.body_sealed, bound_to(client.id, row.revision_id, "body")))
        except CannotOpen:
            all_read = False
            continue
        about = UUID(body["payload"]["entry_id"])
        found.setdefault(about, []).append(Choice(body["payload"]["shared"], row.effective_at, row.feed_seq))
    return found, all_read


def _entry_of(rows: list, choices: list[Choice]) -> tuple[dict, int]:
    states = {
        row.revision_id: State(row.revision_id, tuple(row.parents), row.kind, row.effective_at, row.feed_seq, row.kept)
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
        "kept": head.subject_kind == "entry" and is_kept(states.values(), choices),
        "outcome": head.outcome,
        "happened_at": head.happened_at,
        "first_received_at": min(row.received_at for row in rows),
    }
    return values, len(found)
