"""Without a server Anna says yes to a plan and changes its time; then her practitioner sees who changed what."""

import pytest
from playwright.sync_api import expect

from tests.journeys.browsers import sign_in
from tests.journeys.phone import Phone
from tests.journeys.staff import Desk

pytestmark = pytest.mark.journey


def test_a_yes_and_a_changed_time_wait_for_the_server_and_say_who_changed_what(site, site_cast, anna: Phone, desk):
    page = anna.page
    asked = page.locator("[data-asked]")
    expect(asked).to_contain_text("agreed this. Is it right?")
    site.stop()
    asked.get_by_role("button", name="Yes").click()
    anna.says("You said that this is your plan.")
    page.reload()
    anna.says("1 saved on this phone, not sent yet")
    expect(asked).to_have_count(0)
    change_the_time(anna)
    site.start()
    anna.open("/")
    anna.until_all_is_sent()
    sign_in(desk, site)
    Desk(desk, site.base).find("Anna")
    desk.get_by_role("main").get_by_role("link", name="Looking at a thought").first.click()
    changes = desk.locator(".staff-changes")
    expect(changes).to_contain_text("Anna changed this")
    expect(changes).to_contain_text("was 13:30, now 18:45")
    assert site.rows("assignment_version", "number = 1 AND confirmed_at IS NOT NULL") == 1


def change_the_time(anna: Phone) -> None:
    """From the task, in its plan: the day and the place stay as they are."""
    anna.follow("Looking at a thought")
    anna.says("You said that this is your plan.")
    anna.follow("Change my plan")
    anna.page.get_by_label("Time").fill("18:45")
    anna.press("Save my plan")
    anna.says("You changed this")
