"""Every way a phone is connected, and what is said where that cannot be: iPhones, inside other apps, old codes."""

import json
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from server import clock
from server.people.pairing import LASTS
from tests.journeys.browsers import BROWSER_ARGUMENTS, CHROMIUM, PHONE, code_for, connected, new_phone
from tests.journeys.phone import Phone

pytestmark = pytest.mark.journey

SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Mobile/15E148 Safari/604.1"
)
IN_APPS = {
    "Instagram": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Mobile/15E148 Instagram 334.0.4.32.98 (iPhone14,5; iOS 17_5; en_GB; scale=3.00; 1170x2532; 603186345)",
    "Facebook": "Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/AP1A.240405.002; wv) "
    "AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/124.0.6367.82 "
    "Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/463.0.0.46.85;]",
    "Line": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Mobile/15E148 Safari Line/14.8.0",
}
# What Safari tells a page that was opened from the home screen.
FROM_THE_HOME_SCREEN = "Object.defineProperty(navigator, 'standalone', {value: true})"
WRONG = {
    "unknown": "We do not know this code.",
    "expired": "This code is too old.",
    "used": "This code was used already.",
    "burned": "This code was tried too many times",
}


def test_the_installed_app_of_an_iphone_is_connected_by_the_code_its_tab_shows(site, site_cast, chromium):
    site_cast.agree(now=clock.now())
    tab = Phone.of(new_phone(chromium, user_agent=SAFARI), site.base)
    code = code_for(site_cast)
    tab.page.goto(f"{site.base}/#pair={code}")
    tab.says("Put Meantime on your home screen first")
    tab.says("Add to Home Screen")
    tab.says(code)
    tab.press("Use this page instead")
    tab.press("Connect this phone")
    tab.first_opening()
    tab.follow("Settings")
    tab.press("Get a code for the app")
    shown = tab.page.locator(".big-code").inner_text()
    installed = installed_app(chromium, site.base)
    installed.connect_by_typing(shown)
    installed.first_opening()
    installed.says("Looking at a thought")
    assert site.rows("device", "platform = 'ios' AND display = 'standalone'") == 1
    assert site.rows("device", "platform = 'ios' AND display = 'browser'") == 1
    again = installed_app(chromium, site.base)
    again.connect_by_typing(shown)
    again.says(WRONG["used"])
    for phone in (tab, installed, again):
        phone.page.context.close()


def installed_app(chromium: Browser, base: str) -> Phone:
    """An app on an iPhone's home screen: Safari's engine name, a storage of its own, no address bar."""
    context = new_phone(chromium, user_agent=SAFARI)
    context.add_init_script(FROM_THE_HOME_SCREEN)
    return Phone.of(context, base)


@pytest.mark.parametrize("app", IN_APPS)
def test_inside_another_app_somebody_is_told_to_open_a_browser(app, site, site_cast, chromium):
    context = new_phone(chromium, user_agent=IN_APPS[app])
    phone = Phone.of(context, site.base)
    code = code_for(site_cast)
    phone.page.goto(f"{site.base}/#pair={code}")
    expect(phone.heading("Open this in your browser")).to_be_visible()
    phone.says("Then open Chrome or Safari")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    phone.press("Copy the link")
    phone.says("Copied")
    link = phone.page.evaluate("() => navigator.clipboard.readText()")
    context.close()
    browser = Phone.of(new_phone(chromium), site.base)  # the code was not used up
    browser.page.goto(link)
    browser.press("Connect this phone")
    browser.first_opening()
    browser.page.context.close()


@pytest.mark.parametrize("what", WRONG)
def test_a_code_that_does_not_work_says_what_to_do(what, site, site_cast, phone_context):
    phone = Phone.of(phone_context, site.base)
    phone.connect_by_link(wrong_code(what, site, site_cast, phone))
    phone.says(WRONG[what])
    phone.says("Ask" if what != "unknown" else "ask your practitioner for a new one")
    expect(phone.page.get_by_label("Your code")).to_be_visible()  # the next code can be typed here
    connected(phone, site_cast)


def wrong_code(what: str, site, cast, phone: Phone) -> str:
    """A code that will be refused, for this reason."""
    if what == "unknown":
        return "0000-0000-0000"
    if what == "expired":
        return code_for(cast, now=clock.now() - LASTS["pair"] - timedelta(minutes=1))
    code = code_for(cast)
    if what == "used":
        other = phone.page.context.browser.new_context(**PHONE)
        Phone.of(other, site.base).connect_by_link(code)
        site.until_rows(1, "device")
        other.close()
        return code
    guess = code[:-4] + ("0000" if code[-4:] != "0000" else "1111")
    for _ in range(5):
        phone.connect_by_typing(guess)
        phone.says("That did not work")
    return code


def test_the_code_of_a_link_leaves_the_address_at_once(site, site_cast, phone_context):
    phone = Phone.of(phone_context, site.base)
    code = code_for(site_cast)
    asked = []
    phone.page.on("request", lambda request: asked.append(request.url))
    phone.page.goto(f"{site.base}/#pair={code}")
    phone.says("Your link worked.")
    assert code not in phone.page.url
    history = phone.page.context.new_cdp_session(phone.page).send("Page.getNavigationHistory")
    assert not any(code in entry["url"] for entry in history["entries"])
    assert not any(code in url for url in asked)


def test_it_can_be_installed(site, site_cast, chromium, tmp_path):
    context = chromium.browser_type.launch_persistent_context(
        tmp_path / "profile", executable_path=CHROMIUM, args=BROWSER_ARGUMENTS, **PHONE
    )
    phone = Phone(context.pages[0], site.base).open()
    phone.page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    cdp = context.new_cdp_session(phone.page)
    assert cdp.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
    manifest = json.loads(cdp.send("Page.getAppManifest")["data"])
    assert manifest["name"] == "Meantime"
    context.close()
