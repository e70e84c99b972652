"""The same time next week, without a database."""

from datetime import UTC, datetime, timedelta

from server.caseload.rules import Meeting
from server.caseload.same_time import same_time

NOW = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
WEEK = timedelta(weeks=1)


def meeting(starts: datetime, state: str = "planned") -> Meeting:
    return Meeting(f"{starts}", starts, state, "telephone", "treatment", "Europe/London", "ben")


def offered(first: Meeting, *others: Meeting, now: datetime = NOW):
    return same_time(first, [first, *others], now)


def test_a_past_week_is_passed_over_and_said():
    found = offered(meeting(NOW - 5 * WEEK, "attended"))
    assert (found.weeks, found.passed, found.starts_local) == (5, True, datetime(2026, 11, 18, 10, 30))  # noqa: DTZ001


def test_a_week_with_an_appointment_is_passed_over_and_a_cancelled_one_is_not():
    assert offered(meeting(NOW), meeting(NOW + WEEK + timedelta(hours=3))).weeks == 2
    assert offered(meeting(NOW), meeting(NOW + WEEK, "cancelled_by_client")).weeks == 1


def test_an_hour_that_the_clocks_leave_out_is_passed_over():
    sunday = datetime(2027, 3, 21, 1, 30, tzinfo=UTC)
    assert offered(meeting(sunday)).starts_local == datetime(2027, 4, 4, 1, 30)  # noqa: DTZ001


def test_the_hour_stays_when_the_clocks_go_back():
    summer = datetime(2027, 10, 27, 8, 0, tzinfo=UTC)  # nine o'clock in British Summer Time
    assert offered(meeting(summer)).starts_local == datetime(2027, 11, 3, 9, 0)  # noqa: DTZ001
