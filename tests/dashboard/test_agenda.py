"""What they want to talk about: the same on every page, until one click says that it was talked about."""

from datetime import timedelta

from tests.cast import NOW
from tests.dashboard.browser import words
from tests.dashboard.conftest import send


def panel(page) -> str:
    return words(page.find("section", {"aria-labelledby": "questions"}))


def test_an_old_question_is_counted_and_listed_alike_until_it_was_talked_about(ben, cast, anna, time):
    asked = cast.revision({"kind": "agenda"}, {"text": "What is a trigger?"}, happened=NOW - timedelta(days=20))
    send(cast, [asked], NOW - timedelta(hours=2))
    place = f"{anna.home}/appointments/{anna.today}"
    assert "2 questions" in words(ben.page("/staff/today"))
    for path in (place, anna.home):
        assert "What is a trigger?" in panel(ben.page(path)) and "Can we talk about sleep?" in panel(ben.page(path))
    answer = ben.send(ben.page(place), f"{asked['entry_id']}/talked-about")
    assert answer.headers["Location"].endswith(f"{place}#questions")
    assert "1 question" in words(ben.page("/staff/today")) and "2 questions" not in words(ben.page("/staff/today"))
    assert "Talked about before What is a trigger?" in panel(ben.page(anna.home))


def test_a_slip_is_taken_back_and_a_question_asked_again_waits_again(ben, cast, anna, time):
    question = cast.revision({"kind": "agenda"}, {"text": "Why me?"})
    send(cast, [question], NOW - timedelta(hours=1))
    ben.send(ben.page(anna.home), f"{question['entry_id']}/talked-about")
    time.now = NOW + timedelta(minutes=1)
    ben.send(ben.page(anna.home), f"{question['entry_id']}/not-yet")
    assert "2 questions" in words(ben.page("/staff/today"))
    time.now = NOW + timedelta(minutes=2)
    ben.send(ben.page(anna.home), f"{question['entry_id']}/talked-about")
    again = {**question, "revision_id": cast.revision({"kind": "agenda"}, {})["revision_id"]}
    send(cast, [{**again, "parents": [question["revision_id"]]}], NOW + timedelta(minutes=5))
    assert "2 questions" in words(ben.page("/staff/today")), "what was written after the mark was not talked about"
