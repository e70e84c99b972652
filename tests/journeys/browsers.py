"""The browsers of a story, and how people get in with them: a practitioner signs in, a client's phone is connected."""

import os
import re
from datetime import datetime

from playwright.sync_api import Browser, BrowserContext, Page

from server import clock
from server.extensions import atomic
from server.people import codes, pairing
from tests.cast import LONDON, PASSWORD, Cast
from tests.journeys.driven import Driven
from tests.journeys.phone import REST, Phone
from tests.journeys.sites.running import Site

CHROMIUM = os.environ.get("MEANTIME_TEST_CHROMIUM", "/usr/bin/chromium")
BROWSER_ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-sync"]
HERE = {"timezone_id": LONDON.key}  # whatever zone this machine is in
PHONE = {
    "viewport": {"width": 360, "height": 740},
    "has_touch": True,
    "is_mobile": True,
    "service_workers": "allow",
    **HERE,
}
DESK = {"viewport": {"width": 1280, "height": 900}, **HERE}


def sign_in(page: Page, site: Site, name: str = "ben@example.org", password: str = PASSWORD) -> None:
    """Sign in to staff pages."""
    page.goto(f"{site.base}/staff/")
    page.get_by_label(re.compile("name|email", re.I)).first.fill(name)
    page.get_by_label(re.compile("password", re.I)).first.fill(password)
    page.get_by_role("button", name=re.compile("sign in", re.I)).click()
    page.wait_for_url(lambda address: "/staff/sign-in" not in address)


def new_phone(chromium: Browser, **options) -> BrowserContext:
    """Another phone, or another storage on the same one."""
    return chromium.new_context(**{**PHONE, **options})


def code_for(cast: Cast, now: datetime | None = None) -> str:
    """A new invitation's code for Anna's phone, in its groups of four."""
    with atomic():
        _, code = pairing.invite(client=cast.anna, by=cast.ben, now=now or clock.now())
    return codes.spell(code)


def connected(phone: Phone, cast: Cast) -> Phone:
    """A phone of Anna's, through the first opening."""
    phone.connect_by_typing(code_for(cast).lower())
    phone.first_opening()
    phone.until_all_is_sent()
    return phone


def connected_in(browser: Driven, site: Site, cast: Cast) -> Driven:
    """The same by the link of the invitation, in any browser; the app is on the phone, and nothing waits."""
    cast.agree(now=clock.now())
    browser.open(f"{site.base}/#pair={code_for(cast).replace('-', '')}")
    for button in ("Connect this phone", "Continue", "No, only me", "No reminders"):
        browser.press(button)
    browser.see("All sent", patience=60)
    browser.until("() => navigator.serviceWorker.controller !== null", patience=60)
    return browser


def finish(browser: Driven) -> None:
    """Answer what follows the situation, and save."""
    for label, text in REST.items():
        browser.write(label, text)
    browser.press("Save")
