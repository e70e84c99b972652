"""A phone that is removed asks for a code, and staff who are signed in in the same browser stay so."""

import pytest
from playwright.sync_api import expect

from tests.journeys.browsers import sign_in
from tests.journeys.page_checks import violations

pytestmark = pytest.mark.journey

TASK = "Looking at a thought"


def test_a_removed_phone_asks_for_a_code_and_staff_beside_it_stay_signed_in(site, anna):
    anna.save_a_thought(TASK)
    site.until_rows(1, "revision", "subject_kind = 'entry'")
    desk = anna.page.context.new_page()
    sign_in(desk, site)
    anna.open("/#/data")
    anna.press("Remove this phone")
    anna.press("Yes, remove this phone")
    expect(anna.page.get_by_label("Your code")).to_be_visible()
    anna.never_says(TASK)
    desk.reload()
    expect(desk.get_by_role("button", name="Sign out")).to_be_visible()
    assert site.rows("device", "ended_at IS NOT NULL") == 1


def test_sending_first_without_signal_says_that_it_did_not_go_and_with_signal_that_nothing_is_lost(site, anna):
    anna.page.context.set_offline(True)
    anna.save_a_thought(TASK)
    anna.open("/#/data")
    anna.press("Remove this phone")
    anna.says("1 thing is not sent yet. It will be lost.")
    anna.press("Send first")
    anna.says("It could not be sent just now. There may be no signal. Try again later, or save it as a file first.")
    assert violations(anna.page) == []
    anna.page.context.set_offline(False)
    anna.press("Send first")
    expect(anna.page.get_by_text("1 thing is not sent yet. It will be lost.")).to_have_count(0)
    site.until_rows(1, "revision", "subject_kind = 'entry'")
