"""Settings: how to allow reminders again is said for the phone that is held."""

import pytest
from playwright.sync_api import expect

from server import clock
from server.extensions import atomic
from server.reminders import moving
from tests.journeys.browsers import code_for, connected, new_phone
from tests.journeys.phone import Phone

pytestmark = pytest.mark.journey

APPLE = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0"
CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0"
IPHONE = f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) {APPLE} Safari/604.1"
ANDROID = f"Mozilla/5.0 (Linux; Android 14; Pixel 8) {CHROME} Mobile Safari/537.36"
COMPUTER = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36"
SAID_NO = """
Object.defineProperty(Notification, 'permission', { configurable: true, get: () => window.answer ?? 'denied' })
"""


@pytest.fixture
def settings(site, site_cast, chromium, request):
    """The settings of a phone of this kind whose owner once said no to notifications."""
    context = new_phone(chromium, user_agent=request.param)
    context.set_default_timeout(15_000)
    context.add_init_script(SAID_NO)
    context.add_init_script("navigator.standalone = /iPhone/.test(navigator.userAgent)")
    phone = connected(Phone.of(context, site.base), site_cast)
    phone.open("/#/settings")
    phone.page.get_by_label("Remind me").check()
    yield phone
    context.close()


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        (IPHONE, "Open the Settings of your iPhone or iPad."),
        (ANDROID, "Tap the small picture beside the address at the top."),
        (COMPUTER, "Click the small picture beside the address at the top."),
    ],
    ids=["iphone", "android", "computer"],
    indirect=["settings"],
)
def test_who_said_no_to_reminders_reads_how_to_allow_them_on_this_phone(settings, says):
    blocked = settings.page.locator("[data-reach=blocked]")
    expect(blocked).to_contain_text(says)
    expect(blocked.locator("li")).to_have_count(3)
    expect(blocked).to_contain_text("Then come back here and tap “Save reminders”.")


@pytest.mark.parametrize("settings", [ANDROID], indirect=True)
def test_who_allowed_them_and_came_back_is_not_told_again(settings):
    expect(settings.page.locator("[data-reach=blocked]")).to_be_visible()
    settings.page.evaluate("() => { window.answer = 'granted'; document.dispatchEvent(new Event('visibilitychange')) }")
    expect(settings.page.locator("[data-reach=blocked]")).to_have_count(0)


@pytest.mark.parametrize("settings", [ANDROID], indirect=True)
def test_a_task_says_no_reminder_comes_where_none_can_and_its_time_is_taken_there(settings, site_cast):
    site_cast.agree(rhythm={"kind": "daily", "times": 1}, now=clock.now())
    settings.press("Save reminders")
    settings.says("Saved on this phone.")
    settings.open("/")
    settings.press("Yes")
    settings.says("You said that this is your plan.")
    settings.press("Remind me later today")
    later = settings.page.locator("[data-later]")
    expect(later).to_contain_text("No reminder comes yet. Your practitioner first asks how to reach you safely.")
    expect(later.get_by_role("button")).to_have_count(0)
    site_cast.ask_safely()
    settings.open("/")
    settings.press("Remind me later today")
    expect(later).to_contain_text("Reminders do not reach this phone at the moment.")
    expect(later.get_by_role("button")).to_have_count(0)
    settings.follow("Looking at a thought")
    apart = settings.page.locator("[data-apart]")
    expect(apart).to_contain_text("Your plan says 13:30. Reminders do not reach this phone at the moment.")
    settings.press("Remind me at 13:30 from now on")
    expect(apart.locator("p")).to_have_count(0)
    settings.open("/#/settings")
    expect(settings.page.get_by_label("At what time?")).to_have_value("13:30")


@pytest.mark.parametrize("settings", [ANDROID], indirect=True)
def test_reminders_that_wait_until_somebody_asked_say_so_and_promise_no_time(settings, site_cast):
    waits, times = settings.page.locator("[data-waits]"), settings.page.locator("[data-next-reminders]")
    expect(waits).to_contain_text("Your practitioner first asks how to reach you safely, when nobody else is there.")
    expect(times).to_contain_text("No reminder comes yet.")
    expect(times.locator("li")).to_have_count(0)
    site_cast.ask_safely()
    settings.open("/#/settings")
    settings.page.get_by_label("Remind me").check()
    expect(waits).to_have_count(0)
    expect(times).to_contain_text("No reminder reaches this phone yet.")
    expect(times.locator("li")).to_have_count(0)


def test_a_phone_with_no_reminders_for_safety_says_so_though_it_allows_them_and_they_are_on(site, site_cast, chromium):
    site_cast.ask_safely()
    agreed = {"at": "13:30", "weekdays": [0, 1, 2, 3, 4, 5, 6], "quiet": None, "pause": None, "shift": None}
    with atomic():
        moving.agree(client=site_cast.anna, parts=agreed, by=site_cast.ben, now=clock.now())
    context = new_phone(chromium, user_agent=ANDROID)
    context.set_default_timeout(15_000)
    context.add_init_script(SAID_NO.replace("'denied'", "'granted'"))
    phone = Phone.of(context, site.base)
    phone.connect_by_typing(code_for(site_cast).lower())
    phone.press("Continue")
    phone.press("Yes, or I am not sure")
    phone.press("Continue")
    phone.until_ready()
    phone.says("Nothing is waiting to be sent")
    phone.open("/#/settings")
    phone.says("You chose no reminders on this phone.")
    remind = phone.page.get_by_label("Remind me")
    expect(remind).not_to_be_checked()
    phone.press("Save reminders")
    phone.says("Saved on this phone.")
    assert moving.own_rule(site_cast.anna) is not None  # what was agreed goes on elsewhere
    remind.check()
    phone.says("This phone is not set up for reminders yet.")
    phone.never_says("Reminders can reach this phone.")
    expect(phone.page.locator("[data-next-reminders] li")).to_have_count(0)
    context.close()


@pytest.mark.parametrize("settings", [ANDROID], indirect=True)
def test_nights_at_an_hour_that_is_usually_quiet_are_asked_about_at_once(settings):
    form = settings.page.locator("form")
    form.get_by_label("Never between").fill("21:00")
    form.get_by_label("and", exact=True).fill("08:00")
    form.get_by_text("More choices").click()
    form.get_by_label("Use a different time for the next 7 days").check()
    form.get_by_label("At what time on these days?").fill("03:00")
    silent = settings.page.locator("[data-shift=silent]")
    expect(silent).to_contain_text("03:00 is between 21:00 and 08:00, when you want no reminders.")
    form.get_by_label("Reminders may come at any hour on these days").check()
    expect(silent).to_have_count(0)
    form.locator("#shift-from").fill("2099-03-02")
    expect(form.locator("#shift-until")).to_have_value("2099-03-08")  # a week from the day it begins
