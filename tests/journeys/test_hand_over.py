"""Anna's phone names who looks after this with her from now on, once; and says, offline too, who looked."""

import pytest
from playwright.sync_api import expect

from server import clock
from server.audit import actions as audit
from server.caseload.handing_over import hand_over
from server.extensions import atomic
from tests.cast import LONDON
from tests.journeys.browsers import connected
from tests.journeys.phone import Phone

pytestmark = pytest.mark.journey


def test_a_phone_names_the_new_practitioner_once_and_says_offline_who_looked(site, site_cast, phone_context):
    cast, now = site_cast, clock.now()
    cast.agree(now=now)
    phone = connected(Phone.of(phone_context, site.base), cast)
    with atomic():
        hand_over(
            episode=cast.episode, to=cast.cara, from_day=now.astimezone(LONDON).date(), appointments="go",
            summary="", by=cast.ben, now=now,
        )  # fmt: skip
        audit.record("client.seen", by=cast.cara, about=cast.anna, detail={"page": "show_client"}, now=now)
    notice = phone.page.locator("[data-handed]")
    expect(notice).to_contain_text("Cara Lindqvist looks after this with you now.", timeout=15_000)
    notice.get_by_role("button", name="OK").click()
    expect(notice).to_have_count(0)
    phone.open("/#/data")
    phone.says("Cara Lindqvist opened your page")
    phone_context.set_offline(True)
    phone.page.reload()
    phone.says("Cara Lindqvist opened your page")
    phone.follow("Today")
    phone.says("Looking at a thought")
    expect(notice).to_have_count(0)
