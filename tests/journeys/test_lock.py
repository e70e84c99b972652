"""A phone with a PIN shows nothing until it is typed; a phone that keeps nothing has nothing to show."""

import pytest
from playwright.sync_api import expect

from tests.journeys.phone import SAVED_HERE, SENT, SITUATION, THOUGHT, Phone
from tests.journeys.scripts import DUMP, LEAVE

pytestmark = pytest.mark.journey

TASK, PIN = "Looking at a thought", "270418"

NAMES = "async () => (await indexedDB.databases()).map(({name}) => name)"


def test_a_phone_with_a_pin_shows_nothing_until_it_is_typed_and_locks_at_once_on_leaving(site, anna):
    locked_with_one_unsent(anna)
    expect(anna.heading("Type your PIN")).to_be_visible()
    anna.says("1 thing is saved here and not sent yet.")
    dump = anna.page.evaluate(DUMP)
    words = (*THOUGHT.values(), TASK, "Anna", "It can help to look", "Ben Okafor")
    assert [one for one in words if one in dump] == []
    assert "revisions/" in dump and "drafts/" not in dump
    anna.page.get_by_label("Your PIN").fill("271111")
    anna.press("Open")
    anna.says("That is not your PIN. You can try 9 more times.")
    anna.open("/#/history")
    anna.never_says(TASK)
    opened(anna)
    anna.follow(TASK)
    anna.says(THOUGHT[SITUATION])
    other = Phone.of(anna.page.context, anna.base).open()
    opened(other)
    other.says(TASK)
    leaves_nothing_behind(anna)
    expect(other.heading("Type your PIN")).to_be_visible()
    other.page.context.set_offline(False)
    opened(other)
    site.until_rows(1, "revision", "subject_kind = 'entry'")


def leaves_nothing_behind(phone: Phone) -> None:
    """*Leave quickly* blanks the page without a network, and Back finds nothing."""
    took, *left = phone.page.evaluate(LEAVE)
    assert left == [0, False, ""] and took <= 300
    phone.page.wait_for_url("about:blank")
    for again in (phone.page.go_back, phone.page.reload):
        again()
        expect(phone.page.get_by_role("button", name="Open")).to_be_visible()
        phone.never_says(THOUGHT[SITUATION])
    phone.press("Open")
    expect(phone.heading("Type your PIN")).to_be_visible()


def test_a_phone_that_keeps_nothing_says_so_sends_and_is_empty_once_the_page_is_closed(site, anna):
    anna.open("/#/settings")
    anna.page.get_by_label("Someone else may look at this phone").check()
    anna.page.get_by_label("Keep nothing on this phone").click()
    bar = anna.page.get_by_text("Online only. Nothing is kept on this phone.")
    expect(bar).to_be_visible()
    anna.save_a_thought(TASK)
    anna.standing(SENT)
    site.until_rows(1, "revision", "subject_kind = 'entry'")
    assert anna.page.evaluate(NAMES) == []
    anna.follow("Today")
    expect(bar).to_be_visible()
    anna.page.context.set_offline(True)
    anna.begin(TASK)
    anna.write({SITUATION: "On the bus"})
    anna.save()
    anna.says("Not sent yet. Keep this page open.")
    anna.page.on("dialog", lambda asked: asked.accept())
    anna.open()
    expect(anna.heading("You need signal to open this")).to_be_visible()
    anna.page.context.set_offline(False)
    anna.press("Try again")
    anna.says(TASK)


def lock(phone: Phone) -> None:
    """Choose a PIN in Settings."""
    phone.open("/#/settings")
    phone.press("Choose a PIN")
    phone.page.get_by_label("New PIN").fill(PIN)
    phone.page.get_by_label("The same PIN again").fill(PIN)
    phone.press("Lock with this PIN")
    phone.says("A PIN locks Meantime on this phone.")


def locked_with_one_unsent(phone: Phone) -> None:
    """A PIN, and offline one thing that is saved; then the app is opened anew."""
    lock(phone)
    phone.page.context.set_offline(True)
    phone.follow("Today")
    phone.save_a_thought(TASK)
    phone.standing(SAVED_HERE)
    phone.open()


def opened(phone: Phone) -> None:
    """Type the PIN."""
    phone.page.get_by_label("Your PIN").fill(PIN)
    phone.press("Open")
    expect(phone.heading("Type your PIN")).to_have_count(0)
