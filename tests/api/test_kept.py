"""Kept for now, and whose worksheet it is, through the sync itself, on both databases."""

from datetime import timedelta

import pytest

from server.api.sync import take_in
from server.assignments.queries import occurrences_of
from server.entries.actions import contact
from server.entries.queries import entries_of, entry_of, last_contacts
from server.extensions import atomic, db
from tests.cast import NOW


@pytest.fixture
def agreed(both, cast):
    cast.pair()
    return cast.agree()


def send(cast, *revisions, minute=0):
    with atomic():
        received = take_in(cast.anna, cast.phone, list(revisions), NOW + timedelta(minutes=minute))
    db.session.expire_all()
    return [receipt.status for receipt in received.receipts]


def sharing(cast, entry, shared, minute):
    happened = NOW + timedelta(minutes=minute)
    return cast.revision({"kind": "sharing"}, {"entry_id": entry["entry_id"], "shared": shared}, happened)


def edit(cast, agreed, entry, kept, minute):
    at = (NOW + timedelta(minutes=minute)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    changed = cast.entry(agreed.id, entry_id=entry["entry_id"], parents=[entry["revision_id"]], created_at=at)
    return {**changed, "payload": {**changed["payload"], "kept": kept}}


def shown(cast):
    return [view.answers is not None for view in entries_of(cast.anna)]


def test_mending_a_typo_does_not_show_what_is_kept(cast, agreed):
    entry = cast.entry(agreed.id)
    send(cast, entry)
    assert shown(cast) == [True]
    send(cast, sharing(cast, entry, False, 1), minute=1)
    assert shown(cast) == [False]
    send(cast, edit(cast, agreed, entry, False, 2), minute=2)
    assert shown(cast) == [False]
    send(cast, sharing(cast, entry, True, 3), minute=3)
    assert shown(cast) == [True]


def test_with_two_heads_neither_text_is_shown_while_one_is_kept(cast, agreed):
    entry = cast.entry(agreed.id)
    other = cast.entry(agreed.id, entry_id=entry["entry_id"])
    other["payload"]["kept"] = True
    send(cast, entry)
    assert send(cast, other) == ["stored_conflict"]
    views = entry_of(cast.anna, entries_of(cast.anna)[0].entry.entry_id)
    assert [view.answers for view in views] == [None, None]


def test_an_entry_that_moves_to_another_task_leaves_the_first(cast, agreed):
    other = cast.agree()
    entry = cast.entry(agreed.id, slot="w1#1")
    send(cast, entry)
    moved = cast.entry(other.id, slot="w1#1", entry_id=entry["entry_id"], parents=[entry["revision_id"]])
    send(cast, moved, minute=1)
    states = {(o.assignment_id, o.slot): o.state for o in occurrences_of(cast.anna.id)}
    assert (states[agreed.id, "w1#1"], states[other.id, "w1#1"]) == ("open", "done")


def test_another_worksheet_than_the_agreed_one_is_put_aside(cast, agreed):
    wrong = cast.entry(agreed.id, form_key="low-intensity-cbt/problem-solving")
    none = cast.entry(agreed.id, form_key=None, form_version=None)
    assert send(cast, wrong, none) == ["quarantined", "quarantined"]


def test_one_empty_phone_does_not_make_up_for_one_that_holds_something(cast, agreed):
    first = cast.phone
    second = cast.pair()
    with atomic():
        contact(client=cast.anna, device=second, outbox=3, device_seq=3, now=NOW)
        contact(client=cast.anna, device=first, outbox=0, device_seq=0, now=NOW + timedelta(hours=5))
    known = last_contacts([cast.anna.id])[cast.anna.id]
    assert (known.emptied_for(NOW), known.outbox) == (None, 3)
    with atomic():
        contact(client=cast.anna, device=second, outbox=0, device_seq=3, now=NOW + timedelta(hours=6))
    assert last_contacts([cast.anna.id])[cast.anna.id].emptied_for(NOW) == NOW + timedelta(hours=6)
