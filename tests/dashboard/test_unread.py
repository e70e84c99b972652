"""Work unread past the promise, and whose a client is: on the pages of the practitioner and of whoever covers."""

from datetime import timedelta

import pytest
from flask import g

from server.caseload import cover
from server.caseload.queries import CaseloadLine
from server.dashboard.whose import whose
from server.extensions import atomic
from tests.cast import NOW
from tests.dashboard.browser import words

WEEK = timedelta(days=7)


@pytest.fixture
def promised(open_as, cast, anna):
    """The service promises two working days."""
    ada = open_as(cast.ada)
    ada.send(ada.page("/staff/administration"), "/administration/service", reading_days="2")


def covered(cast) -> None:
    with atomic():
        cover.give(
            practitioner=cast.ben, colleague=cast.cara, scope="all", from_at=NOW, until_at=NOW + 2 * WEEK,
            reason="Leave", by=cast.ben, now=NOW,
        )  # fmt: skip


def late(web) -> str:
    section = web.page("/staff/today").find("section", {"aria-labelledby": "unread"})
    return words(section) if section else ""


def test_it_shows_to_her_practitioner_and_to_whoever_covers_until_somebody_looked(open_as, cast, anna, promised, time):
    covered(cast)
    assert late(open_as(cast.ben)) == ""
    time.now = NOW + WEEK
    ben, cara, dev = open_as(cast.ben), open_as(cast.cara), open_as(cast.dev)
    assert "Anna : 2 things since Wed 18 Nov" in late(ben)
    assert "Anna (Cover for Ben Okafor until Wed 2 Dec) : 2 things" in late(cara)
    assert late(dev) == ""
    cara.page(f"{anna.home}/entries")
    assert late(ben) == late(cara) == ""


def test_closed_days_are_pasted_and_count_for_nothing_and_phones_are_told(app, open_as, cast, anna, promised, time):
    ada = open_as(cast.ada)
    pasted = "Fri 20 Nov 2026\n19/11/2026\n\n2026-11-23"
    ada.send(ada.page("/staff/administration"), "/administration/service", closed_days=pasted)
    held = ada.page("/staff/administration").find("textarea", {"name": "closed_days"}).text.split("\n")
    assert held[-3:] == ["Thursday 19 November 2026", "Friday 20 November 2026", "Monday 23 November 2026"]
    ada.send(ada.page("/staff/administration"), "/administration/service")  # what is shown is read again
    time.now = NOW + WEEK
    assert late(open_as(cast.ben)) == ""  # Tuesday and Wednesday are the two working days
    time.now = NOW + WEEK + timedelta(days=1)
    assert "Anna : 2 things" in late(open_as(cast.ben))
    time.now = NOW
    phone = app.test_client()
    phone.set_cookie("phone", cast.token)
    told = phone.get("/api/v1/device").json["service"]["reading_promise"]
    assert "We read on working days, Monday to Friday. We are closed on Thursday 19 November, " in told


def test_what_is_no_day_is_said(open_as, cast):
    ada = open_as(cast.ada)
    answer = ada.send(ada.page("/staff/administration"), "/administration/service", 422, closed_days="25/12/2026\n<b>x")
    assert "“<b>x”: This is not a date." in words(ada.read(answer, 422))


def test_a_promise_without_days_makes_nothing_late(open_as, cast, anna, time):
    time.now = NOW + WEEK
    assert late(open_as(cast.ben)) == ""


@pytest.mark.parametrize("days", ["0", "99", "soon"])
def test_the_days_are_a_sensible_number_or_none(open_as, cast, days):
    ada = open_as(cast.ada)
    page = ada.read(ada.send(ada.page("/staff/administration"), "/administration/service", 422, reading_days=days), 422)
    assert "Enter a whole number from 1 to 20." in words(page)


def test_today_and_the_caseload_say_whose_a_covered_client_is(open_as, cast, anna):
    covered(cast)
    cara, ben = open_as(cast.cara), open_as(cast.ben)
    for page in ("/staff/today", "/staff/caseload"):
        assert "Cover for Ben Okafor" in words(cara.page(page)), page  # Today has no room for until when
        assert "Cover for" not in words(ben.page(page)), page


def test_without_an_end_the_words_are_whole(app, cast):
    line = CaseloadLine(cast.anna, cast.episode, "break_glass", NOW + WEEK)
    with app.test_request_context():
        g.now = NOW
        assert whose([line], "Europe/London", until=False) == {cast.anna.id: "Opened by you with a reason"}
