"""Supervision in two browsers: Ben brings Anna with a question; what Eva decides stands there first the next time."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from server import clock
from server.caseload import supervising
from server.dashboard import dates
from server.extensions import atomic
from tests.cast import LONDON
from tests.journeys.browsers import DESK, sign_in
from tests.journeys.page_checks import check, violations
from tests.journeys.staff import Desk

pytestmark = pytest.mark.journey

ASKED = "She does it each day and feels no better. Is it too early to change?"
DECIDED = "Stay with it for one more week, then look at the scores."


@pytest.fixture
def eva(chromium, site, site_cast):
    """The browser of Ben's supervisor, signed in."""
    now = clock.now()
    made = site_cast.add("Eva Lund", "supervisor", now=now)
    with atomic():
        supervising.begin(
            supervisor=made, supervisee=site_cast.ben, from_at=now, until_at=None, by=site_cast.ada, now=now
        )
    context = chromium.new_context(**DESK)
    context.set_default_timeout(15_000)
    page = context.new_page()
    sign_in(page, site, "eva@example.org")
    yield Desk(page, site.base)
    context.close()


def test_a_case_is_brought_decided_done_and_stands_first_the_next_time(site, site_cast, eva, desk):
    site_cast.agree(now=clock.now())
    sign_in(desk, site)
    ben = Desk(desk, site.base)
    bring(ben)
    looks = {"client": violations(ben.page)}
    decide(eva, looks)
    ben.find("Anna")
    ben.says(DECIDED)
    ben.page.get_by_role("button", name=re.compile(f"^Done ?: {DECIDED}")).click()
    eva.go("supervision")  # the next time
    eva.follow("Ben Okafor")
    opens_on = eva.page.get_by_role("main").get_by_role("heading", level=2).first
    expect(opens_on).to_have_text("Last actions")
    eva.says("Done.")
    eva.never_says(ASKED)
    looks["agenda"] = violations(eva.page)
    note = eva.page.get_by_label("Last decisions, with local numbers and no client’s name").input_value()
    assert f"Case TT-1001: {DECIDED} Ben Okafor, by {the_day()}. Done." in note
    assert "Practitioner: Ben Okafor. Supervisor: Eva Lund." in note and "Anna" not in note
    check(looks)


def bring(ben: Desk) -> None:
    """From the client's page, with a question."""
    ben.find("Anna")
    ben.follow("Bring to supervision")
    ben.page.get_by_label("What do you want to ask?").fill(ASKED)
    ben.press("Bring it")
    ben.says("Brought, not discussed yet")


def decide(eva: Desk, looks: dict) -> None:
    """The supervisor finds it on the agenda, reads the plan, and writes down what, who and by when."""
    eva.go("supervision")
    eva.says("1 open case, 1 brought with a question")
    eva.follow("Ben Okafor")
    eva.says("Nothing is open from last time.")
    eva.says(ASKED)
    eva.follow("Anna")
    eva.says("at my desk")  # her plan is open while she is brought
    looks["case"] = violations(eva.page)
    eva.page.get_by_label("Decision").fill(DECIDED)
    eva.page.get_by_role("radio", name="Ben Okafor").check()
    eva.page.get_by_label("By when, if there is a day").fill(in_a_week().isoformat())
    eva.press("Save")
    eva.says(DECIDED)
    eva.follow("Anna")
    eva.says("Entries, plan and what got in the way are closed until Ben Okafor brings this case.")
    eva.never_says("at my desk")


def in_a_week():
    return (clock.now() + timedelta(days=7)).astimezone(LONDON).date()


def the_day() -> str:
    return dates.short_day(in_a_week())
