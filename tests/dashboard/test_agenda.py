"""What they want to talk about: the same on every page, until one click says that it was talked about."""

from datetime import timedelta
from uuid import UUID

import pytest

from server.entries import agenda
from server.errors import Missing
from server.extensions import atomic
from tests.cast import NOW
from tests.dashboard.browser import words
from tests.dashboard.conftest import send


def panel(page) -> str:
    return words(page.find("section", {"aria-labelledby": "questions"}))


def test_an_old_question_is_counted_and_listed_alike_until_it_was_talked_about(ben, cast, anna, time):
    asked = cast.revision({"kind": "agenda"}, {"text": "What is a trigger?"}, happened=NOW - timedelta(days=20))
    send(cast, [asked], NOW - timedelta(hours=2))
    place = f"{anna.home}/appointments/{anna.today}"
    assert "3 questions" in words(ben.page("/staff/today"))
    for path in (place, anna.home):
        assert "What is a trigger?" in panel(ben.page(path)) and "Can we talk about sleep?" in panel(ben.page(path))
    answer = ben.send(ben.page(place), f"{asked['entry_id']}/talked-about")
    assert answer.headers["Location"].endswith(f"{place}#questions")
    assert "2 questions" in words(ben.page("/staff/today")) and "3 questions" not in words(ben.page("/staff/today"))
    assert "Talked about before What is a trigger?" in panel(ben.page(anna.home))


def test_a_slip_is_taken_back_and_a_question_asked_again_waits_again(ben, cast, anna, time):
    question = cast.revision({"kind": "agenda"}, {"text": "Why me?"})
    send(cast, [question], NOW - timedelta(hours=1))
    ben.send(ben.page(anna.home), f"{question['entry_id']}/talked-about")
    time.now = NOW + timedelta(minutes=1)
    ben.send(ben.page(anna.home), f"{question['entry_id']}/not-yet")
    assert "3 questions" in words(ben.page("/staff/today"))
    time.now = NOW + timedelta(minutes=2)
    ben.send(ben.page(anna.home), f"{question['entry_id']}/talked-about")
    again = {**question, "revision_id": cast.revision({"kind": "agenda"}, {})["revision_id"]}
    send(cast, [{**again, "parents": [question["revision_id"]]}], NOW + timedelta(minutes=5))
    assert "3 questions" in words(ben.page("/staff/today")), "what was written after the mark was not talked about"


def test_what_was_kept_for_next_time_stands_there_until_it_was_talked_about(ben, cast, anna, time):
    place = f"{anna.home}/appointments/{anna.today}"
    for path in (place, anna.home):
        assert "Not done: Looking at a thought. No private place." in panel(ben.page(path))
    assert "Wants to talk about: Not done: Looking at a thought. No private place." in words(ben.page(place))
    assert "2 questions" in words(ben.page("/staff/today"))
    (kept,) = [one for one in agenda.agenda_of(cast.anna) if one.assignment_id]
    ben.send(ben.page(place), f"{kept.entry_id}/talked-about")
    assert "Talked about before Not done: Looking at a thought." in panel(ben.page(anna.home))
    assert "Wants to talk about: Not done" not in words(ben.page(place))
    assert "2 questions" not in words(ben.page("/staff/today"))
    for one in agenda.agenda_of(cast.anna):
        if one.waits:
            ben.send(ben.page(place), f"{one.entry_id}/talked-about")
    assert panel(ben.page(place)).startswith("Their questions Talked about before"), "nothing waits, nothing is said"


def test_what_was_kept_for_next_time_and_done_after_all_is_off_the_list(ben, cast, anna, time):
    send(cast, [cast.answer(anna.agreed, anna.slots[3], "done", happened=NOW + timedelta(minutes=1))], NOW)
    assert "Not done" not in panel(ben.page(anna.home))
    done = cast.answer(anna.agreed, anna.slots[3], "not_today")
    assert agenda.waiting_counts([cast.anna.id]) == {cast.anna.id: 1}
    with pytest.raises(Missing), atomic():
        agenda.mark_question(
            client=cast.anna, entry_id=UUID(done["entry_id"]), state=agenda.TALKED, by=cast.ben, now=NOW
        )
