"""When a case is due, why it stands on the agenda, and how long an answer to a reason holds."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.supervision.rules import Answered, answers_until, due_on, still_answered, why_on_agenda

NOW = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def done(at=NOW - DAY, until=NOW + DAY, reason="no_phone") -> Answered:
    return Answered(reason, "nothing_needed", at, until)


def test_a_case_is_due_so_many_days_after_it_was_last_discussed_else_after_it_was_opened():
    assert due_on(date(2026, 11, 1), date(2026, 9, 1), 28) == date(2026, 11, 29)
    assert due_on(None, date(2026, 9, 1), 28) == date(2026, 9, 29)


def test_an_answer_holds_until_the_next_appointment_else_for_four_weeks():
    assert answers_until(NOW + 3 * DAY, NOW) == NOW + 3 * DAY
    assert answers_until(None, NOW) == NOW + 28 * DAY
    assert answers_until(NOW - DAY, NOW) == NOW + 28 * DAY


def test_a_reason_comes_back_when_its_answer_runs_out():
    assert still_answered("no_phone", None, [done()], NOW) == done()
    assert still_answered("no_phone", None, [done(until=NOW)], NOW) is None


def test_a_reason_that_began_anew_after_its_answer_is_open():
    assert still_answered("no_phone", NOW - DAY, [done()], NOW) == done()
    assert still_answered("no_phone", NOW - DAY + timedelta(seconds=1), [done()], NOW) is None


def test_an_answer_to_one_reason_answers_no_other():
    assert still_answered("no_appointment", None, [done()], NOW) is None


@given(st.permutations([done(NOW - n * DAY, NOW + n * DAY) for n in range(1, 5)]))
def test_the_newest_answer_holds_in_whatever_order_they_are_told(answers):
    assert still_answered("no_phone", None, answers, NOW) == done(NOW - DAY, NOW + DAY)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, []),
        ({"due": NOW.date()}, ["due"]),
        ({"due": NOW.date() + DAY}, []),
        ({"brought": True}, ["brought"]),
        ({"reasons": ["no_phone"]}, ["attention"]),
        ({"open_actions": 2, "brought": True, "due": date(2026, 1, 1), "reasons": ["no_phone"]},
         ["open_actions", "brought", "due", "attention"]),
    ],
)  # fmt: skip
def test_a_case_stands_on_the_agenda_for_what_is_open_brought_due_or_stands_out(changes, why):
    values = {"open_actions": 0, "brought": False, "due": date(2027, 1, 1), "reasons": [], **changes}
    assert why_on_agenda(today=NOW.date(), **values) == why
