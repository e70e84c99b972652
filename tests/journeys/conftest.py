"""Whole stories in a real browser, against the real server in a process of its own."""

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from time import monotonic, sleep
from types import SimpleNamespace
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from server import clock, create_app, demo
from server.config import Config
from server.extensions import atomic
from server.people import codes, pairing
from tests.cast import LONDON, PASSWORD, Cast, people_of_two_services
from tests.journeys import everywhere
from tests.journeys.phone import Phone
from tests.localhost import free_port

ROOT = Path(__file__).parents[2]
CHROMIUM = os.environ.get("MEANTIME_TEST_CHROMIUM", "/usr/bin/chromium")
HERE = {"timezone_id": LONDON.key}  # whatever zone this machine is in
PHONE = {
    "viewport": {"width": 360, "height": 740},
    "has_touch": True,
    "is_mobile": True,
    "service_workers": "allow",
    **HERE,
}
BROWSER_ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-sync"]
DESK = {"viewport": {"width": 1280, "height": 900}, **HERE}
LONGEST_STORY = timedelta(minutes=4)
PATIENCE = 60  # seconds: a busy machine is no fault of ours


@dataclass
class Site:
    """A running installation: its address, its folder, and its process, which can be killed and started again."""

    base: str
    config: Config
    env: dict
    process: subprocess.Popen | None = None

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self.process = subprocess.Popen(
            self.command(), cwd=ROOT, env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT
        )
        until = monotonic() + PATIENCE
        while monotonic() < until:
            try:
                with urlopen(f"{self.base}/healthz", timeout=1):
                    return
            except OSError:
                sleep(0.05)
        raise RuntimeError("the server did not start")

    def command(self) -> list[str]:
        """What serves it."""
        return [sys.executable, "-c", "from server.commands import main; main(['serve'])"]

    def stop(self, how: int = signal.SIGTERM) -> None:
        """End the server: gently, or with SIGKILL."""
        if self.process:
            self.process.send_signal(how)
            self.process.wait(timeout=20)
            self.process = None

    def rows(self, table: str, where: str = "1 = 1") -> int:
        """How many rows a table holds, counted behind the server's back."""
        with closing(sqlite3.connect(self.config.data / "meantime.sqlite3")) as base:
            return base.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchone()[0]

    def until_rows(self, count: int, table: str, where: str = "1 = 1") -> None:
        """Wait until a table holds so many rows, and see that it holds no more."""
        until = monotonic() + PATIENCE
        while self.rows(table, where) < count and monotonic() < until:
            sleep(0.1)
        assert self.rows(table, where) == count


@pytest.fixture(autouse=True)
def a_day_that_lasts() -> None:
    """Stories say *today*. Too near midnight where their people live, they begin once tomorrow has."""
    sleep(until_a_story_may_begin(clock.now()).total_seconds())


def until_a_story_may_begin(now: datetime) -> timedelta:
    """How long to wait, so that no midnight falls into a story."""
    tomorrow = now.astimezone(LONDON).date() + timedelta(days=1)
    left = datetime.combine(tomorrow, time(), LONDON).astimezone(UTC) - now
    return left + timedelta(seconds=1) if left < LONGEST_STORY else timedelta(0)


@pytest.fixture
def site(sqlite_config, unused_port):
    """The cast's installation, served by `meantime serve` on a port of its own."""
    with served(environment(sqlite_config, unused_port, MEANTIME_TICK_SECONDS="1")) as running:
        yield running


def environment(config: Config, port: int, **more: str) -> dict:
    """The settings of an installation in this folder, on this port of this machine."""
    return {
        **os.environ,
        "MEANTIME_DATA": str(config.data),
        "MEANTIME_KEY_FILE": str(config.key_file),
        "MEANTIME_PORT": str(port),
        "MEANTIME_BASE_URL": f"http://localhost:{port}",
        **more,
    }


@contextmanager
def served(env: dict) -> Iterator[Site]:
    """An installation with these settings while it runs."""
    running = Site(env["MEANTIME_BASE_URL"], Config.from_env(env), env)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def site_cast(site):
    """The cast in the site's database, with its application's context."""
    app = create_app(site.config)
    with app.app_context():
        yield people_of_two_services(now=clock.now())
        app.extensions["sqlalchemy"].session.remove()
        app.extensions["sqlalchemy"].engine.dispose()


@pytest.fixture
def unused_port() -> int:
    return free_port()


@pytest.fixture(scope="session")
def chromium():
    """Debian's Chromium."""
    if not Path(CHROMIUM).exists():
        if os.environ.get("CI"):
            pytest.fail("Chromium is not installed, and CI asks for the journeys.")
        pytest.skip("Chromium is not installed: apt-get install chromium.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=BROWSER_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def phone_context(chromium: Browser):
    """A phone's browser with a storage of its own."""
    context = chromium.new_context(**PHONE)
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def anna(site: Site, site_cast, phone_context: BrowserContext) -> Phone:
    """Anna's phone: its code was typed, and a thought record three times a week is on it."""
    site_cast.agree(now=clock.now())
    return connected(Phone.of(phone_context, site.base), site_cast)


@pytest.fixture
def desk(chromium: Browser, site: Site):
    """A practitioner's browser."""
    context = chromium.new_context(**DESK)
    context.set_default_timeout(15_000)
    page = context.new_page()
    yield page
    context.close()


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


@pytest.fixture(scope="session")
def demo_site(tmp_path_factory, migrated_file, key_file):
    """The demonstration as it is today, served; with it how to get in. Its tests look, and change little."""
    folder = tmp_path_factory.mktemp("demo-site")
    shutil.copy(migrated_file, folder / "meantime.sqlite3")
    port = free_port()
    env = {
        **os.environ,
        "MEANTIME_DATA": str(folder),
        "MEANTIME_KEY_FILE": str(key_file),
        "MEANTIME_PORT": str(port),
        "MEANTIME_BASE_URL": f"http://localhost:{port}",
        "MEANTIME_DEMO": "1",
    }
    running = Site(env["MEANTIME_BASE_URL"], Config.from_env(env), env)
    app = create_app(running.config)
    with app.app_context():
        now = clock.now()
        access = demo.fill(now=now)
        running.start()
        yield SimpleNamespace(site=running, base=running.base, app=app, access=access, now=now)
        running.stop()
        app.extensions["sqlalchemy"].session.remove()
        app.extensions["sqlalchemy"].engine.dispose()


@pytest.fixture
def demo_desk(chromium: Browser, demo_site):
    """The browser of a practitioner of the demonstration, signed in."""
    context = chromium.new_context(**DESK)
    context.set_default_timeout(15_000)
    page = context.new_page()
    ruth = demo_site.access.sign_ins[0]
    sign_in(page, demo_site.site, ruth.sign_in_name, ruth.password)
    yield page
    context.close()


@pytest.fixture(scope="session")
def demo_shown(demo_site) -> everywhere.Filled:
    """Somebody of the demonstration who comes the day it was made, with every worksheet agreed."""
    return everywhere.somebody(demo_site.access.sign_ins[0].name, demo_site.now)


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
