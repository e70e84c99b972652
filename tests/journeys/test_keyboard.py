"""The whole loop by keyboard alone: no pointer is used, the focus can always be seen, and it starts each screen."""

import pytest
from playwright.sync_api import expect

from server import clock
from tests.cast import PASSWORD
from tests.journeys import everywhere
from tests.journeys.keyboard import Keys
from tests.journeys.phone import REST, SITUATION, THOUGHT

pytestmark = pytest.mark.journey


def test_the_whole_loop_by_keyboard_alone(site, site_cast, desk, phone_context):
    site_cast.agree(worksheet=None, title="A short walk", rhythm={"kind": "daily", "times": 1}, now=clock.now())
    site_cast.meet(everywhere.later_today(), now=clock.now())
    ben, anna = Keys(desk), Keys(phone_context.new_page())
    sign_in(ben, site.base)
    code = invite(ben)
    agree(ben)
    pair(anna, site.base, code)
    write_a_thought(anna)
    not_today(anna)
    review(ben)
    assert site.rows("entry", "subject_kind = 'entry'") == 1
    assert site.rows("review") == 1


def sign_in(ben: Keys, base: str) -> None:
    ben.page.goto(f"{base}/staff/")
    ben.write("Sign-in name", "ben@example.org")
    ben.write("Password", PASSWORD)
    ben.press("Enter")
    expect(ben.page.get_by_role("button", name="Sign out")).to_be_visible()


def invite(ben: Keys) -> str:
    ben.go("Caseload", "a")
    ben.new_page("Caseload")
    ben.go("Anna", "a")
    ben.new_page("Anna")
    ben.go("Invite", "a")
    ben.new_page("Invite")
    ben.go("Make an invitation", "button")
    expect(ben.page.locator(".staff-code")).to_be_visible()
    return ben.page.locator(".staff-code").inner_text()


def agree(ben: Keys) -> None:
    ben.go("Caseload", "a")
    ben.new_page("Caseload")
    ben.go("Anna", "a")
    ben.new_page("Anna")
    ben.go("Agree a task", "a")
    expect(ben.page.get_by_role("heading", level=2, name="Agreed before")).to_be_focused()  # past what is on every page
    ben.go("Looking at a thought", "a")
    expect(ben.page.get_by_label("Reason", exact=True)).to_be_focused()
    ben.write("Reason", "One thought can spoil a whole evening.")
    ben.write("When", "after tea")
    ben.tab_to("How sure are they")
    ben.press("8")
    ben.go("Preview", "button")
    expect(ben.page.get_by_role("heading", name="Preview: nothing is agreed yet")).to_be_visible()
    ben.go("Agree this task", "button")
    expect(ben.page.get_by_text("Agreed. It shows")).to_be_visible()


def pair(anna: Keys, base: str, code: str) -> None:
    anna.page.goto(f"{base}/")
    anna.write("Your code", code)
    anna.press("Enter")
    anna.new_screen("What Meantime is")
    anna.go("Continue", "button")
    anna.new_screen("Might someone else look at this phone?")
    anna.go("No, only me", "button")
    anna.new_screen("Would you like a reminder?")
    anna.go("No reminders", "button")
    anna.new_screen("Today")
    expect(anna.page.get_by_role("link", name="Looking at a thought").first).to_be_visible()


def write_a_thought(anna: Keys) -> None:
    anna.go("Do it now", "a")
    anna.new_screen("Looking at a thought")
    anna.write(SITUATION, THOUGHT[SITUATION])
    for label, words in REST.items():
        anna.write(label, words)
        if "feeling?" in label:
            anna.tab_to("How strong was that feeling?")
            anna.press(*["ArrowRight"] * 3)
    anna.go("Save", "button")
    anna.new_screen("Saved")
    anna.go("Back to Today", "a")
    anna.new_screen("Today")
    expect(anna.page.locator("article").get_by_text("Done", exact=False).first).to_be_visible()


def not_today(anna: Keys) -> None:
    anna.go("Not today: A short walk", "button")
    anna.new_screen("Not today")
    anna.go("I forgot", "button")
    expect(anna.page.get_by_role("heading", name="What would help now?")).to_be_focused()
    anna.go("Make it smaller", "button")
    expect(anna.page.get_by_role("heading", name="The small version")).to_be_focused()
    anna.go("Later today", "a")
    anna.new_screen("Today")


def review(ben: Keys) -> None:
    ben.page.goto(ben.page.url.partition("/staff/")[0] + "/staff/today")
    ben.go("Anna", "a")
    ben.new_page("Anna")
    expect(ben.page.get_by_text(THOUGHT[SITUATION])).to_be_visible()
    ben.go("Carry over, make smaller, stop, or write them a line", "summary")
    ben.write("A line they can read", "You found the other side.")
    ben.go("Looked at together", "button")
    expect(ben.page.get_by_text("They can read:")).to_be_visible()


def test_a_focus_that_cannot_be_seen_would_be_noticed(chromium):
    page = chromium.new_page()
    page.set_content("<style>* { outline: none !important }</style><a href='#x'>here</a>")
    keys = Keys(page)
    keys.press("Tab")
    with pytest.raises(AssertionError, match="cannot be seen"):
        keys.focus()
    page.close()
