"""How many keys it takes to agree a task, by keyboard alone: every press is counted, and the words typed are not."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from server import clock
from server.caseload.actions import name_problem
from server.extensions import atomic
from tests.cast import PASSWORD
from tests.journeys.keyboard import Keys
from tests.journeys.staff import PLAN, REASON

pytestmark = pytest.mark.journey

MOST_AGAIN = 8
MOST_NEW = 25
MOST_SECONDS = 60


class Counted(Keys):
    """Counts each key that is pressed; words that are typed into a box are spoken anyway, and free."""

    count = 0

    def press(self, *keys: str) -> None:
        """Press keys, and count them."""
        self.count += len(keys)
        super().press(*keys)

    def type(self, text: str) -> None:
        """Type words where the focus is."""
        self.page.keyboard.type(text)

    def loaded(self, heading: str) -> None:
        """Wait until the next page is here, and the focus is where it starts."""
        expect(self.page.get_by_role("heading", level=1, name=heading)).to_be_visible()
        expect(self.page.locator("[autofocus]")).to_be_focused()


def test_agreeing_takes_few_keys(site, site_cast, desk):
    now = clock.now()
    a_week_ago = now - timedelta(days=7)
    site_cast.agree(worksheet=None, title="A short walk", rhythm={"kind": "once"}, now=a_week_ago)
    with atomic():
        name_problem(episode=site_cast.episode, problem="depression", by=site_cast.ben, now=now)
    desk.goto(f"{site.base}/staff/")
    desk.get_by_label("Sign-in name").fill("ben@example.org")
    desk.get_by_role("textbox", name="Password").fill(PASSWORD)
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("button", name="Sign out")).to_be_visible()
    again, new = agree_again(desk, site, site_cast), agree_new(desk, site, site_cast)
    print(f"\nkeys: {again} to repeat a task, {new} for a new one with a whole plan")
    assert again <= MOST_AGAIN and new <= MOST_NEW


def agree_again(page, site, cast) -> int:
    """From the client's page to a task agreed once more. How many keys."""
    ben = Counted(page)
    page.goto(f"{site.base}/staff/clients/{cast.anna.id}")
    to_choosing(ben)
    ben.press("Tab", "Enter")  # Enter alone does nothing: the first of what was agreed before is one step away
    ben.loaded("Agree a task in own words with Anna again")
    assert ben.focus()["name"] == "Agree this task"
    ben.press("Enter")
    expect(page.get_by_text("Agreed. It shows")).to_be_visible()
    return ben.count


def agree_new(page, site, cast) -> int:
    """From the client's page to a new task with a whole plan, what is suggested first. How many keys."""
    ben, began = Counted(page), clock.now()
    page.goto(f"{site.base}/staff/clients/{cast.anna.id}")
    to_choosing(ben)
    reach(ben, "My week of activities")  # past what was agreed before
    ben.press("Enter")
    ben.loaded("Agree “My week of activities” with Anna")
    assert ben.focus()["name"] == "Reason"
    ben.type(REASON)
    words = {**PLAN, "At what time": "18:30"}
    order = ["When", "At what time", *[name for name in PLAN if name != "When"]]
    for name in order:
        reach(ben, name)
        ben.type(words[name])
    reach(ben, "How sure are they")
    ben.press("8", "Enter")
    expect(page.get_by_role("button", name="Agree this task").first).to_be_focused()
    assert ben.focus()["name"] == "Agree this task"
    ben.press("Enter")
    expect(page.get_by_text("Agreed. It shows")).to_be_visible()
    assert clock.now() - began < timedelta(seconds=MOST_SECONDS)
    return ben.count


def to_choosing(ben: Counted) -> None:
    """Past the header of a client's page, to the page on which a task is chosen."""
    ben.press("Tab", "Enter")
    reach(ben, "Agree a task")
    ben.press("Enter")
    ben.loaded("Choose a task with Anna")


def reach(ben: Counted, name: str) -> None:
    """Tab until the box of this name has the focus."""
    for _ in range(6):
        ben.press("Tab")
        if ben.focus()["name"].startswith(name):
            return
    raise AssertionError(f"{name!r} is not near")
