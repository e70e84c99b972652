"""What a phone shows that only a code opens, that was ended while signed out, or that was refused something."""

import pytest
from playwright.sync_api import expect

from server import clock
from server.entries.reading import canonical
from server.extensions import atomic
from server.people import queries as people
from tests.journeys.browsers import code_for, sign_in
from tests.journeys.page_checks import cut, violations
from tests.journeys.phone import SAVED_HERE, SITUATION, THOUGHT
from tests.journeys.staff import Desk
from tests.journeys.test_lock import TASK, locked_with_one_unsent

pytestmark = pytest.mark.journey

WRONG = "271111"
ENTRIES = ("revision", "subject_kind = 'entry'")

# Takes away every key by which this phone opens, as a browser does that loses them.
LOSE_KEYS = """async () => {
  const asked = (request) => new Promise((resolve) => { request.onsuccess = () => resolve(request.result) })
  const base = await asked(indexedDB.open('meantime'))
  const keys = base.transaction('keys', 'readwrite').objectStore('keys')
  await asked(keys.delete('local'))
  await asked(keys.put({}, 'wraps'))
  base.close()
}"""


def in_order(phone) -> None:
    """Nothing of this page is cut off, and axe finds nothing wrong with it."""
    assert violations(phone.page) == []
    assert cut(phone.page, twice=False) == []


def open_with_a_code(phone, site_cast) -> None:
    """Back online, with what its practitioner gave."""
    phone.page.context.set_offline(False)
    phone.page.get_by_label("Your code").fill(code_for(site_cast))
    phone.press("Open")


def test_after_ten_wrong_pins_the_phone_says_that_nothing_is_lost_and_what_opens_it(site, site_cast, anna):
    locked_with_one_unsent(anna)
    for left in range(9, 0, -1):
        anna.page.get_by_label("Your PIN").fill(WRONG)
        anna.press("Open")
        anna.says(f"You can try {left} more time")
    in_order(anna)
    anna.page.get_by_label("Your PIN").fill(WRONG)
    anna.press("Open")
    expect(anna.page.get_by_label("Your code")).to_be_visible()
    anna.says("The PIN was wrong too many times, or this phone lost its key.")
    anna.says("Nothing is lost.")
    anna.says("1 thing is saved here and not sent yet.")
    anna.never_says(THOUGHT[SITUATION])
    in_order(anna)
    anna.open()
    expect(anna.page.get_by_label("Your code")).to_be_visible()
    open_with_a_code(anna, site_cast)
    anna.until_all_is_sent()
    assert site.rows(*ENTRIES) == 1


def test_a_phone_that_no_key_opens_says_so_and_how_much_was_not_sent_and_lets_the_person_back_in(site, site_cast, anna):
    anna.page.context.set_offline(True)
    anna.save_a_thought(TASK)
    anna.standing(SAVED_HERE)
    anna.page.evaluate(LOSE_KEYS)
    anna.open()
    expect(anna.page.get_by_label("Your code")).to_be_visible()
    anna.says("What was not sent cannot be opened any more.")
    anna.says("1 thing here was not sent.")
    anna.never_says("Nothing is lost.")
    anna.never_says(THOUGHT[SITUATION])
    in_order(anna)
    open_with_a_code(anna, site_cast)
    anna.first_opening()
    anna.says(TASK)
    assert site.rows(*ENTRIES) == 0


def test_a_phone_that_staff_end_while_it_is_signed_out_says_what_was_not_sent_and_clears_itself(
    site, site_cast, anna, desk
):
    with atomic():
        [phone] = people.devices_of(site_cast.anna)
        phone.ended_at = phone.copied_at = clock.now()
    anna.open()
    expect(anna.page.get_by_label("Your code")).to_be_visible()
    anna.open("/#/today")
    anna.save_a_thought(TASK)
    sign_in(desk, site)
    ben = Desk(desk, site.base)
    ben.find("Anna")
    ben.follow("End access of phone 1")
    ben.says("This phone is signed out already. When the app is next open there with signal, it says")
    ben.press("End access of phone 1")
    ben.says("Ended by staff")
    anna.open()
    expect(anna.heading("This phone was disconnected")).to_be_visible(timeout=30_000)
    anna.says("1 thing was not sent.")
    in_order(anna)
    anna.press("Clear this phone")
    assert anna.kept("revisions") != []
    anna.press("Yes, clear this phone")
    expect(anna.heading("Connect this phone")).to_be_visible()
    assert anna.kept("revisions") == anna.kept("assignments") == []
    assert site.rows(*ENTRIES) == 0


def test_my_data_says_what_was_not_accepted_apart_from_what_is_not_sent(site, anna):
    def refuse(route):
        sent = route.request.post_data_json
        results = [
            {
                "revision_id": one["revision_id"],
                "content_hash": canonical(one)[1],
                "status": "refused",
                "code": "not-yours",
            }
            for one in sent["revisions"]
        ]
        body = {"batch_id": sent["batch_id"], "epoch": sent["epoch"], "results": results}
        route.fulfill(json=body, headers={"X-Sync-Protocol": "1"})

    anna.page.context.route("**/api/v1/sync/push", refuse)
    anna.save_a_thought(TASK)
    anna.says("Not accepted")
    anna.open("/#/data")
    anna.says("1 thing was not accepted by your service. It is only on this phone.")
    for untrue in ("1 thing is not sent yet", "Everything is sent."):
        anna.never_says(untrue)
    in_order(anna)
    anna.page.context.unroute("**/api/v1/sync/push")
    anna.page.context.set_offline(True)
    anna.open("/#/today")
    anna.save_a_thought(TASK)
    anna.open("/#/data")
    anna.says("1 thing is not sent yet")
    anna.says("1 thing was not accepted by your service. It is only on this phone.")
    in_order(anna)
