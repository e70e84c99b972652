"""What was put aside because its work is not here: its practitioner reads it, by the rules of every entry."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.cast import NOW
from tests.dashboard.conftest import HOSTILE, send
from tests.dashboard.test_work import words

WROTE = "On the bus on the way to work"


@pytest.fixture
def gone():
    """The id of work that was agreed after the copy that was put back."""
    return uuid4()


def page_of(ben, anna) -> str:
    return words(ben.page(anna.home))


def entry(cast, gone, text=WROTE, **changes):
    return cast.entry(gone, {"situation": text}, **changes)


def test_what_was_written_of_work_that_is_not_here_is_read_on_the_clients_page_and_before_the_appointment(
    ben, cast, anna, gone
):
    send(cast, [entry(cast, gone, happened=NOW - timedelta(days=1))], NOW)
    for page in (page_of(ben, anna), words(ben.page(f"{anna.home}/appointments/{anna.today}"))):
        assert "It is about work that is not here, as after an older copy of the database was put back." in page
        assert WROTE in page and "Looking at a thought, Tue 17 Nov" in page


def test_an_answer_without_a_worksheet_is_read_too(ben, cast, anna, gone):
    send(cast, [cast.answer(gone, "2026-11-20#1", "not_today", outcome="keep", words="I was not well")], NOW)
    page = page_of(ben, anna)
    assert "They said Not done" in page and "In their words I was not well" in page


def test_only_the_last_state_is_shown_and_nothing_of_what_was_taken_back(ben, cast, anna, gone):
    first = entry(cast, gone, "The first words")
    later = {"entry_id": first["entry_id"], "parents": [first["revision_id"]]}
    second = {**entry(cast, gone, "The second words"), **later}
    send(cast, [first, second], NOW)
    page = page_of(ben, anna)
    assert "The second words" in page and "The first words" not in page
    gone_again = {**entry(cast, gone), **later, "parents": [second["revision_id"]], "kind": "delete", "payload": {}}
    send(cast, [gone_again], NOW)
    page = page_of(ben, anna)
    assert "The second words" not in page and "The first words" not in page


def test_what_its_author_keeps_for_now_is_not_shown(ben, cast, anna, gone):
    kept = entry(cast, gone)
    kept["payload"]["kept"] = True
    shared = entry(cast, gone, "This one was shared first")
    choice = cast.revision({"kind": "sharing"}, {"entry_id": shared["entry_id"], "shared": False})
    send(cast, [kept, shared, choice], NOW)
    page = page_of(ben, anna)
    assert WROTE not in page and "This one was shared first" not in page
    assert "It is about something we do not have here" in page


def test_hostile_words_are_text(ben, cast, anna, gone):
    send(cast, [entry(cast, gone, HOSTILE)], NOW)
    html = ben.fetch(anna.home).text
    assert "<script>alert" not in html and "&lt;script&gt;alert" in html


def test_seen_it_goes_and_the_rest_stays(ben, cast, anna, gone):
    send(cast, [entry(cast, gone)], NOW)
    ben.send(ben.page(anna.home), "/seen", 303)
    page = page_of(ben, anna)
    assert WROTE not in page and "The phone sent something we cannot read." in page


def test_it_stays_where_entries_are_read_whoever_has_seen_it(ben, cast, anna, gone):
    send(cast, [entry(cast, gone)], NOW)
    ben.send(ben.page(anna.home), "/seen", 303)
    page = ben.page(f"{anna.home}/entries")
    assert WROTE in words(page) and "I have seen this" not in words(page)


def test_nobody_else_reads_it(open_as, cast, anna, gone):
    send(cast, [entry(cast, gone)], NOW)
    for who in (cast.cara, cast.dev):
        for path in (anna.home, f"{anna.home}/entries", f"{anna.home}/appointments/{anna.today}"):
            assert open_as(who).fetch(path).status_code == 404
