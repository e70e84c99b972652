"""The interval: only an attended appointment closes one. Every row of the table in design.md 5 is a test."""

from datetime import UTC, datetime, timedelta

import pytest

from server.caseload.rules import Meeting, day_has_begun, interval_at, intervals, last_interval

FIRST = datetime(2026, 10, 1, 10, tzinfo=UTC)
WEEK = timedelta(days=7)
NOW = FIRST + 3 * WEEK


def meeting(weeks, state="attended"):
    return Meeting(f"m{weeks}", FIRST + weeks * WEEK, state, "telephone", "treatment", "Europe/London", "ben")


def spans(*meetings, agreed=FIRST, closed=None, now=NOW):
    return [(i.opens_at, i.closes_at, i.opening, i.closing) for i in intervals(meetings, agreed, closed, now)]


def test_each_attended_appointment_closes_one_and_opens_the_next():
    assert spans(meeting(0), meeting(1), meeting(4, "planned")) == [
        (FIRST, FIRST + WEEK, "m0", "m1"),
        (FIRST + WEEK, None, "m1", None),
    ]


@pytest.mark.parametrize("state", ["missed", "cancelled_by_client", "cancelled_by_service", "planned"])
def test_one_that_was_not_attended_closes_nothing(state):
    assert spans(meeting(0), meeting(1, state), meeting(2), meeting(4, "planned")) == [
        (FIRST, FIRST + 2 * WEEK, "m0", "m2"),
        (FIRST + 2 * WEEK, None, "m2", None),
    ]


def test_a_moved_appointment_counts_where_it_took_place():
    later = Meeting("m1", FIRST + WEEK + timedelta(days=2), "attended", "video", "treatment", "Europe/London", "ben")
    assert spans(meeting(0), later, meeting(4, "planned"))[0][1] == FIRST + WEEK + timedelta(days=2)


def test_the_first_starts_with_the_first_agreed_task():
    assert spans(meeting(1), meeting(5, "planned"))[0] == (FIRST, FIRST + WEEK, None, "m1")


def test_without_a_next_appointment_it_closes_after_21_days():
    assert spans(meeting(0), now=FIRST + timedelta(days=20))[-1][1] is None
    assert spans(meeting(0), now=FIRST + timedelta(days=22))[-1][1] == FIRST + timedelta(days=21)


def test_discharge_closes_the_last():
    gone = FIRST + timedelta(days=10)
    assert spans(meeting(0), meeting(5, "planned"), closed=gone) == [(FIRST, gone, "m0", None)]


def test_nothing_agreed_and_nobody_met_is_no_interval():
    assert intervals([], None, None, NOW) == []


def test_an_appointment_opens_on_the_work_before_it():
    found = intervals([meeting(0), meeting(1), meeting(2, "planned")], FIRST, None, NOW)
    assert last_interval(found, FIRST + WEEK).opening == "m0"
    assert last_interval(found, FIRST + 2 * WEEK).opening == "m1"
    assert interval_at(found, FIRST + timedelta(days=3)).number == 1


def test_the_day_of_an_appointment_begins_at_midnight_on_the_wall_of_the_service():
    starts = datetime(2026, 7, 8, 9, 0, tzinfo=UTC)
    assert not day_has_begun(starts, datetime(2026, 7, 7, 22, 59, tzinfo=UTC), "Europe/London")
    assert day_has_begun(starts, datetime(2026, 7, 7, 23, 0, tzinfo=UTC), "Europe/London"), "midnight in summer"
    assert not day_has_begun(starts, datetime(2026, 7, 7, 23, 0, tzinfo=UTC), "UTC")
