"""Work unread past the promise, and whose a client is: on the pages of the practitioner and of whoever covers."""

from datetime import timedelta

import pytest
from flask import g
from sqlalchemy import select

from server.caseload.queries import CaseloadLine
from server.dashboard.whose import whose
from server.entries.models import Entry, EntryShown
from server.extensions import db
from tests.cast import NOW
from tests.dashboard.browser import words
from tests.dashboard.conftest import send

WEEK = timedelta(days=7)


@pytest.fixture
def promised(open_as, cast, anna):
    """The service promises two working days."""
    ada = open_as(cast.ada)
    ada.send(ada.page("/staff/administration"), "/administration/service", reading_days="2")


def covered(cast) -> None:
    cast.stand_in(cast.cara, NOW + 2 * WEEK)


def shown_ids(cast) -> set[str]:
    """The entries of Anna whose words stood on a page."""
    return {str(one) for one in db.session.scalars(select(EntryShown.entry_id).filter_by(client_id=cast.anna.id))}


def on_page(page) -> set[str]:
    """The entries whose words a page holds, in folds too."""
    blocks = [one for one in page.select("article.staff-entry") if "keeps this entry for now" not in words(one)]
    return {one["id"].removeprefix("entry-") for one in blocks}


def late(web) -> str:
    section = web.page("/staff/today").find("section", {"aria-labelledby": "unread"})
    return words(section) if section else ""


def test_it_shows_to_her_practitioner_and_to_whoever_covers_until_somebody_read_it(open_as, cast, anna, promised, time):
    covered(cast)
    assert late(open_as(cast.ben)) == ""
    time.now = NOW + WEEK
    ben, cara, dev = open_as(cast.ben), open_as(cast.cara), open_as(cast.dev)
    assert "Anna : 2 things since Wed 18 Nov" in late(ben)
    assert "Anna (Cover for Ben Okafor until Wed 2 Dec) : 2 things" in late(cara)
    assert late(dev) == ""
    cara.page(f"{anna.home}/entries")  # her question does not stand there
    assert "Anna : 1 thing since" in late(ben) and ": 1 thing since" in late(cara)
    cara.page(anna.home)
    assert late(ben) == late(cara) == ""


PAGES = {  # page -> how many of Anna's entry and her question still wait after a look at it
    "": 1,
    "/entries": 1,
    "/entries/{entry}": 1,
    "/entries/{entry}/print": 1,
    "/appointments/{today}": 0,
    "/occurrences": 2,  # what became of each time, without the words
    "/assignments/{agreed}": 2,
    "/measures": 2,
    "/appointments/new": 2,
}


@pytest.mark.parametrize("path", PAGES)
def test_a_look_reads_what_stood_on_that_page_and_nothing_else(open_as, cast, anna, promised, time, path):
    time.now = NOW + WEEK
    ben = open_as(cast.ben)
    ben.page(anna.home + path.format(**vars(anna)))
    wait = PAGES[path]
    assert late(ben) == "" if wait == 0 else f"Anna : {wait} thing" in late(ben)


def test_a_page_of_twenty_reads_those_twenty(open_as, cast, anna, promised, time):
    sent = [cast.entry(anna.agreed, happened=NOW - timedelta(hours=n)) for n in range(21)]
    send(cast, sent, NOW)
    time.now = NOW + WEEK
    ben = open_as(cast.ben)
    ben.page(anna.home)
    assert "Anna : 22 things" in late(ben)
    first = ben.page(f"{anna.home}/entries")
    assert on_page(first) == shown_ids(cast) - {anna.question} and len(on_page(first)) == 20
    assert "Anna : 2 things" in late(ben)
    ben.page(f"{anna.home}/entries/{anna.entry}")
    assert "Anna : 1 thing since" in late(ben)
    ben.page(f"{anna.home}/entries?from=20")
    assert late(ben) == ""


def test_the_appointments_page_reads_what_its_folds_hold_too_and_nothing_of_another_time(
    open_as, cast, anna, promised, time
):
    cast.meet(NOW - 2 * WEEK, "attended", NOW - 2 * WEEK)
    send(cast, [cast.entry(anna.agreed, happened=NOW - timedelta(hours=n)) for n in range(6)], NOW)
    time.now = NOW + WEEK
    ben = open_as(cast.ben)
    before = ben.page(f"{anna.home}/appointments/{anna.opened}")
    assert on_page(before) == set() and "Anna : 7 things" in late(ben)  # all but the question
    page = ben.page(f"{anna.home}/appointments/{anna.today}")
    assert on_page(page) == shown_ids(cast) - {anna.question} and len(on_page(page)) == 7
    assert late(ben) == ""


def test_an_entry_kept_for_now_is_not_read_by_a_look_at_its_line(open_as, cast, anna, promised, time):
    time.now = NOW + timedelta(hours=1)
    open_as(cast.ben).page(f"{anna.home}/entries")
    kept = {str(one.entry_id) for one in db.session.scalars(select(Entry).where(Entry.kept))}
    assert kept and not kept & shown_ids(cast)


def test_a_page_that_is_only_asked_for_its_head_reads_nothing(open_as, cast, anna, promised, time):
    open_as(cast.ben).fetch(f"{anna.home}/entries", "HEAD")
    assert shown_ids(cast) == set()


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
