"""Paper and phone work in the tables, on both databases: counted once, taken back, one worksheet with its wording."""

from datetime import timedelta
from uuid import uuid4

import pytest

from server.assignments.queries import intervals_of, occurrences_of
from server.assignments.rules import OpenTime
from server.engagement import actions as engagement
from server.entries import queries as entries
from server.entries.models import Revision
from server.entries.on_paper import Written, last_written, take_back, write_count, write_worksheet
from server.errors import Refused
from server.extensions import atomic, db
from server.worksheets.library import library
from tests.cast import NOW, full_thought_record

BEFORE = NOW - timedelta(days=4)
PAPER = Written("paper", "none")


@pytest.fixture
def agreed(both, cast):
    cast.meet(BEFORE, "attended", BEFORE)
    return cast.agree(now=BEFORE, rhythm={"kind": "daily", "times": 1})


def times(cast, agreed) -> list[OpenTime]:
    rows = occurrences_of(cast.anna.id, agreed.id)
    return [OpenTime(row.slot, row.opens_on, row.due_on, row.due_at) for row in rows if row.state == "open"]


def count(cast, agreed, key, now=NOW, how=PAPER, **counts):
    """As the page does it: all of it or nothing, and settled afresh."""
    interval = intervals_of([cast.episode], now)[cast.episode.id][-1]
    with atomic():
        received = write_count(
            client=cast.anna, assignment_id=agreed.id, key=key, times=times(cast, agreed), counts=counts,
            interval=interval, how=how, by=cast.ben, now=now,
        )  # fmt: skip
        engagement.refresh(client=cast.anna, assignment_ids=received.assignment_ids, now=now)
    return received


def states(cast, agreed) -> dict[str, int]:
    db.session.expire_all()
    found = [row.state for row in occurrences_of(cast.anna.id, agreed.id) if row.state != "open"]
    return {state: found.count(state) for state in set(found)}


def test_a_count_is_stored_once_however_often_it_is_sent(cast, agreed):
    key = uuid4()
    assert [one.status for one in count(cast, agreed, key, done=2, tried=1).receipts] == ["stored"] * 3
    assert count(cast, agreed, key, done=2, tried=1).receipts == []
    assert states(cast, agreed) == {"done": 2, "tried": 1}
    assert db.session.query(Revision).count() == 3
    rows = [row for row in occurrences_of(cast.anna.id, agreed.id) if row.state == "done"]
    assert {(row.medium, row.entered_by) for row in rows} == {("paper", "practitioner")}
    assert {row.practitioner_id for row in db.session.query(Revision)} == {cast.ben.id}


@pytest.mark.parametrize("other", [{"done": 3}, {"done": 2, "how": Written("phone_call", "none")}])
def test_the_same_form_with_something_else_in_it_is_refused(cast, agreed, other):
    key = uuid4()
    count(cast, agreed, key, done=2)
    with pytest.raises(Refused, match="already-written"):
        count(cast, agreed, key, **other)
    assert states(cast, agreed) == {"done": 2}


def test_more_than_there_are_open_times_is_refused_and_nothing_is_kept(cast, agreed):
    with pytest.raises(Refused, match="too-many-times"):
        count(cast, agreed, uuid4(), done=90)
    assert states(cast, agreed) == {}


def test_what_was_taken_back_leaves_what_the_client_said(cast, agreed):
    key = uuid4()
    count(cast, agreed, key, done=2)
    later = NOW + timedelta(minutes=5)
    last = last_written(cast.anna)[agreed.id]
    assert [one.answer for one in last] == ["done", "done"]
    for expected in (2, 0):
        with atomic():
            received = take_back(
                client=cast.anna, assignment_id=agreed.id, revision_id=last[0].revision_id, by=cast.ben, now=later
            )
            engagement.refresh(client=cast.anna, assignment_ids=received.assignment_ids, now=later)
        assert len(received.receipts) == expected
    assert states(cast, agreed) == {} and last_written(cast.anna) == {}
    with pytest.raises(Refused, match="already-written"):
        count(cast, agreed, key, now=later, done=2)


def test_a_worksheet_is_stored_with_its_wording_and_corrected_in_place(cast, agreed):
    sheet, key = library().newest("low-intensity-cbt/thought-record"), uuid4()
    for answers in (full_thought_record(), full_thought_record(), {**full_thought_record(), "situation": "Other"}):
        with atomic():
            entry_id, received = write_worksheet(
                client=cast.anna, assignment_id=agreed.id, slot=None, open_times=times(cast, agreed), key=key,
                worksheet=sheet, answers=answers, happened_local=(NOW - timedelta(days=2)).replace(tzinfo=None),
                how=Written("paper", "interpreter"), by=cast.ben, now=NOW,
            )  # fmt: skip
            engagement.refresh(client=cast.anna, assignment_ids=received.assignment_ids, now=NOW)
    assert states(cast, agreed) == {"done": 1}
    view = entries.entry_of(cast.anna, entry_id)
    assert [(one.entry.revisions, one.answers["situation"]) for one in view] == [(2, "Other")]
    assert view[0].revision.body["wording"] == {"language": "en", "sha256": sheet.sha256}
    assert view[0].revision.slot == "2026-11-16#1"
