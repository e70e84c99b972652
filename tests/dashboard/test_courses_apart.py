"""Somebody who came back has figures of the new course alone, on every page."""

from datetime import timedelta

import pytest

from server.api.sync import take_in
from server.caseload import actions as caseload
from server.extensions import atomic
from tests.cast import NOW
from tests.dashboard.browser import words

DAY = timedelta(days=1)
AGAIN = NOW + DAY


@pytest.fixture
def back(cast, time):
    """Anna's course ended and she came back the next day; then she did once more what the first one had agreed."""
    cast.pair()
    before = cast.agree(rhythm={"kind": "per_week", "times": 2})
    cast.end()
    with atomic():
        cast.episode = caseload.take_on(client=cast.anna, practitioner=cast.ben, by=cast.ben, now=AGAIN)
    cast.meet(AGAIN, "attended", AGAIN)
    today = cast.meet(NOW + 2 * DAY + timedelta(hours=3), None, AGAIN)
    cast.agree(None, title="Walk", now=AGAIN, rhythm={"kind": "per_week", "times": 1})
    late = cast.answer(before.id, "w1#1", "done", happened=AGAIN + timedelta(hours=2))
    question = cast.revision({"kind": "agenda"}, {"text": "Can we talk about sleep?"}, AGAIN)
    with atomic():
        take_in(cast.anna, cast.phone, [late, question], NOW + 2 * DAY, NOW + 2 * DAY)
    time.now = NOW + 2 * DAY
    return f"/staff/clients/{cast.anna.id}", today.id


@pytest.mark.parametrize(
    "place", ["{home}", "{home}/appointments/{today}", "{home}/hand-over", "/staff/today", "/staff/caseload"]
)
def test_what_was_agreed_in_the_first_course_is_in_no_figure_of_the_second(open_as, cast, back, place):
    home, today = back
    said = words(open_as(cast.ben).page(place.format(home=home, today=today)))
    assert "Nothing due yet, 1 to come" in said
