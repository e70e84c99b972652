"""Paper work beside what the client said on their phone: theirs is never written over, unshared or lost from sight."""

from datetime import timedelta

import pytest

from server.assignments.queries import occurrences_of
from server.entries import queries as entries
from server.extensions import db
from tests.cast import NOW, new_uuid
from tests.dashboard.browser import words
from tests.dashboard.conftest import HOSTILE, send
from tests.dashboard.test_paper import BEFORE, SLEEP, paper, states, week

__all__ = ["week"]


def put_off(cast, week, slot: str) -> dict:
    """The client says not today, moves it to today, and says why in words of their own."""
    return cast.answer(
        week.agreed, slot, "not_today", outcome="another_day", moved_to=NOW.date().isoformat(), barrier="too_low",
        words=f"I could not get up {HOSTILE}",
    )  # fmt: skip


def test_a_count_goes_round_what_the_client_said_while_there_is_room(ben, cast, week):
    cast.pair(BEFORE)
    slots = [one.slot for one in occurrences_of(cast.anna.id, week.agreed)]
    later = put_off(cast, week, slots[0])
    less = cast.answer(week.agreed, slots[1], "not_today", outcome="smaller", barrier="no_time", words="Half of it")
    send(cast, [later, less], NOW - timedelta(days=1))
    ben.send(ben.page(week.appointment), f"{week.agreed}/line", done="3")
    assert states(cast, week) == ["moved", "open", "done", "done", "done"]
    each = words(ben.page(f"{week.home}/occurrences"))
    assert "I could not get up" in each and "The client had said" not in each


def test_where_the_count_needs_their_time_their_reason_and_words_stay_on_the_row(ben, cast, week):
    cast.pair(BEFORE)
    slots = [one.slot for one in occurrences_of(cast.anna.id, week.agreed)]
    later = put_off(cast, week, slots[0])
    send(cast, [later], NOW - timedelta(days=1))
    ben.send(ben.page(week.appointment), f"{week.agreed}/line", done="4", not_done="1")
    assert states(cast, week) == ["not_done", "done", "done", "done", "done"]
    for path in (f"{week.home}/occurrences", week.appointment):
        answer = ben.fetch(path)
        assert "The client had said: " in answer.text and "I could not get up" in answer.text, path
        assert "<script>alert" not in answer.text
    ben.send(ben.page(week.appointment), f"{week.agreed}/undo")
    each = words(ben.page(f"{week.home}/occurrences"))
    assert states(cast, week)[0] == "moved" and "The client had said" not in each and "I could not get up" in each


def resaved(view, note: str, kept: bool) -> dict:
    """The client goes on with what staff typed in."""
    raw = {**view.revision.body, "revision_id": new_uuid(), "parents": [str(view.revision.revision_id)]}
    raw |= {"medium": "worksheet", "entered_by": "client", "device_seq": 90}
    raw["payload"] = {"answers": {**view.answers, "note": note}, "kept": kept}
    return raw


@pytest.mark.parametrize("kept", [True, False])
def test_an_old_form_sent_again_leaves_what_the_client_made_of_it(ben, cast, time, kept):
    agreed, place, data = paper(ben, cast, SLEEP)
    cast.pair(BEFORE)
    ben.fetch(place, "POST", data=data)
    [view] = entries.entries_of(cast.anna, agreed)
    time.now = NOW + timedelta(minutes=5)
    send(cast, [resaved(view, "my own words", kept)], time.now)
    db.session.expire_all()
    [theirs] = entries.entries_of(cast.anna, agreed)
    assert theirs.revision.entered_by == "client" and theirs.entry.kept is kept
    time.now = NOW + timedelta(minutes=9)
    for changed in ({}, {"a.note": "typed a second time"}):
        page = ben.read(ben.fetch(place, "POST", data={**data, **changed}), 422)
        assert "saved or undone already" in words(page)
        db.session.expire_all()
        [one] = entries.entries_of(cast.anna, agreed)
        assert (one.entry.head_id, one.entry.heads, one.entry.kept) == (theirs.entry.head_id, 1, kept)
    assert page.find(id="paper-a.note").text.strip() == "typed a second time"
    assert ben.send(page, f"{agreed}/paper").status_code == 303, "what was typed can be kept as one of its own"
    assert len(entries.entries_of(cast.anna, agreed)) == 2


def test_an_old_form_sent_again_does_not_bring_back_what_was_taken_back(ben, cast, time):
    agreed, place, data = paper(ben, cast, SLEEP)
    ben.fetch(place, "POST", data=data)
    ben.send(ben.page(place), f"{agreed}/undo")
    assert "saved or undone already" in words(ben.read(ben.fetch(place, "POST", data=data), 422))
    assert entries.entries_of(cast.anna, agreed) == []
