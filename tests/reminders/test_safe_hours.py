"""Safe hours bind mail and texts: another way that is open is used, to the minute, over midnight, and said ahead."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from server.reminders import channels, preview
from tests.reminders.conftest import MONDAY
from tests.reminders.ticking import DUE, SAFE, SECOND, say, set_up, tick, told

LONDON = ZoneInfo("Europe/London")
AFTERNOON = {"from": "15:00", "until": "17:00"}


@pytest.fixture
def story(story):
    set_up(story.app)
    return story


def given(first, minutes=1):
    return [message.channel for n in range(minutes) for message in tick(first + timedelta(minutes=n))[1].given]


def kept(**hours):
    addresses = {"email": "a@example.org"}
    return channels.ways(["email"], addresses, {"asked_alone": True, "channels": ["email"], "hours": hours})


def test_a_reminder_at_an_hour_unsafe_for_mail_goes_by_notification(story):
    story.subscribe()
    story.set_rule(steady=True)
    say(story, "email", "sms", "push", safe={**SAFE, "hours": AFTERNOON})
    assert given(DUE, 4) == ["push"]
    assert ("email", "cancelled", "unsafe-hours") in told() and ("push", "accepted", None) in told()


def test_the_preview_names_the_way_that_is_open_then(story):
    story.subscribe()
    story.set_rule(steady=True)
    say(story, "email", "push", safe={**SAFE, "hours": AFTERNOON})
    assert {each.channel for each in preview.next_of(story.client, MONDAY)} == {"push"}


def test_the_preview_promises_nothing_that_safe_hours_forbid(story):
    story.set_rule(steady=True)
    say(story, "email", safe={**SAFE, "hours": AFTERNOON})
    assert preview.next_of(story.client, MONDAY) == []
    say(story, "email", safe={**SAFE, "hours": {"from": "09:00", "until": "17:00"}})
    assert {each.channel for each in preview.next_of(story.client, MONDAY)} == {"email"}


def test_the_last_safe_minute_is_whole(story):
    story.set_rule(steady=True)
    say(story, "email", safe={**SAFE, "hours": {"from": "09:00", "until": "13:30"}})
    assert given(DUE + 5 * SECOND) == ["email"]


@pytest.mark.parametrize("until", ["00:00", "02:00"])
def test_safe_hours_may_go_on_over_midnight(until):
    found = kept(**{"from": "20:00", "until": until})
    late, midnight, noon = (datetime(2026, 11, day, hour, tzinfo=UTC) for day, hour in ((23, 23), (24, 0), (24, 12)))
    assert found.objection("email", late, LONDON) is found.objection("email", midnight, LONDON) is None
    assert found.objection("email", noon, LONDON) == "unsafe-hours"


def test_where_the_hours_cannot_be_read_not_even_midnight_is_safe():
    found = kept(**{"from": "nine"})
    assert {
        found.objection("email", datetime(2026, 11, 24, tzinfo=UTC) + timedelta(minutes=n), LONDON)
        for n in range(24 * 60)
    } == {"unsafe-hours"}
