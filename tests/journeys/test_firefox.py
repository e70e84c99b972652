"""The offline story in Firefox: pair, lose the network, write, load again, come back, sent once."""

import os
import shutil

import pytest

from server import clock
from server.extensions import atomic
from server.people import pairing
from tests.journeys.firefox import Firefox
from tests.journeys.phone import REST, SITUATION, THOUGHT

pytestmark = pytest.mark.journey


@pytest.fixture
def firefox(tmp_path):
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    if not program:
        if os.environ.get("CI"):
            pytest.fail("Firefox is not installed, and CI asks for the journeys.")
        pytest.skip("Firefox is not installed: apt-get install firefox-esr.")
    profile = tmp_path / "firefox"
    profile.mkdir()
    running = Firefox(program, profile)
    yield running
    running.close()


def test_what_is_written_without_a_network_in_firefox_is_sent_once(site, site_cast, firefox):
    site_cast.agree(now=clock.now())
    with atomic():
        _, code = pairing.invite(client=site_cast.anna, by=site_cast.ben, now=clock.now())
    firefox.open(f"{site.base}/#pair={code}")
    for button in ("Connect this phone", "Continue", "No, only me", "No reminders"):
        firefox.press(button)
    firefox.see("Looking at a thought")
    firefox.until("() => navigator.serviceWorker.controller !== null")

    site.stop()
    firefox.reload()
    firefox.press("Do it now")
    firefox.write(SITUATION, THOUGHT[SITUATION])
    firefox.see("Kept on this phone while you write")
    firefox.reload()
    kept = "(text) => [...document.querySelectorAll('textarea')].some((one) => one.value === text)"
    firefox.until(kept, THOUGHT[SITUATION])
    for label, text in REST.items():
        firefox.write(label, text)
    firefox.press("Save")
    firefox.see("Saved on this phone")
    firefox.reload()
    firefox.see("Saved on this phone")
    firefox.see(THOUGHT[SITUATION])

    site.start()
    firefox.press("Today")
    firefox.see("All sent", patience=60)
    assert site.rows("entry", "assignment_id IS NOT NULL") == 1
    assert site.rows("revision", "subject_kind = 'entry'") == 1
