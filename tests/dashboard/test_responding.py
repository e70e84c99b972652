"""Not done is an answer: what was done about it takes one click, is kept, and can be counted."""

from datetime import timedelta

from server.dashboard.barriers import barrier
from server.engagement import queries as engagement
from server.engagement.rules import Share, responded
from server.extensions import atomic
from server.reviews.response_actions import respond
from server.reviews.response_queries import responses_of
from tests.cast import NOW
from tests.dashboard.browser import words
from tests.dashboard.conftest import send

AT = "assignments/{}/response"


def place(anna) -> str:
    return f"{anna.home}/appointments/{anna.today}"


def press(web, anna, what, barrier="no_private_space", assignment=None):
    data = {**web.tokens(), "what": what, "barrier": barrier}
    return web.fetch(f"{place(anna)}/{AT.format(assignment or anna.agreed)}", "POST", data=data)


def held(cast) -> dict:
    return {key: row.what for key, row in responses_of([cast.anna.id]).items()}


def test_one_click_says_what_was_done_about_a_barrier(ben, cast, anna):
    page = ben.page(place(anna))
    assert "Write down what you did: We made it smaller" in words(page), "in the past: the way on says Make smaller"
    assert page.find("button", {"name": "what", "value": "smaller"}) is not None
    page = ben.follow(press(ben, anna, "smaller"))
    assert "Done about it: We made it smaller, today at 09:30" in words(page)
    assert held(cast) == {(str(anna.agreed), anna.slots[3]): "smaller"}


def test_the_summary_keeps_the_weekday_on_which_it_was_done(open_as, cast, anna, time):
    press(open_as(cast.ben), anna, "smaller")
    time.now = NOW + timedelta(days=3)
    text = open_as(cast.ben).page(place(anna)).find(id="summary").text
    assert "no private place (we made it smaller, Wed 18 Nov, 09:30 (3 days ago))" in text


def test_the_last_response_holds_and_the_earlier_one_stays(ben, cast, anna):
    press(ben, anna, "smaller")
    press(ben, anna, "talked")
    assert set(held(cast).values()) == {"talked"}


def test_a_response_counts_towards_m15(ben, cast, anna):
    told = engagement.told_of([cast.anna.id], NOW)[cast.anna.id]
    assert responded(told, held(cast)) == Share(0, 1)
    press(ben, anna, "nothing_needed")
    assert responded(told, held(cast)) == Share(1, 1)


def test_what_the_client_says_afterwards_is_another_matter(ben, cast, anna):
    press(ben, anna, "moved")
    other = cast.answer(anna.agreed, anna.slots[3], "not_today", outcome="keep", barrier="too_low", happened=NOW)
    send(cast, [other], NOW + timedelta(minutes=1))
    assert "Done about it" not in words(ben.page(place(anna)))


def test_not_done_without_a_reason_can_be_answered_too(ben, cast, anna):
    bare = cast.answer(anna.agreed, anna.slots[4], "not_today", outcome="keep", happened=NOW - timedelta(hours=1))
    send(cast, [bare], NOW)
    page = ben.follow(press(ben, anna, "talked", barrier=""))
    assert "Not done, and nothing was named" in words(page)
    assert "Done about it: We talked, it stays" in words(page)


def test_a_barrier_that_nobody_named_has_no_response(ben, cast, anna):
    assert press(ben, anna, "smaller", barrier="forgot").status_code == 404
    assert held(cast) == {}


def test_an_unknown_word_writes_nothing(ben, cast, anna):
    assert press(ben, anna, "told off").status_code == 303
    assert held(cast) == {}


def test_cara_gets_404(open_as, cast, anna):
    assert press(open_as(cast.cara), anna, "smaller").status_code == 404
    assert held(cast) == {}


def test_a_response_is_the_same_on_both_databases(both, cast):
    agreed = cast.agree()
    with atomic():
        for what in ("smaller", "talked"):
            respond(assignment=agreed, slots=["w1#1", "w1#2"], barrier="forgot", what=what, by=cast.ben, now=NOW)
    assert [row.what for row in responses_of([cast.anna.id]).values()] == ["talked", "talked"]


def test_not_well_enough_stays_uncounted_when_it_is_kept_for_next_time(ben, cast, anna):
    """What the phone sends then (tests/pwa/not-today.test.ts), settled here; it can be responded to all the same."""
    unwell = cast.answer(
        anna.agreed, anna.slots[4], "exempt", outcome="keep", barrier="unwell_physical",
        happened=NOW - timedelta(hours=1),
    )  # fmt: skip
    send(cast, [unwell], NOW)
    told = {one.slot: one for one in engagement.told_of([cast.anna.id], NOW)[cast.anna.id]}
    assert told[anna.slots[4]].state == "exempt"
    assert not told[anna.slots[4]].is_eligible
    page, today = words(ben.page(f"{anna.home}/appointments/{anna.today}")), words(ben.page("/staff/today"))
    too_unwell = barrier("unwell_physical").words
    assert too_unwell in page
    for shown in (page, today, words(ben.page(anna.home))):
        assert f"In the way: {too_unwell.lower()}" not in shown
    assert "In the way no private place App" in today, "one rule on both"
    assert press(ben, anna, "nothing_needed", barrier="unwell_physical").status_code == 303
