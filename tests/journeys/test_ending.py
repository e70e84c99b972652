"""The end of a course in two browsers: from the last appointment to "your copy is here", and what stays after."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from server import clock
from tests.cast import LONDON
from tests.journeys.browsers import sign_in
from tests.journeys.page_checks import check, violations
from tests.journeys.phone import Phone
from tests.journeys.sites.running import Site
from tests.journeys.staff import Desk

pytestmark = pytest.mark.journey

TITLE = "Your course has ended"
WHERE = "The walking group meets on Tuesdays."
MONTHS_LATER = timedelta(days=120)


def test_from_the_last_appointment_to_a_copy_and_a_check_that_nobody_reads(site: Site, site_cast, anna: Phone, desk):
    last = site_cast.meet((clock.now() - timedelta(minutes=1)).astimezone(LONDON), "attended", clock.now())
    sign_in(desk, site)
    end_it(Desk(desk, site.base), f"clients/{site_cast.anna.id}/appointments/{last.id}")
    anna.page.bring_to_front()
    looks: dict[str, list[str]] = {}
    expect(anna.heading(TITLE)).to_be_visible(timeout=15_000)
    for words in ("Reminders have stopped.", "You can read here until", WHERE):
        anna.says(words)
    looks["ended"] = violations(anna.page)
    say_how_it_was(anna)
    site.until_rows(1, "feedback", "medium = 'worksheet'")
    sent = site.rows("revision")
    anna.page.context.set_offline(True)
    anna.page.reload()
    assert "It can help to look at a thought from the outside." in the_copy(anna)
    looks["check"] = keep_a_check(anna)
    anna.page.context.set_offline(False)
    anna.page.clock.set_fixed_time(clock.now() + MONTHS_LATER)
    anna.open("/#/history")
    anna.says("Nothing was removed from this phone.")
    looks["closed"] = violations(anna.page)
    assert "Do one thing from my plan" in the_copy(anna)
    assert site.rows("revision") == sent
    check(looks)


def end_it(ben: Desk, appointment: str) -> None:
    """The practitioner ends it, from the appointment."""
    ben.go(appointment)
    ben.follow("End of treatment")
    ben.page.get_by_label("Why it ends").select_option(label="Finished as planned")
    ben.page.get_by_label("Staying-well plan made?").select_option(label="Yes, on paper")
    ben.page.get_by_label("Where to turn").fill(WHERE)
    ben.press("End the course")
    ben.says("The course has ended. Reminders have stopped.")


def the_copy(anna: Phone) -> str:
    """What the copy holds that the phone hands out."""
    with anna.page.expect_download() as handed:
        anna.press("Download my copy")
    return Path(handed.value.path()).read_text("utf-8")


def say_how_it_was(anna: Phone) -> None:
    """One question of four is answered, and it goes."""
    anna.follow("Say how it was")
    anna.page.get_by_label("What helped you most?").fill("Small steps.")
    anna.press("Send it")
    anna.says("Thank you. You have told us.")


def keep_a_check(anna: Phone) -> list[str]:
    """Kept for three months and filled in, without a network; what axe says of its page."""
    anna.press("For 3 months")
    anna.follow("Do a check now")
    anna.says("Nobody at the service reads this. It is for you.")
    found = violations(anna.page)
    anna.page.get_by_label("Some of them").check()
    anna.page.get_by_label("None", exact=True).check()
    anna.page.get_by_label(re.compile("Do one thing from my plan")).check()
    anna.press("Save on this phone")
    anna.says("Your checks before")
    return found
