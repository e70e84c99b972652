"""Whole stories in a real browser, against the real server in a process of its own."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path
from time import sleep

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from server import clock
from tests.cast import LONDON
from tests.journeys import firefox, webkit
from tests.journeys.browsers import BROWSER_ARGUMENTS, CHROMIUM, DESK, PHONE, connected, sign_in
from tests.journeys.chromium import Chromium
from tests.journeys.driven import Driven
from tests.journeys.firefox import Firefox
from tests.journeys.phone import Phone
from tests.journeys.sites import cast, demo
from tests.journeys.sites.running import Site
from tests.journeys.staff import Desk
from tests.journeys.webkit import WebKit

LONGEST_STORY = timedelta(minutes=4)

# Most journeys visit the cast; one that visits another site takes that one's `site` instead.
site, site_cast = cast.site, cast.site_cast
# Here, and not in each of its tests, since it is filled once for all of them.
demo_site, demo_shown = demo.demo_site, demo.demo_shown


@pytest.fixture(autouse=True)
def a_day_that_lasts() -> None:
    """Stories say *today*. Too near midnight where their people live, they begin once tomorrow has."""
    sleep(until_a_story_may_begin(clock.now()).total_seconds())


def until_a_story_may_begin(now: datetime) -> timedelta:
    """How long to wait, so that no midnight falls into a story."""
    tomorrow = now.astimezone(LONDON).date() + timedelta(days=1)
    left = datetime.combine(tomorrow, time(), LONDON).astimezone(UTC) - now
    return left + timedelta(seconds=1) if left < LONGEST_STORY else timedelta(0)


@pytest.fixture(scope="session")
def chromium():
    """Debian's Chromium."""
    if not Path(CHROMIUM).exists():
        if os.environ.get("CI"):
            pytest.fail("Chromium is not installed, and CI asks for the journeys.")
        pytest.skip("Chromium is not installed: apt-get install chromium.")
    expect.set_options(timeout=15_000)  # as long as a press may take: a server on a busy machine answers late
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=BROWSER_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(params=["Chromium", "Firefox", "WebKit"])
def start(request, tmp_path):
    """Starts a browser, one of three; and after it was killed again, with what it had kept."""
    begin, profile, started = _beginning(request), tmp_path / "profile", []
    profile.mkdir()

    def start() -> Driven:
        started.append(begin(profile))
        return started[-1]

    yield start
    for one in started:
        one.close()


def _beginning(request) -> Callable[[Path], Driven]:
    if request.param == "Chromium":
        return partial(Chromium, request.getfixturevalue("chromium"))
    begin, wanted = {"Firefox": (Firefox, firefox.missing()), "WebKit": (WebKit, webkit.missing())}[request.param]
    if wanted and os.environ.get("CI"):
        pytest.fail(f"{request.param} is not installed, and CI asks for the journeys: {wanted} is missing.")
    if wanted:
        pytest.skip(f"{request.param} is not installed: apt-get install {wanted}.")
    return begin


@pytest.fixture
def phone_context(chromium: Browser):
    """A phone's browser with a storage of its own."""
    with _storage(chromium, PHONE) as context:
        yield context


@pytest.fixture
def anna(site: Site, site_cast, phone_context: BrowserContext) -> Phone:
    """Anna's phone: its code was typed, and a thought record three times a week is on it."""
    site_cast.agree(now=clock.now())
    return connected(Phone.of(phone_context, site.base), site_cast)


@pytest.fixture
def desk(chromium: Browser, site: Site) -> Iterator[Page]:
    """A practitioner's browser."""
    with _storage(chromium, DESK) as context:
        yield context.new_page()


@pytest.fixture
def ada(chromium: Browser, site: Site, site_cast) -> Iterator[Desk]:
    """The administrator's browser, signed in."""
    with _storage(chromium, DESK) as context:
        page = context.new_page()
        sign_in(page, site, "ada@example.org")
        yield Desk(page, site.base)


@pytest.fixture
def demo_desk(chromium: Browser, demo_site) -> Iterator[Page]:
    """The browser of a practitioner of the demonstration, signed in."""
    with _storage(chromium, DESK) as context:
        page = context.new_page()
        ruth = demo_site.access.sign_ins[0]
        sign_in(page, demo_site.site, ruth.sign_in_name, ruth.password)
        yield page


@contextmanager
def _storage(chromium: Browser, options: dict) -> Iterator[BrowserContext]:
    context = chromium.new_context(**options)
    context.set_default_timeout(15_000)
    try:
        yield context
    finally:
        context.close()
