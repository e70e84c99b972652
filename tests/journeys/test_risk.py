"""Answers about risk, whole: recorded procedure, card without signal, red on Today, what was done, and off again."""

import re

import pytest
from playwright.sync_api import expect

from server import clock
from tests.journeys.browsers import connected, sign_in
from tests.journeys.phone import SAVED_HERE, SENT, Phone
from tests.journeys.sites import mailed
from tests.journeys.staff import Desk
from tests.safety import sheets

pytestmark = pytest.mark.journey

TITLE, QUESTION = sheets.CHECK["title"], "How often did dark thoughts come?"
ASKED = "Do you feel able to keep yourself safe right now?"
OUTCOME = "Rang at once, went through the safety plan, told my supervisor."


site = mailed.site


@pytest.fixture
def sqlite_config(sqlite_config):
    """An installation with our questionnaire among its own worksheets."""
    sheets.add_to(sqlite_config.data)
    return sqlite_config


@pytest.fixture
def anna(site, site_cast, phone_context) -> Phone:
    """Anna's phone, with the questionnaire three times a week on it."""
    site_cast.agree(sheets.CHECK["id"], now=clock.now())
    return connected(Phone.of(phone_context, site.base), site_cast)


def rate(phone: Phone, question: str, number: int) -> None:
    """Tap a step of a short scale."""
    group = phone.page.get_by_role("group", name=question)
    group.get_by_role("radio", name=re.compile(f"^{number}\\b")).check()


def fill_in(phone: Phone, thoughts: int) -> None:
    phone.begin(TITLE)
    rate(phone, "How was your mood?", 3)
    rate(phone, QUESTION, thoughts)
    phone.page.get_by_role("button", name="Save", exact=True).click()


def until_asked(phone: Phone, whole: bool) -> None:
    """Pull until this phone has the questionnaire with its questions about risk, or without them."""
    part = "whole" if whole else "without_risk"
    for _ in range(60):
        if any(
            kept["body"].get("part") == part and kept["body"]["id"] == sheets.CHECK["id"]
            for kept in phone.kept("worksheets")
        ):
            return
        phone.open()
        phone.page.wait_for_timeout(500)
    raise AssertionError(f"this phone never had it {part}")


def test_from_a_phone_without_signal_to_what_was_done(site, site_cast, ada, anna, desk, post, phone_context, tmp_path):
    ada.switch_risk_on(post.inbox)
    ada.page.screenshot(path=tmp_path / "procedure.png", full_page=True)
    until_asked(anna, whole=True)
    phone_context.set_offline(True)
    fill_in(anna, 2)
    expect(anna.heading("Your answers are saved")).to_be_visible()
    anna.says("No one is watching them right now.")
    expect(anna.page.get_by_role("link", name="Call 111, option 2")).to_have_attribute("href", "tel:111")
    expect(anna.page.get_by_role("link", name="0800 000 0000")).to_have_attribute("href", "tel:08000000000")
    anna.page.screenshot(path=tmp_path / "card.png")
    anna.page.screenshot(path=tmp_path / "card-whole.png", full_page=True)
    expect(anna.heading(ASKED)).to_be_visible()
    anna.press("Not sure")
    expect(anna.heading("Get help now")).to_be_visible()
    calls = anna.page.get_by_role("main").locator("a[href^='tel:']")
    assert calls.evaluate_all("all => all.slice(0, 2).map(one => one.getAttribute('href'))") == ["tel:999", "tel:111"]
    anna.page.screenshot(path=tmp_path / "now.png")
    anna.press("Go on")
    expect(anna.heading("Saved")).to_be_visible()
    anna.standing(SAVED_HERE)
    assert site.rows("risk_flag") == 0

    phone_context.set_offline(False)
    anna.standing(SENT)
    site.until_rows(1, "risk_flag", "level = 2 AND follow_up = 'not_sure' AND ack_at IS NULL")
    sign_in(desk, site)
    ben = Desk(desk, site.base)
    ben.go("today")
    ben.says("Risk: red")
    ben.says("They are not sure that they can keep safe right now.")
    assert desk.get_by_role("main").get_by_role("heading", level=2).first.inner_text().startswith("Waiting for you")
    desk.screenshot(path=tmp_path / "today.png")
    desk.get_by_role("heading", name="Anna", level=3).get_by_role("link").click()
    ben.says("Risk: red")
    desk.screenshot(path=tmp_path / "client.png")
    ben.follow("Say what you did")
    ben.press("Acknowledge")
    ben.says("Say in a line what you did.")
    desk.get_by_label("What did you do?").fill(OUTCOME)
    desk.screenshot(path=tmp_path / "flag.png")
    ben.press("Acknowledge")
    ben.never_says("Risk: red")
    ben.go("today")
    ben.never_says("Risk: red")
    assert site.rows("risk_flag", "ack_at IS NOT NULL") == 1
    sign_out_and_in(desk, site, "cara@example.org")
    Desk(desk, site.base).go("today")
    Desk(desk, site.base).never_says("Risk: red")


def sign_out_and_in(desk, site, name: str) -> None:
    desk.context.clear_cookies()
    sign_in(desk, site, name)


def test_the_card_outlives_a_reload_and_can_be_passed_without_an_answer(site, ada, anna, post, phone_context):
    ada.switch_risk_on(post.inbox)
    until_asked(anna, whole=True)
    phone_context.set_offline(True)
    fill_in(anna, 1)
    expect(anna.heading("Your answers are saved")).to_be_visible()
    anna.page.reload()
    expect(anna.heading(ASKED)).to_be_visible()
    anna.press("Go on without answering")
    expect(anna.heading("Saved")).to_be_visible()
    phone_context.set_offline(False)
    anna.standing(SENT)
    site.until_rows(1, "risk_flag", "level = 1 AND follow_up IS NULL")


def test_somebody_who_feels_safe_goes_straight_on(site, ada, anna, post):
    ada.switch_risk_on(post.inbox)
    until_asked(anna, whole=True)
    fill_in(anna, 1)
    anna.press("Yes")
    expect(anna.heading("Saved")).to_be_visible()
    site.until_rows(1, "risk_flag", "follow_up = 'yes'")
    anna.open("/#/")
    fill_in(anna, 0)  # nothing about risk: the thank-you comes at once
    expect(anna.heading("Saved")).to_be_visible()


def test_switched_off_the_questions_are_gone_at_the_next_pull(site, ada, anna, post):
    ada.switch_risk_on(post.inbox)
    until_asked(anna, whole=True)
    ada.press("Switch off")
    ada.says("Clients are not asked about risk in the app.")
    until_asked(anna, whole=False)
    anna.begin(TITLE)
    expect(anna.page.get_by_role("group", name="How was your mood?")).to_be_visible()
    expect(anna.page.get_by_text(QUESTION)).to_have_count(0)
