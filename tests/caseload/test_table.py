"""The table of design.md 5, row by row: what becomes of an appointment, done by the real actions, on both databases."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from server.assignments import queries as assignments
from server.assignments.queries import JUST_BEFORE, occurrences_of
from server.caseload import actions as caseload
from server.caseload import queries
from server.caseload.models import ATTENDANCE
from server.caseload.rules import BECAME, NEWS_LASTS, Meeting, news_of
from server.engagement import actions as engagement
from server.extensions import atomic, db
from server.reminders.actions import set_rule
from server.reminders.models import Delivery
from server.reminders.planning import plan
from tests.cast import NOW

ROOT = Path(__file__).parents[2]
WEEK = timedelta(days=7)
DAY = timedelta(days=1)
MEETS = NOW + 2 * DAY


@pytest.fixture
def course(both, cast):
    """Anna and Ben met a week ago and meet again in two days; a task every day, one for the next appointment."""
    cast.meet(NOW - WEEK, "attended", NOW - WEEK)
    cast.made["next"] = cast.meet(MEETS, None, NOW - WEEK)
    daily = cast.agree(now=NOW - WEEK + DAY, rhythm={"kind": "daily", "times": 1})
    once = cast.agree(now=NOW - WEEK + DAY, rhythm={"kind": "per_appointment"})
    cast.made |= {"daily": daily.id, "once": once.id}
    with atomic():
        wish = {"name": "reminder", "on": True, "at": "18:00", "weekdays": list(range(7)), "level": 1}
        set_rule(client=cast.anna, payload=wish, now=NOW - DAY)
        plan(NOW)
        engagement.refresh_all(client=cast.anna, now=NOW)
    return cast


def becomes(cast, row: str) -> None:
    """What the practitioner does about the next appointment, by the same actions as the pages call."""
    appointment = cast.made["next"]
    with atomic():
        if row == "moved_earlier":
            caseload.move(appointment=appointment, starts_local=_local(MEETS - DAY), by=cast.ben, now=NOW)
        elif row == "moved_later":
            caseload.move(appointment=appointment, starts_local=_local(MEETS + 3 * DAY), by=cast.ben, now=NOW)
        elif row in ("cancelled_by_client", "cancelled_by_service", "attended", "missed"):
            when = NOW if row.startswith("cancelled") else MEETS + timedelta(hours=1)
            caseload.record_attendance(appointment=appointment, episode=cast.episode, state=row, by=cast.ben, now=when)
        engagement.refresh_all(client=cast.anna, now=NOW)


def _local(moment):
    return moment.replace(tzinfo=None)


def told(cast, now) -> dict:
    """Everything the table speaks of, as it stands."""
    db.session.expire_all()
    intervals = assignments.intervals_of([cast.episode], now)[cast.episode.id]
    [for_it] = [o for o in occurrences_of(cast.anna.id, cast.made["once"]) if o.slot.startswith("i:")][-1:]
    return {
        "intervals": len(intervals),
        "open": intervals[-1].closes_at is None,
        "daily": [(o.slot, o.due_at) for o in occurrences_of(cast.anna.id, cast.made["daily"])],
        "due": for_it.due_at,
        "reminders": sorted(
            (one.due_at, one.state) for one in db.session.scalars(select(Delivery).where(Delivery.state == "planned"))
        ),
    }


@pytest.mark.parametrize("row", sorted(set(BECAME) - {"planned", "none_booked"}))
def test_each_row_of_the_table_is_what_the_actions_do(course, row):
    before = told(course, NOW)
    becomes(course, row)
    after = told(course, NOW)
    assert after["intervals"] == before["intervals"] + BECAME[row].closes
    assert after["open"]
    assert after["daily"] == before["daily"]  # tasks go on as agreed
    assert after["reminders"] == before["reminders"] != []  # and so do reminders
    if row == "moved_earlier":
        assert after["due"] == MEETS - DAY - JUST_BEFORE
    elif row == "moved_later":
        assert after["due"] == MEETS + 3 * DAY - JUST_BEFORE
    elif row != "attended":
        assert after["due"] > MEETS  # it waits for the next one
    news = queries.appointment_news(
        course.anna.id, MEETS + timedelta(hours=2) if row in ("attended", "missed") else NOW
    )
    assert (news.what, news.was) == (row, MEETS)


def test_none_booked_keeps_the_interval_open_for_21_days(both, cast):
    cast.meet(NOW - 2 * WEEK, "attended", NOW - 2 * WEEK)
    task = cast.agree(now=NOW - 2 * WEEK + DAY, rhythm={"kind": "daily", "times": 1})
    [*_, last] = assignments.intervals_of([cast.episode], NOW)[cast.episode.id]
    assert last.closes_at is None
    assert occurrences_of(cast.anna.id, task.id)
    assert queries.appointment_news(cast.anna.id, NOW).what == "none_booked"
    [*_, later] = assignments.intervals_of([cast.episode], NOW + 2 * WEEK)[cast.episode.id]
    assert later.closes_at == NOW + WEEK


def test_an_appointment_that_is_simply_planned_says_nothing(course):
    assert queries.appointment_news(course.anna.id, NOW) is None


def test_every_row_has_its_sentence_on_the_phone():
    words = (ROOT / "pwa" / "src" / "words" / "notes.ts").read_text()
    assert set(re.findall(r"'became\.(\w+)':", words)) == set(BECAME) - {"planned"}


def test_every_state_that_can_be_written_down_has_its_row():
    assert set(ATTENDANCE) < set(BECAME)


def meeting(days: int, state: str, name: str = "") -> Meeting:
    return Meeting(name or f"m{days}", NOW + days * DAY, state, "telephone", "treatment", "Europe/London", "ben")


def test_what_became_of_one_long_ago_is_not_said_for_ever():
    found = [meeting(-3, "missed"), meeting(4, "planned")]
    assert news_of(found, {}, NOW).what == "missed"
    assert news_of(found, {}, NOW + NEWS_LASTS - 4 * DAY + timedelta(hours=23)).what == "missed"
    assert news_of([meeting(-8, "missed"), meeting(4, "planned")], {}, NOW) is None


def test_a_cancelled_one_says_which_comes_instead():
    news = news_of([meeting(2, "cancelled_by_service"), meeting(9, "planned")], {}, NOW)
    assert (news.what, news.was, news.now) == ("cancelled_by_service", NOW + 2 * DAY, NOW + 9 * DAY)


def test_what_came_after_it_is_what_is_said():
    assert news_of([meeting(-5, "missed"), meeting(0, "attended"), meeting(7, "planned")], {}, NOW).what == "attended"


def test_one_that_moved_and_moved_back_says_nothing():
    assert news_of([meeting(2, "planned", "m")], {"m": (NOW + 2 * DAY, NOW)}, NOW) is None
