"""The same stories in Chromium, in Firefox and in WebKit, Safari's engine: saved, killed, locked, left, sent once."""

import pytest

from tests.journeys.browsers import connected_in, finish
from tests.journeys.driven import Driven
from tests.journeys.phone import SITUATION, THOUGHT
from tests.journeys.scripts import DUMP, EMPTY, FILL, LEAVE, WRITTEN

pytestmark = pytest.mark.journey

TASK, PIN = "Looking at a thought", "270418"
ENTRIES = ("revision", "subject_kind = 'entry'")
SAVE_AGAIN = """async () => {
  document.querySelector('[data-way=save]')?.click()
  await new Promise((later) => setTimeout(later, 1000))
  return document.querySelector('[data-saved=sent]') !== null
}"""
# A button, and a heading for those who listen.
NOTHING_ELSE = r"() => /^(Open\s*)*$/.test(document.body.innerText.trim())"
OFFLINE = "() => void Object.defineProperty(navigator, 'onLine', { get: () => false })"


def test_what_was_saved_without_a_network_outlives_a_killed_browser_and_is_sent_once(site, site_cast, start):
    connected_in(start(), site, site_cast).close()  # Chromium writes a cookie down half a minute late, or when it ends
    browser = start()
    site.stop()
    browser.open(site.base)
    browser.press("Do it now")
    browser.write(SITUATION, THOUGHT[SITUATION])
    browser.see("Kept on this phone while you write")
    browser.reload()
    browser.until(WRITTEN, THOUGHT[SITUATION])
    finish(browser)
    browser.see("Saved on this phone")
    browser.kill()

    browser = start()
    browser.open(site.base)
    browser.see("1 saved on this phone, not sent yet")
    dump = browser.run(DUMP)
    assert [one for one in (*THOUGHT.values(), TASK, "Anna", "Ben Okafor") if one in dump] == []
    assert "revisions/" in dump
    browser.press("What I did")
    browser.press(TASK)
    browser.see(THOUGHT[SITUATION])
    site.start()
    browser.press("Today")
    browser.see("All sent", patience=60)
    assert site.rows("entry", "assignment_id IS NOT NULL") == 1
    assert site.rows(*ENTRIES) == 1


def test_a_pin_locks_every_tab_and_leaving_quickly_shows_nothing(site, site_cast, start):
    browser = connected_in(start(), site, site_cast)
    browser.open(f"{site.base}/#/settings")
    browser.press("Choose a PIN")
    browser.write("New PIN", PIN)
    browser.write("The same PIN again", PIN)
    browser.press("Lock with this PIN")
    browser.see("A PIN locks Meantime on this phone.")
    site.stop()
    browser.reload()
    browser.see("Type your PIN")
    unlock(browser, "271111")
    browser.see("That is not your PIN. You can try 9 more times.")
    unlock(browser)
    browser.see("A PIN locks Meantime on this phone.")
    browser.press("Today")
    browser.see(TASK)
    first = browser.new_tab()
    browser.open(site.base)
    browser.see("Type your PIN")
    unlock(browser)
    browser.see(TASK)
    second = browser.turn_to(first)
    browser.run(OFFLINE)
    took, *left = browser.run(LEAVE)
    assert left == [0, False, ""] and took <= 300
    browser.until("() => location.href === 'about:blank'")
    browser.back()  # WebKit keeps the empty page, under our address
    browser.until(NOTHING_ELSE)
    browser.reload()
    browser.until("() => document.body.innerText.includes('Open')")
    assert browser.run(NOTHING_ELSE)
    browser.press("Open")
    browser.see("Type your PIN")
    browser.turn_to(second)
    browser.see("Type your PIN")
    assert TASK not in browser.says()


def unlock(browser: Driven, pin: str = PIN) -> None:
    """Type the PIN, and try it."""
    browser.write("Your PIN", pin)
    browser.press("Open")


# Chromium's is in test_phone_faults: it has to be told of the room before it has looked.
@pytest.mark.parametrize("start", ["Firefox", "WebKit"], indirect=True)
def test_f26_a_phone_without_room_says_so_keeps_the_words_on_the_page_and_saves_once_there_is(site, site_cast, start):
    browser = connected_in(start(), site, site_cast)
    browser.press("Do it now")
    for label, text in THOUGHT.items():
        browser.paste(label, text * (60_000 // len(text.encode())))  # more than what a database has in hand
    browser.see("Kept on this phone while you write")  # so that what is refused is saving, and not the draft
    stored = browser.run(FILL)
    assert 1_000_000 < stored < 20_000_000
    browser.press("Save")
    browser.see("This phone has no room left, so it is not saved yet.")
    assert site.rows(*ENTRIES) == 0
    assert browser.run(EMPTY)
    browser.until(SAVE_AGAIN)  # as the page says; Firefox refuses the first time
    site.until_rows(1, *ENTRIES)
