"""What a phone sends in an odd shape is answered, kept, and changes nothing; the batch round it goes through."""

import pytest

from server.assignments import queries as assignments
from server.engagement.actions import refresh_all
from server.entries.queries import entries_of
from server.extensions import atomic, db
from server.people.models import Client
from tests.api.test_sync import phone  # noqa: F401
from tests.cast import NOW, new_uuid


def about(kind, agreed=None, **more):
    return {"kind": kind, **({"assignment_id": str(agreed)} if agreed else {}), **more}


UNREADABLE = {
    "a deleted sharing of no entry": lambda c, a: c.revision(about("sharing"), {"entry_id": "xyz"}, kind="delete"),
    "a deleted sharing": lambda c, a: c.revision(about("sharing"), {"entry_id": new_uuid()}, kind="delete"),
    "a deleted maybe": lambda c, a: c.revision(about("research"), {"choice": "maybe"}, kind="delete"),
    "a deleted answer": lambda c, a: c.revision(
        about("answer", a, slot="w1#1"), {"answer": "done", "barrier": {"a": 1}}, kind="delete"
    ),
    "a deleted plan": lambda c, a: c.revision(about("plan", a), {"plan": "x"}, kind="delete"),
    "a zone that is a list": lambda c, a: c.revision(about("setting"), {"name": "zone", "value": []}),
    "a language with a NUL": lambda c, a: c.revision(about("setting"), {"name": "language", "value": "a\x00"}),
    "a language that is none": lambda c, a: c.revision(about("setting"), {"name": "language", "value": "<b>"}),
    "a day in 9999": lambda c, a: c.answer(a, "w1#1", "not_today", outcome="another_day", moved_to="9999-12-31"),
    "a day as a week": lambda c, a: c.answer(a, "w1#1", "not_today", outcome="another_day", moved_to="2026-W48-1"),
    "a barrier in free text": lambda c, a: c.answer(a, "w1#1", "not_today", barrier="my mother came"),
    "a barrier that is a list": lambda c, a: c.answer(a, "w1#1", "not_today", barrier=["no_time"]),
    "a number too large to keep": lambda c, a: c.entry(a, device_seq=2**31),
}
CHANGES_NOTHING = {
    "a deleted plan": lambda c, a: c.revision(about("plan", a), {}, kind="delete"),
    "a deleted setting": lambda c, a: c.revision(about("setting"), {}, kind="delete"),
    "a deleted choice": lambda c, a: c.revision(about("research"), {}, kind="delete"),
    "a deleted sharing": lambda c, a: c.revision(about("sharing"), {}, kind="delete"),
    "an unknown zone": lambda c, a: c.revision(about("setting"), {"name": "zone", "value": "Europe/Leeds"}),
    "a reminder without a time": lambda c, a: c.revision(about("setting"), {"name": "reminder", "at": [], "on": 1}),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_what_cannot_be_kept_in_its_columns_is_kept_aside(what, phone):  # noqa: F811
    agreed = phone.cast.made["agreed"].id
    good = phone.cast.entry(agreed)
    results = phone.push(UNREADABLE[what](phone.cast, agreed), good).json["results"]
    assert [result["status"] for result in results] == ["quarantined", "stored"]
    assert results[0]["code"] == "unreadable"
    with atomic():
        refresh_all(client=db.session.get(Client, phone.cast.anna.id), now=NOW)
    assert phone.pull().status_code == 200


@pytest.mark.parametrize("what", CHANGES_NOTHING)
def test_what_says_nothing_changes_nothing(what, phone):  # noqa: F811
    agreed = phone.cast.made["agreed"].id
    assert phone.statuses(CHANGES_NOTHING[what](phone.cast, agreed), phone.cast.entry(agreed)) == ["stored", "stored"]
    client = db.session.get(Client, phone.cast.anna.id)
    assert (client.zone, client.language, client.research) == ("Europe/London", "en", "not_asked")
    assert assignments.of_assignment(client, agreed).version.number == 1
    assert phone.pull().status_code == 200


@pytest.mark.parametrize("digits", ["9" * 19, "9" * 60])
def test_a_cursor_that_is_too_large_begins_anew(digits, phone):  # noqa: F811
    epoch = phone.pull().json["epoch"]
    answer = phone.pull(f"{epoch}.{digits}")
    assert (answer.status_code, answer.json["code"]) == (409, "epoch-changed")


def test_own_words_about_what_is_only_filled_in_together_are_kept_as_an_entry(phone):  # noqa: F811
    """The phone has no questions for it, so it takes words as for a free task; staff read them like any other."""
    cast = phone.cast
    together = cast.agree("emotional-skills/riding-the-wave").id
    words = cast.revision(
        {"kind": "entry", "assignment_id": str(together)}, {"answers": {"text": "It was a long night."}}
    )
    usual = cast.revision({"kind": "entry", "assignment_id": str(cast.made["agreed"].id)}, {"answers": {"text": "Hm."}})
    assert phone.statuses(words, usual) == ["stored", "quarantined"], "another worksheet is still no free task"
    with atomic():
        refresh_all(client=db.session.get(Client, cast.anna.id), now=NOW)
    kept = entries_of(db.session.get(Client, cast.anna.id), together)
    assert [one.revision.body["payload"]["answers"] for one in kept] == [{"text": "It was a long night."}]
    assert kept[0].revision.outcome == "tried"
