"""From an older release, its worker and its database to today's, in each browser: nothing cut short, nothing lost."""

import shutil

import pytest

from tests.journeys.browsers import connected_in, finish
from tests.journeys.phone import SITUATION, THOUGHT
from tests.journeys.scripts import BEFORE_SEALING, DUMP, VERSION, WRITTEN
from tests.journeys.sites import older_app
from tests.journeys.sites.running import Site, environment, served

pytestmark = pytest.mark.journey

ENTRIES = ("revision", "subject_kind = 'entry'")
OLDER = "() => document.querySelector('meta[name=release]') !== null"
LOOKED = """async () => {
  const one = await navigator.serviceWorker.getRegistration()
  await one.update()
  return one.waiting !== null
}"""


@pytest.fixture
def served_app(tmp_path):
    """Where the app is served from: at first an older release."""
    older_app.make(tmp_path / "app")
    return tmp_path / "app"


@pytest.fixture
def site(sqlite_config, served_app):
    """The cast's installation with that app."""
    env = environment(sqlite_config, MEANTIME_TICK_SECONDS="1", TEST_PHONE_APP=str(served_app))
    with served(Site.of(env, first="tests.journeys.sites.another_app")) as running:
        yield running


def test_a_new_release_waits_for_what_is_being_written_and_takes_an_older_database_along(
    site, site_cast, served_app, start
):
    browser = connected_in(start(), site, site_cast)
    browser.press("Do it now")
    browser.write(SITUATION, THOUGHT[SITUATION])
    release(served_app)
    browser.until(LOOKED)
    browser.see("Kept on this phone while you write")
    assert browser.run(OLDER) and browser.run(WRITTEN, THOUGHT[SITUATION])
    finish(browser)
    browser.see("Sent")
    browser.until(f"() => !({OLDER})()", patience=60)  # by itself: nothing is written any more
    browser.see("Sent")
    browser.press("Today")

    site.stop()
    browser.press("Do it now")
    browser.write(SITUATION, "Written before sealing")
    finish(browser)
    browser.see("Saved on this phone")
    browser.open("about:blank")
    site.start()
    browser.open(f"{site.base}/start.js")  # the place is its own, and the app is closed
    assert browser.run(BEFORE_SEALING) > 5
    assert "Written before sealing" in browser.run(DUMP)
    browser.open(site.base)
    browser.see("All sent", patience=60)
    browser.until(SEALED, "Written before sealing")
    assert browser.run(VERSION) == 2
    site.until_rows(2, *ENTRIES)


def test_a_tab_that_is_written_in_takes_the_release_that_another_let_in_once_it_is_written(
    site, site_cast, served_app, start
):
    browser = connected_in(start(), site, site_cast)
    browser.press("Do it now")
    browser.write(SITUATION, THOUGHT[SITUATION])
    written = browser.new_tab()
    browser.open(site.base)
    browser.see("Looking at a thought")
    release(served_app)
    browser.run(LOOKED)
    browser.until(f"() => !({OLDER})()", patience=60)
    browser.turn_to(written)
    assert browser.run(OLDER) and browser.run(WRITTEN, THOUGHT[SITUATION])
    finish(browser)
    browser.see("Sent")
    browser.until(f"() => !({OLDER})()")
    site.until_rows(1, *ENTRIES)


SEALED = f"async (text) => !(await ({DUMP})()).includes(text)"


def release(folder) -> None:
    """Today's release is put in its place; none of the older one's files is served any more."""
    shutil.rmtree(folder)
    shutil.copytree(older_app.BUILT, folder)
