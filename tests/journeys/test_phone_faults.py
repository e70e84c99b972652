"""What goes wrong on the way, in a real browser: nothing is lost, nothing doubled, nothing called sent too early."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, expect

from server import clock
from tests.journeys.browsers import BROWSER_ARGUMENTS, CHROMIUM, PHONE, connected, sign_in
from tests.journeys.driven import LITTLE_ROOM
from tests.journeys.phone import SAVED_HERE, SENT, SITUATION, THOUGHT, Phone
from tests.journeys.portal import Portal
from tests.journeys.scripts import EMPTY, FILL
from tests.journeys.staff import Desk

pytestmark = pytest.mark.journey

TASK = "Looking at a thought"
COPY = "Copy what is not sent"
ENTRIES = ("revision", "subject_kind = 'entry'")


def test_a_captive_portal_is_not_the_server(site, anna):
    site.stop()
    with Portal(site.config.port) as portal:
        anna.save_a_thought(TASK)
        wait_for_push(anna, portal, 1)
        anna.standing(SAVED_HERE)
        portal.redirects = True
        anna.follow("Today")
        anna.says("1 saved on this phone, not sent yet")
        anna.says("We cannot reach the service just now.")
        anna.press("Try now")
        wait_for_push(anna, portal, 2)
        anna.says("1 saved on this phone, not sent yet")
        anna.open()  # the app itself comes from the phone, not from the portal
        anna.says("1 saved on this phone, not sent yet")
    site.start()
    anna.press("Try now")
    anna.until_all_is_sent()
    assert site.rows(*ENTRIES) == 1


def wait_for_push(phone: Phone, portal: Portal, count: int) -> None:
    """Until the portal took so many pushes, and a moment for its answer to do harm."""
    for _ in range(150):
        if portal.pushes >= count:
            break
        phone.page.wait_for_timeout(100)
    assert portal.pushes >= count
    phone.page.wait_for_timeout(500)


def test_an_answer_that_is_lost_after_the_commit_is_asked_for_again_and_stored_once(site, anna):
    lost = []

    def lose(route):
        if len(lost) < 2:
            lost.append(route.fetch().status)
            route.abort("connectionreset")
        else:
            route.continue_()

    anna.page.context.route("**/api/v1/sync/push", lose)
    anna.save_a_thought(TASK)
    anna.page.wait_for_timeout(1000)
    anna.standing(SENT, timeout=30_000)
    assert lost == [200, 200]  # the server had it before the phone knew
    assert site.rows(*ENTRIES) == 1
    anna.follow("What I did")
    expect(anna.page.locator(".entries > li")).to_have_count(1)


def test_two_tabs_that_save_at_once_are_both_stored(site, anna):
    other = Phone.of(anna.page.context, site.base).open()
    anna.page.context.set_offline(True)
    other.open(f"/#/write/{assignment_of(anna)}/any")  # another sheet of the same task
    anna.begin(TASK)
    anna.write({SITUATION: "in the first tab"})
    other.write({SITUATION: "in the second tab"})
    press_both(anna, other)
    anna.page.context.set_offline(False)
    site.until_rows(2, *ENTRIES)
    for phone in (anna, other):
        phone.standing(SENT)
    anna.follow("What I did")
    expect(anna.page.locator(".entries > li")).to_have_count(2)


def assignment_of(phone: Phone) -> str:
    """The id of the one task on Today."""
    return phone.page.locator("[data-assignment]").first.get_attribute("data-assignment")


def test_a_page_on_its_way_while_the_worker_takes_over_is_not_passed_over(site, phone_context):
    late, held = Phone.of(phone_context, site.base), []
    late.page.route(f"{site.base}/", lambda route: held.append(route))
    late.page.evaluate("(address) => void setTimeout(() => location.assign(address))", f"{site.base}/")
    for _ in range(100):
        if held:
            break
        late.page.wait_for_timeout(50)
    Phone.of(phone_context, site.base).open().until_controlled()
    held.pop().continue_()
    late.until_controlled()


def test_f26_a_phone_without_room_says_so_keeps_the_words_on_the_page_and_saves_once_there_is(
    site, site_cast, phone_context
):
    phone = Phone.of(phone_context, site.base)  # it goes by the room that it saw first
    asking = phone_context.new_cdp_session(phone.page)
    asking.send("Storage.overrideQuotaForOrigin", {"origin": site.base, "quotaSize": LITTLE_ROOM})
    site_cast.agree(now=clock.now())
    anna = connected(phone, site_cast)
    anna.begin(TASK)
    anna.write({label: text * 200 for label, text in THOUGHT.items()})  # more than what a database has in hand
    anna.until_draft_is_kept()  # so that what is refused is saving, and not the draft
    assert 1_000_000 < anna.page.evaluate(FILL) < LITTLE_ROOM
    anna.press("Save")
    anna.says("This phone has no room left, so it is not saved yet.")
    assert site.rows(*ENTRIES) == 0
    anna.page.evaluate(EMPTY)
    anna.save()
    anna.standing(SENT)
    assert site.rows(*ENTRIES) == 1


def press_both(*phones: Phone) -> None:
    """Save in several tabs at the same moment."""
    at = time.time() * 1000 + 1000
    for phone in phones:
        phone.page.evaluate(
            "(at) => void setTimeout(() => document.querySelector('[data-way=save]').click(), at - Date.now())", at
        )
    for phone in phones:
        expect(phone.heading("Saved")).to_be_visible()


def test_a_phone_that_staff_ended_says_what_was_not_sent_and_then_clears_itself(site, anna, desk):
    site.stop()
    anna.save_a_thought(TASK)
    anna.standing(SAVED_HERE)
    anna.page.context.set_offline(True)
    site.start()
    sign_in(desk, site)
    ben = Desk(desk, site.base)
    ben.find("Anna")
    ben.follow("End access of phone 1")
    ben.press("End access of phone 1")
    ben.says("Ended by staff")
    anna.page.context.set_offline(False)
    expect(anna.heading("This phone was disconnected")).to_be_visible(timeout=30_000)
    anna.page.evaluate("() => void navigator.serviceWorker.dispatchEvent(new Event('controllerchange'))")
    anna.page.wait_for_timeout(2500)  # a new release loads no page again that clears the phone when it is left
    anna.says("1 thing was not sent.")
    anna.never_says(THOUGHT[SITUATION])
    expect(anna.page.get_by_role("navigation")).to_have_count(0)  # there is nowhere else to go
    assert_own_words_are_in(anna)
    anna.press("Clear this phone")
    anna.says("1 thing is not sent. If you clear this phone without a copy, it will be lost.")
    assert anna.kept("revisions") != []
    anna.press("Yes, clear this phone")
    expect(anna.heading("Connect this phone")).to_be_visible()
    assert anna.kept("revisions") == anna.kept("assignments") == anna.kept("drafts") == []
    assert site.rows(*ENTRIES) == 0


def assert_own_words_are_in(phone: Phone) -> None:
    """What is not sent can be taken along first, in plain words, by the first and biggest button of the page."""
    assert phone.page.locator("main .nhsuk-button:not(.nhsuk-button--secondary)").all_inner_texts() == [COPY]
    with phone.page.expect_download() as got:
        phone.press("Save it as a file")
    text = got.value.path().read_text()
    assert f"{TASK}, " in text and "revision_id" not in text
    assert all(f"{question}: {words}" in text for question, words in THOUGHT.items())


def test_f23_a_browser_killed_in_the_middle_of_a_word_loses_half_a_second_and_stays_connected(
    site, site_cast, chromium, tmp_path
):
    site_cast.agree(now=clock.now())
    own = OwnBrowser(chromium, tmp_path / "profile")
    connected(own.phone(site.base), site_cast).page.context.close()
    phone = own.phone(site.base).open()  # the phone was switched off and on: still connected
    phone.begin(TASK)
    typed = type_without_a_pause(phone)
    own.kill()
    site.stop()  # what comes back comes from the phone
    phone = own.phone(site.base).open()
    phone.begin(TASK)
    kept = phone.written(SITUATION)
    assert typed[-1].startswith(kept)
    assert len(kept) >= len(typed[0])
    phone.save()
    site.start()
    phone.standing(SENT, timeout=30_000)
    own.kill()
    assert site.rows("device") == 1
    assert site.rows(*ENTRIES) == 1


def type_without_a_pause(phone: Phone) -> list[str]:
    """What stood in the box half a second before the last key stroke, and after it."""
    box = phone.page.get_by_role("textbox", name=SITUATION)
    box.press_sequentially("half a second is all that may be lost " * 2, delay=20)
    before = box.input_value()
    until = time.monotonic() + 0.5
    while time.monotonic() < until:
        box.press_sequentially("more ", delay=20)
    return [before, box.input_value()]


class OwnBrowser:
    """A browser with a profile on disk, which can be killed and opened again."""

    def __init__(self, chromium: Browser, profile: Path):
        self.chromium, self.profile = chromium, profile

    def phone(self, base: str) -> Phone:
        """Start it, as the phone does after it was switched off."""
        context = self.chromium.browser_type.launch_persistent_context(
            self.profile, executable_path=CHROMIUM, args=BROWSER_ARGUMENTS, **PHONE
        )
        context.set_default_timeout(15_000)
        return Phone(context.pages[0], base)

    def kill(self) -> None:
        """SIGKILL to every process of this profile; none of them can tidy up."""
        for process in psutil.Process().children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                if f"--user-data-dir={self.profile}" in process.cmdline():
                    os.kill(process.pid, signal.SIGKILL)
                    process.wait(10)
