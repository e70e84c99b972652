"""About me, takeaways and questions: each part by its last word, and a question waits until it was talked about."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from server.entries.said import Said, about_me_in, fold, still_asked, takeaway_in
from tests.cast import NOW

HOUR = timedelta(hours=1)
SHARED = json.loads((Path(__file__).parents[1] / "vectors/personal.json").read_text("utf-8"))  # the phone reads it too


@pytest.mark.parametrize("vector", SHARED["about_me"], ids=lambda one: one["name"])
def test_about_me_is_read_as_the_phone_reads_it(vector):
    read = [(about_me_in(value), entered_by) for value, entered_by in vector["said"]]
    held = fold((NOW + n * HOUR, Said(*one, by)) for n, (one, by) in enumerate(read) if one)
    found = held.words, held.interpreter, sorted(held.by_staff)
    assert found == (vector["words"], vector["interpreter"], vector["by_staff"])


@pytest.mark.parametrize("vector", SHARED["takeaway"], ids=lambda one: one["name"])
def test_a_takeaway_is_read_as_the_phone_reads_it(vector):
    assert takeaway_in(vector["value"]) == (tuple(vector["expect"]) if vector["expect"] else None)


def test_the_last_word_on_each_part_holds_whoever_says_something_else_in_between():
    said = [
        (NOW, Said({"name": "Annie", "helps": "Time to think"}, "yes", "client")),
        (NOW + HOUR, Said({"access": "Steps are hard"}, None, "practitioner")),
        (NOW + 2 * HOUR, Said({"helps": "Short words"}, None, "client")),
    ]
    held = fold(said)
    assert held.words == {"name": "Annie", "helps": "Short words", "access": "Steps are hard"}
    assert held.interpreter and held.by_staff == {"access"}


def test_what_is_taken_back_is_gone_and_who_took_it_back_is_nobodys_business():
    held = fold(
        [(NOW, Said({"name": "Annie"}, "yes", "practitioner")), (NOW + HOUR, Said({"name": ""}, "no", "client"))]
    )
    assert not held and held.by_staff == frozenset()


@pytest.mark.parametrize("value", [None, "text", [], {}, {"name": 4}, {"interpreter": "maybe"}, {"hidden": "x"}])
def test_what_is_no_part_of_about_me_is_not_taken_for_one(value):
    assert about_me_in(value) is None


def test_a_part_that_makes_no_sense_takes_none_of_the_others_along():
    assert about_me_in({"name": " Annie ", "helps": 7, "interpreter": "yes"}) == ({"name": "Annie"}, "yes")


def test_what_is_too_long_for_the_page_is_cut_there():
    words, _ = about_me_in({"helps": "a" * 5000})
    assert len(words["helps"]) == 600


@pytest.mark.parametrize("value", [None, {"text": "x"}, {"appointment_id": 3, "text": "x"}, {"appointment_id": "a"}])
def test_a_takeaway_says_of_which_appointment_it_is(value):
    assert takeaway_in(value) is None


@pytest.mark.parametrize(
    ("marks", "waits"),
    [
        ([], True),
        ([(NOW + HOUR, "talked_about")], False),
        ([(NOW - HOUR, "talked_about")], True),  # asked again since
        ([(NOW + HOUR, "talked_about"), (NOW + 2 * HOUR, "open")], True),
        ([(NOW + 2 * HOUR, "talked_about"), (NOW + HOUR, "open")], False),
    ],
)
def test_a_question_waits_until_it_is_talked_about_after_it_was_asked(marks, waits):
    assert still_asked(NOW, marks) is waits
