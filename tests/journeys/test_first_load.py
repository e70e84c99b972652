"""The library costs a phone nothing that it does not use: only what was agreed is fetched, and that stays offline."""

import re

import pytest

from server import clock
from tests.cast import THOUGHT_RECORD
from tests.journeys.browsers import connected
from tests.journeys.phone import Phone
from tests.journeys.sites.running import ROOT
from tests.worksheets.write_vectors import shipped

pytestmark = pytest.mark.journey

DEFINITION = re.compile(r"/api/v1/worksheets/(.+)/v\d+")


def test_only_what_was_agreed_is_fetched_and_it_opens_without_a_network(site, site_cast, phone_context):
    fetched: list[str] = []
    phone_context.on("request", lambda asked: fetched.extend(DEFINITION.findall(asked.url)))
    phone = Phone.of(phone_context, site.base)
    phone.open("/")
    phone.page.get_by_label("Your code").wait_for()
    assert fetched == []
    site_cast.agree(now=clock.now())
    connected(phone, site_cast)
    for _ in range(50):
        if phone.kept("worksheets"):
            break
        phone.page.wait_for_timeout(200)
    assert set(fetched) == {THOUGHT_RECORD}
    assert len(phone.kept("worksheets")) == 1
    phone_context.set_offline(True)
    phone.page.reload()
    phone.begin("Looking at a thought")
    assert set(fetched) == {THOUGHT_RECORD}


def test_no_worksheet_is_part_of_the_app_itself(site):
    built = [path for path in (ROOT / "pwa" / "dist").rglob("*") if path.suffix in (".js", ".html", ".json", ".css")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in built)
    assert "What got in the way?" in text, "this is not the app"
    assert [one.id for one in shipped() if one.summary in text or one.id in text] == []
