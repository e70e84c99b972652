"""Work that arrives after the appointment it was done for: it waits to be looked at, and counts where it belongs."""

from datetime import timedelta

import pytest

from server.assignments.queries import occurrences_of
from server.engagement.actions import refresh_all
from server.extensions import atomic
from tests.cast import NOW
from tests.dashboard.browser import words
from tests.dashboard.conftest import send

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def weeks(cast, time):
    """Anna's two appointments a week apart; the first interval's page and the second's. It is the day after."""
    cast.meet(NOW - 7 * DAY, "attended", NOW - 7 * DAY)
    agreed = cast.agree(now=NOW - 7 * DAY, rhythm={"kind": "daily", "times": 1})
    cast.pair(NOW - 7 * DAY)
    middle = cast.meet(NOW, "attended", NOW)
    following = cast.meet(NOW + 2 * DAY, None, NOW)
    with atomic():
        refresh_all(client=cast.anna, now=NOW)
    home = f"/staff/clients/{cast.anna.id}/appointments"
    return agreed, f"{home}/{middle.id}", f"{home}/{following.id}"


def test_what_was_done_on_friday_looked_at_on_wednesday_and_arrives_on_thursday_waits(ben, cast, weeks, time):
    agreed, first, second = weeks
    slot = next(o.slot for o in occurrences_of(cast.anna.id, agreed.id) if o.due_on == (NOW - 5 * DAY).date())
    ben.send(ben.page(first), "/review", 303, mark="reviewed")
    assert "1 task to look at" not in words(ben.page("/staff/caseload"))
    time.now = NOW + DAY
    ben = ben.sign_in(cast.ben)
    late = cast.entry(agreed.id, slot=slot, happened=NOW - 5 * DAY)
    send(cast, [late], NOW + DAY)
    assert "1 done for the time before." in words(ben.page(f"/staff/today?day={(NOW + 2 * DAY).date()}"))
    assert "1 done for the time before." in words(ben.page(second))
    assert "for the time before" not in words(ben.page(first)), "there it is counted"
    assert "Work waits to be looked at" in words(ben.page("/staff/caseload"))
    assert "1 task to look at" in words(ben.page(f"/staff/clients/{cast.anna.id}"))
    assert "Look first Looking at a thought : 1 new" in words(ben.page(f"/staff/today?day={(NOW + 2 * DAY).date()}"))
    for place in (first, second):
        assert ben.page(place).find_all("article", class_="staff-entry"), "it is on the page that asks for a look"
    ben.send(ben.page(second), "/review", 303, mark="reviewed")
    assert "Work waits to be looked at" not in words(ben.page("/staff/caseload"))


def test_what_was_done_after_the_appointment_but_counts_before_it_is_shown_where_it_counts(ben, cast, weeks, time):
    agreed, first, _ = weeks
    slot = next(o.slot for o in occurrences_of(cast.anna.id, agreed.id) if o.due_on == (NOW - DAY).date())
    time.now = NOW + 4 * HOUR
    ben = ben.sign_in(cast.ben)
    send(cast, [cast.entry(agreed.id, slot=slot, happened=NOW + 3 * HOUR)], NOW + 4 * HOUR)
    page = ben.page(first)
    assert page.find_all("article", class_="staff-entry")
    assert "1 of 7 done" in words(page)
