"""A practitioner's own side of it: of one's own clients, compared with nobody, and with a way to what waits."""

from datetime import timedelta

import pytest

from server.extensions import atomic, db
from server.reviews.actions import review
from server.reviews.models import BarrierResponse
from tests.cast import NOW
from tests.dashboard.browser import words
from tests.dashboard.conftest import send

DAY = timedelta(days=1)
PLACE = "/staff/caseload/own-work"


def lines(page) -> dict[str, str]:
    return {words(term): words(term.find_next("dd")) for term in page.main.find_all("dt")}


@pytest.fixture
def closed(cast, time):
    """A week that an appointment closed: one walk done, one said not done, a thought record of which nobody knows."""
    cast.meet(NOW - 9 * DAY, "attended", NOW - 9 * DAY)
    cast.pair(NOW - 9 * DAY)
    walk = cast.agree(None, title="Walk", now=NOW - 9 * DAY, rhythm={"kind": "per_week", "times": 2})
    cast.agree(now=NOW - 9 * DAY, rhythm={"kind": "weekly"}, plan={})
    said = [
        cast.answer(walk.id, "w1#1", "done", happened=NOW - 6 * DAY),
        cast.answer(walk.id, "w1#2", "not_today", outcome="keep", barrier="forgot", happened=NOW - 5 * DAY),
    ]
    send(cast, said, NOW - 5 * DAY)
    cast.meet(NOW - DAY, "attended", NOW - DAY)
    return walk


def test_the_page_counts_what_the_formula_counts(open_as, cast, closed):
    ben = open_as(cast.ben)
    before = ben.page(PLACE)
    assert lines(before) == {
        "Parts of a plan filled in": "4.0 of 8, mean of 2",
        "With a reason": "2 of 2 tasks",
        "Looked at together": "0 of 2 tasks",
        "From hearing of it to looking at it": "more than half wait still (of 1 task)",
        "Said not done, with an answer on record": "0 of 1 time",
    }
    assert "Anna" in words(before.find("ul", class_="nhsuk-list--bullet")) and "2 tasks" in words(before.main)
    with atomic():
        ours = {"service_id": cast.service.id, "client_id": cast.anna.id, "episode_id": cast.episode.id}
        db.session.add(BarrierResponse(
            assignment_id=closed.id, slot="w1#2", barrier="forgot", what="talked", recorded_by=cast.ben.id,
            recorded_at=NOW, **ours,
        ))  # fmt: skip
        review(assignment=db.session.merge(closed), mark="reviewed", line="", by=cast.ben, now=NOW - 2 * DAY)
    after = lines(ben.page(PLACE))
    assert after["Looked at together"] == "1 of 2 tasks"
    assert after["From hearing of it to looking at it"] == "half within 3 days (of 1 task)"
    assert after["Said not done, with an answer on record"] == "1 of 1 time"


def test_the_times_that_nobody_looked_at_lead_to_their_rows(open_as, cast, closed):
    ben = open_as(cast.ben)
    link = ben.page(PLACE).find("ul", class_="nhsuk-list--bullet").find("a")
    assert "Walk" in words(ben.page(link["href"]).main)


def test_cara_finds_nothing_of_anna(open_as, cast, closed):
    said = words(open_as(cast.cara).page(PLACE).main)
    assert "Anna" not in said and "nothing to count" in said


def test_for_others_the_page_does_not_exist(open_as, cast, time):
    open_as(cast.ada).page(PLACE, 404)
    assert "own-work" not in str(open_as(cast.ada).page("/staff/figures"))


def test_it_is_found_from_ones_account_and_from_the_page_of_figures(open_as, cast, time):
    ben = open_as(cast.ben)
    for place in ("/staff/account", "/staff/figures"):
        assert ben.page(place).find("a", href=PLACE)
