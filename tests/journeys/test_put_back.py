"""An older copy of the database is put back while a phone holds what came after it."""

import subprocess
import sys

import pytest
from playwright.sync_api import Page, expect

from server import clock
from server.extensions import db
from tests.journeys.browsers import sign_in
from tests.journeys.page_checks import cut, violations
from tests.journeys.phone import SITUATION, THOUGHT
from tests.journeys.test_lock import TASK

pytestmark = pytest.mark.journey

LATER = "A walk by the canal"
SAID = "I saw the heron again"


def command(site, *arguments: str) -> None:
    """Run one of our commands in a process of its own, as an administrator does."""
    program = "from server.commands import main; main()"
    done = subprocess.run([sys.executable, "-c", program, *arguments], env=site.env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_f42_what_was_done_of_work_the_copy_does_not_have_is_read_by_the_practitioner_and_asked_for_no_more(
    site, site_cast, anna, desk: Page, tmp_path
):
    theirs = f"{site.base}/staff/clients/{site_cast.anna.id}"
    command(site, "backup", "--out", str(tmp_path / "copy"))
    site_cast.agree(now=clock.now(), title=LATER)
    anna.open()
    anna.says(LATER)
    anna.save_a_thought(TASK)
    anna.open()
    anna.until_all_is_sent()
    anna.save_a_thought(LATER, {**THOUGHT, SITUATION: SAID})
    anna.open()
    anna.until_all_is_sent()

    site.stop()
    db.session.remove()
    db.engine.dispose()
    command(site, "restore", str(tmp_path / "copy"))
    site.start()
    anna.open()
    expect(anna.page.get_by_text(LATER)).to_have_count(0, timeout=60_000)
    anna.says(TASK)
    site.until_rows(1, "quarantined", "reason = 'unknown-subject'")
    site.until_rows(1, "revision", "subject_kind = 'entry'")  # what the copy knows of came back
    assert violations(anna.page) == [] and cut(anna.page, twice=False) == []
    anna.open("/#/history")
    anna.says("Sent, and kept apart. Your practitioner is told.")
    anna.follow("What I wrote")
    anna.says(SAID)
    assert violations(anna.page) == [] and cut(anna.page, twice=False) == []

    sign_in(desk, site)
    desk.goto(theirs)
    expect(desk.get_by_text("It is about work that is not here")).to_be_visible()
    expect(desk.get_by_text(SAID)).to_be_visible()
    assert violations(desk) == []
