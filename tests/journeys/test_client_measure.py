"""A measure that a service holds: agreed, filled in without signal, help first, then its score and a red flag."""

import pytest
from playwright.sync_api import expect

from server import clock
from server.measures.imported import FAMILY, take_text
from server.measures.library import Measures, folder_of
from server.worksheets.structure import schema_at
from tests.journeys.browsers import connected, sign_in
from tests.journeys.phone import SENT, Phone
from tests.journeys.sites import mailed
from tests.journeys.staff import Desk
from tests.measures.test_text import questionnaire

pytestmark = pytest.mark.journey

LINE = "© Somebody 2001"

site = mailed.site


@pytest.fixture
def sqlite_config(sqlite_config):
    """An installation that holds a PHQ-9 in invented words, checked against the scorer."""
    measure = Measures.load(folder_of(sqlite_config)).newest("phq-9")
    assert take_text(measure, questionnaire(), sqlite_config.data, schema_at(sqlite_config.worksheets)).kept
    return sqlite_config


@pytest.fixture
def anna(site, site_cast, phone_context) -> Phone:
    """Anna's phone, with the measure agreed once."""
    site_cast.agree(f"{FAMILY}/phq-9", now=clock.now(), rhythm={"kind": "once"})
    return connected(Phone.of(phone_context, site.base), site_cast)


def until_here(phone: Phone) -> None:
    """Pull until this phone has the measure."""
    for _ in range(60):
        if any(kept["body"].get("measure") == "phq-9" for kept in phone.kept("worksheets")):
            return
        phone.open()
        phone.page.wait_for_timeout(500)
    raise AssertionError("this phone never had it")


def test_from_a_phone_without_signal_to_the_score(site, ada, anna, desk, post, phone_context, tmp_path):
    ada.switch_risk_on(post.inbox)
    until_here(anna)
    phone_context.set_offline(True)
    anna.begin("Invented")
    page = anna.page
    asked = page.get_by_role("group").filter(has=page.get_by_role("radio", name="Not at all", exact=True))
    assert asked.count() == 9
    for n in range(9):
        chosen = "Often" if n == 8 else "A little"
        asked.nth(n).get_by_role("radio", name=chosen, exact=True).check()
    expect(page.get_by_text(LINE)).to_be_visible()
    expect(page.locator("[data-way='short']")).to_have_count(0)
    page.screenshot(path=tmp_path / "measure.png", full_page=True)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(anna.heading("Your answers are saved")).to_be_visible()
    anna.press("Yes")
    expect(anna.heading("Saved")).to_be_visible()
    expect(page.get_by_text(LINE)).to_be_visible()
    assert site.rows("measure_score") == site.rows("risk_flag") == 0

    phone_context.set_offline(False)
    anna.standing(SENT)
    site.until_rows(1, "risk_flag", "level = 2 AND follow_up = 'yes'")
    site.until_rows(1, "measure_score", "source = 'client' AND what = 'entered'")
    sign_in(desk, site)
    ben = Desk(desk, site.base)
    ben.go("today")
    ben.says("Risk: red")
    desk.get_by_role("main").get_by_role("heading", name="Anna", level=3).get_by_role("link").click()
    ben.says("10 of 27")
    ben.says("filled in by the client")
    desk.locator("#measures").scroll_into_view_if_needed()
    desk.screenshot(path=tmp_path / "client.png", full_page=True)
