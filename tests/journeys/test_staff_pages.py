"""Staff pages in a browser: their script starts, nothing is wrong in the console, and a card prints alone."""

import re
from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from server import clock
from tests.cast import PASSWORD
from tests.journeys.browsers import DESK, sign_in

pytestmark = pytest.mark.journey


@pytest.fixture
def complaints(desk: Page) -> list[str]:
    """What the browser says to the console on the way: nothing is wanted there."""
    found: list[str] = []
    desk.on("console", lambda message: found.append(message.text))
    desk.on("pageerror", lambda error: found.append(str(error)))
    return found


def test_the_script_of_the_nhs_frontend_starts(desk, site, site_cast, complaints):
    desk.goto(f"{site.base}/staff/sign-in")
    expect(desk.locator("body.nhsuk-frontend-supported")).to_have_count(1)
    password = desk.locator("#password")
    password.fill(PASSWORD)
    assert password.get_attribute("type") == "password"
    desk.get_by_role("button", name="Show password").click()
    assert password.get_attribute("type") == "text"
    assert complaints == []


def test_an_error_summary_takes_the_focus_and_leads_to_its_field(desk, site, site_cast, complaints):
    sign_in(desk, site)
    desk.goto(f"{site.base}/staff/clients/new")
    complaints.clear()  # the browser itself reports the answer 422
    desk.get_by_role("button", name="Add client").click()
    summary = desk.locator(".nhsuk-error-summary")
    expect(summary).to_be_focused()
    summary.get_by_role("link").first.click()
    expect(desk.locator("#preferred_name")).to_be_focused()
    assert [one for one in complaints if "422" not in one] == []


def test_only_the_boxes_of_the_chosen_rhythm_show(desk, site, site_cast, complaints):
    sign_in(desk, site)
    desk.goto(f"{site.base}/staff/clients/{site_cast.anna.id}/assignments/new?worksheet=")
    desk.get_by_label("Every day").check()
    expect(desk.get_by_label("How many times a day")).to_have_value("1")
    expect(desk.get_by_label("How many times a week")).to_be_hidden()
    expect(desk.get_by_role("checkbox", name="Monday")).to_have_count(0)
    desk.get_by_label("On chosen weekdays").check()
    expect(desk.get_by_role("checkbox", name="Monday")).to_have_count(1)
    expect(desk.get_by_label("How many times a day")).to_be_hidden()
    assert complaints == []


def test_a_printed_card_says_nothing_about_whose_it_is(desk, site, site_cast):
    sign_in(desk, site)
    desk.goto(f"{site.base}/staff/clients/{site_cast.anna.id}/invitation")
    desk.get_by_role("button", name=re.compile("invitation")).click()
    code = desk.locator(".staff-code").inner_text()
    assert "Anna" in desk.locator("body").inner_text(), "on the screen it does"
    desk.emulate_media(media="print")
    printed = desk.locator("body").inner_text()
    assert code in printed and site.base in printed and desk.locator(".staff-qr").is_visible()
    born = site_cast.anna.date_of_birth if isinstance(site_cast.anna.date_of_birth, str) else "1994-03-02"
    for tell in ("Anna", "TT-1001", f"{datetime.fromisoformat(born):%B %Y}", "Northfield", "Waiting", "Ben Okafor"):
        assert tell not in printed, tell


def test_a_review_is_one_click_and_says_that_it_is_saved_without_any_script(chromium, site, site_cast):
    site_cast.pair(clock.now())
    agreed = site_cast.agree(None, title="A short walk", rhythm={"kind": "daily", "times": 1}, now=clock.now())
    meeting = site_cast.meet(clock.now(), None, clock.now())
    context = chromium.new_context(**DESK, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, site)
    page.goto(f"{site.base}/staff/clients/{site_cast.anna.id}/appointments/{meeting.id}")
    task = page.locator(f"#task-{agreed.id}")
    task.locator("summary", has_text="Mark it as looked at").click()
    task.get_by_role("button", name="Carry over to next time").click()
    expect(task.get_by_role("status")).to_have_text("Saved.")
    expect(task.get_by_text("Carry over to next time.")).to_be_visible()
    context.close()
