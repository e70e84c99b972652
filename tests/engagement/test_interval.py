"""Which work belongs to the interval that is open: what is to come before the next appointment, and no week more."""

from datetime import UTC, date, datetime, timedelta

import pytest

from server.caseload.rules import Interval, Meeting
from server.engagement.rules import Told, interval_figures

AGREED = datetime(2026, 11, 11, 10, 0, tzinfo=UTC)
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
FIRST_DAY = date(2026, 11, 11)
OPEN = Interval(1, AGREED, None, "m0", None)


def weeks(times: int, many: int = 4) -> list[Told]:
    """So many times a week from the day it was agreed, none of it due yet: each week is due at its end."""
    midnight = datetime(2026, 11, 11, tzinfo=UTC)
    return [
        Told("a", f"w{n + 1}#{k + 1}", "planned", FIRST_DAY + n * WEEK + 6 * DAY, midnight + (n + 1) * WEEK)
        for n in range(many)
        for k in range(times)
    ]


def meeting(at: datetime) -> Meeting:
    return Meeting("m1", at, "planned", "telephone", "treatment", "Europe/London", "p")


def to_come(at: datetime | None, now: datetime = AGREED, told: list[Told] | None = None) -> int:
    meetings = [meeting(at)] if at else []
    return interval_figures(told or weeks(14), OPEN, meetings, now).not_due


@pytest.mark.parametrize("days", [1, 5, 7])
def test_fourteen_times_a_week_are_fourteen_until_an_appointment_within_a_week(days):
    assert to_come(AGREED + days * DAY) == 14


@pytest.mark.parametrize("at", [AGREED - 3 * timedelta(hours=3), AGREED, AGREED + timedelta(hours=9)])
def test_the_hour_of_the_appointment_makes_no_second_week(at):
    assert to_come(at + WEEK) == 14


def test_a_second_week_is_to_come_where_it_begins_before_the_day_of_the_appointment():
    assert to_come(AGREED + 8 * DAY) == 28
    assert to_come(AGREED + 14 * DAY) == 28
    assert to_come(AGREED + 15 * DAY) == 42


def test_without_an_appointment_the_week_that_has_begun_is_to_come():
    assert to_come(None) == 14
    assert to_come(None, now=AGREED + 7 * DAY, told=weeks(14)[14:]) == 14


def test_what_is_agreed_in_the_appointment_is_to_come_before_anybody_says_that_it_was_held():
    before = Interval(1, AGREED - WEEK, None, "m0", None)
    assert interval_figures(weeks(14), before, [meeting(AGREED)], AGREED).not_due == 14


def test_a_dated_time_is_to_come_up_to_the_day_after_the_appointment():
    daily = [Told("a", f"{day.date()}#1", "planned", day.date(), day) for day in (AGREED + n * DAY for n in range(30))]
    assert to_come(AGREED + 3 * DAY, told=daily) == 5
