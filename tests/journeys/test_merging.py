"""One entry that Anna changes on two phones: both states are kept and shown on both sides, until she makes one."""

import json
import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import Browser, expect

from server import clock
from tests.journeys.browsers import connected, new_phone, sign_in
from tests.journeys.phone import HOT_THOUGHT, SAVED_HERE, SENT, SITUATION, THOUGHT, Phone
from tests.journeys.sites.running import Site
from tests.journeys.staff import Desk

pytestmark = pytest.mark.journey

TASK = "Looking at a thought"
ENTRIES = ("revision", "subject_kind = 'entry'")
ON_A = {SITUATION: "Rang twice. She did not answer.", HOT_THOUGHT: "Perhaps she is ill."}
ON_B = {SITUATION: "She wrote on Sunday.", HOT_THOUGHT: "She wants to be left alone."}
BOTH = "You saved this on two devices. Both are kept."


@pytest.fixture
def phones(site: Site, site_cast, chromium: Browser):
    """Two phones of Anna's, paired and with everything pulled."""
    site_cast.agree(now=clock.now())
    contexts = [new_phone(chromium), new_phone(chromium)]
    yield [connected(Phone.of(one, site.base), site_cast) for one in contexts]
    for one in contexts:
        one.close()


def test_one_entry_changed_on_two_phones_is_kept_twice_and_made_one_by_its_author(site, site_cast, phones, desk):
    one, other = phones
    one.save_a_thought(TASK)
    one.standing(SENT)
    entry = one.page.url.split("/entry/")[1].split("/")[0]
    change_without_a_network(entry, (one, ON_A), (other, ON_B))
    site.until_rows(3, *ENTRIES)
    for phone in phones:
        phone.says(BOTH)
        for text in (ON_A[HOT_THOUGHT], ON_B[HOT_THOUGHT]):
            phone.says(text)

    sign_in(desk, site)
    ben, page = Desk(desk, site.base), f"clients/{site_cast.anna.id}/entries/{entry}"
    ben.go(page)
    ben.says("This was saved on two devices. Both are kept")
    ben.says(f"They differ in: {SITUATION} · {HOT_THOUGHT}")
    for text in (*ON_A.values(), *ON_B.values()):
        ben.says(text)

    choose(one, ON_A[SITUATION], ON_B[HOT_THOUGHT])
    one.standing(SENT)
    site.until_rows(4, *ENTRIES)
    for phone in phones:
        expect(phone.page.get_by_text(BOTH)).to_have_count(0, timeout=15_000)
        phone.says(ON_A[SITUATION])
        phone.says(ON_B[HOT_THOUGHT])
        phone.never_says(ON_B[SITUATION])
    ben.go(page)
    ben.never_says("two devices")
    ben.says(ON_A[SITUATION])
    ben.says(ON_B[HOT_THOUGHT])
    for text in (ON_B[SITUATION], ON_A[HOT_THOUGHT]):
        ben.never_says(text)
    assert parents_and_heads(site) == ([0, 1, 1, 2], 1)

    desk.context.clear_cookies()
    sign_in(desk, site, "cara@example.org")
    assert desk.goto(f"{site.base}/staff/{page}").status == 404


def change_without_a_network(entry: str, *phones: tuple[Phone, dict[str, str]]) -> None:
    """Each phone has the entry, loses its signal, and saves other words in it; then all come back."""
    for phone, _ in phones:
        phone.open(f"/#/entry/{entry}")
        phone.says(THOUGHT[SITUATION])
        phone.page.context.set_offline(True)
    for phone, words in phones:
        phone.follow("Change this")
        expect(phone.page.get_by_role("textbox", name=SITUATION)).to_have_value(THOUGHT[SITUATION])
        phone.write(words)
        phone.save()
        phone.standing(SAVED_HERE)
    for phone, _ in phones:
        phone.page.context.set_offline(False)


def choose(phone: Phone, *answers: str) -> None:
    """Answer by answer, one of the two; nothing is chosen before."""
    asked = phone.page.locator("[data-differs]")
    expect(asked).to_contain_text([SITUATION, HOT_THOUGHT])  # in the order of the worksheet
    expect(asked.get_by_role("radio", checked=True)).to_have_count(0)
    phone.press("Save what I chose")
    expect(phone.page.get_by_role("alert")).to_contain_text("Choose one answer for each question first.")
    for answer in answers:
        asked.get_by_role("radio", name=answer).check()
    phone.press("Save what I chose")


def parents_and_heads(site: Site) -> tuple[list[int], int]:
    """How many states each one follows, in the order in which they came; and how many of them stand now."""
    with closing(sqlite3.connect(site.config.data / "meantime.sqlite3")) as base:
        rows = base.execute("SELECT parents FROM revision WHERE subject_kind = 'entry' ORDER BY feed_seq").fetchall()
        heads = base.execute("SELECT heads FROM entry WHERE subject_kind = 'entry'").fetchall()
    assert len(heads) == 1
    return [len(json.loads(parents)) for (parents,) in rows], heads[0][0]
