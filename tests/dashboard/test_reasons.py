"""Reasons on the caseload: in words, each with something to do about it, and a record that it was done."""

from datetime import timedelta

from server.dashboard.reason_words import ANEW, ANSWERED, ANSWERS, RULES, STEPS, WHY
from server.engagement.attention import ANSWERS as CODES
from server.engagement.attention import REASONS
from tests.dashboard.browser import words

WEEK = timedelta(days=7)


def whys(web) -> str:
    return words(web.page("/staff/caseload").find("tbody"))


def test_every_rule_has_its_words_and_says_its_numbers(ben):
    shown = words(ben.page("/staff/caseload/order"))
    for one in REASONS:
        assert WHY[one.code] in shown
        for name, number in one.numbers.items():
            assert f"{{{name}}}" in RULES[one.code]
            assert str(number) in RULES[one.code].format(**one.numbers)
        assert RULES[one.code].format(**one.numbers) in shown
        assert STEPS[one.step] in shown
    assert set(RULES) == set(WHY) == {one.code for one in REASONS}
    assert set(ANSWERS) == set(ANSWERED) == set(CODES)
    assert set(ANEW) <= set(WHY)


def test_an_answered_reason_steps_back_and_says_what_was_done(ben, cast, anna):
    assert "No phone paired" not in whys(ben)
    reasons = ben.page(f"{anna.home}/reasons")
    assert "Work waits to be looked at" in words(reasons)
    form = {"reason": "waiting_review", "what": "talk", "line": "She asked for it."}
    answer = ben.send(reasons, "/reasons", **form)
    assert answer.headers["Location"].endswith("/staff/caseload")
    line = whys(ben)
    assert "Work waits to be looked at: to talk about, Wed 18 Nov" in line
    again = words(ben.page(f"{anna.home}/reasons"))
    assert "Answered for now" in again
    assert "She asked for it." in again
