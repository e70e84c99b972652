"""The main job in one story: agree, do without a network, send once, see, review. Two browsers, one real server."""

import pytest
from playwright.sync_api import expect

from tests.journeys.browsers import sign_in
from tests.journeys.phone import HOT_THOUGHT, RATINGS, REST, SAVED_HERE, SENT, SITUATION, THOUGHT, Phone
from tests.journeys.sites.running import Site
from tests.journeys.staff import REASON, Desk

pytestmark = pytest.mark.journey

TASK = "Looking at a thought"
LINE = "You found the facts on the other side. Well done."


@pytest.fixture
def ben(desk, site, site_cast) -> Desk:
    """Ben, signed in."""
    sign_in(desk, site)
    return Desk(desk, site.base)


def test_what_is_done_without_a_network_reaches_the_practitioner_once_and_comes_back_reviewed(site, ben, phone_context):
    phone = Phone.of(phone_context, site.base)
    ben.add_client("Noor")
    phone.connect_by_link(ben.invite())
    phone.first_opening()
    ben.says("Paired at")
    ben.book_today("Noor")
    ben.agree("Noor", TASK)
    see_the_task(phone)
    write_it_without_a_network(site, phone)
    site.start()
    phone.page.context.set_offline(False)
    phone.standing(SENT, timeout=30_000)
    assert site.rows("revision", "subject_kind = 'entry'") == 1
    assert site.rows("entry", "subject_kind = 'entry' AND assignment_id IS NOT NULL") == 1
    read_and_review(ben)
    see_the_review(phone)
    assert site.rows("revision", "subject_kind = 'entry'") == 1


def see_the_task(phone: Phone) -> None:
    """What was just agreed shows on the open phone by itself, with its reason and its plan; it is said to be right."""
    phone.says(REASON)
    phone.press("Yes")
    phone.says("Thank you. You said that this is your plan.")
    phone.follow(TASK)
    phone.says("at the kitchen table")
    phone.says("do it before I turn it on")
    phone.follow("Back")


def write_it_without_a_network(site: Site, phone: Phone) -> None:
    """The server is gone and the phone has no signal: the draft outlives a reload, and so does what was saved."""
    site.stop()
    phone.page.context.set_offline(True)
    phone.page.reload()
    phone.begin(TASK)
    phone.write({SITUATION: THOUGHT[SITUATION]})
    phone.until_draft_is_kept()
    phone.page.reload()
    expect(phone.page.get_by_role("textbox", name=SITUATION)).to_have_value(THOUGHT[SITUATION])
    phone.write(REST)
    phone.rate(RATINGS)
    phone.save()
    phone.standing(SAVED_HERE)
    phone.page.reload()
    phone.standing(SAVED_HERE)
    phone.says(THOUGHT[HOT_THOUGHT])


def read_and_review(ben: Desk) -> None:
    """Today has the counts, the appointment has the words, and both know when it was looked at."""
    ben.go("today")
    ben.says("1 of 1 tried, 1 done")
    ben.says("2 to come.")
    ben.open_appointment("Noor")
    for text in THOUGHT.values():
        ben.says(text)
    ben.page.get_by_text("Carry over, make smaller, stop, or write them a line").click()
    ben.page.get_by_label("A line they can read").fill(LINE)
    ben.page.locator("form", has=ben.page.get_by_label("A line they can read")).get_by_role(
        "button", name="Looked at together"
    ).click()
    ben.says("Saved.")
    ben.says("They can read:")


def see_the_review(phone: Phone) -> None:
    """It comes to the open phone with the next pull."""
    phone.open("/#/")
    phone.says("has looked at “Looking at a thought”.", timeout=20_000)
    phone.follow("What I did")
    phone.says("Looked at together", timeout=20_000)
    phone.says(LINE)
    phone.open("/#/")
    expect(phone.page.get_by_text("has looked at")).to_have_count(0)


def test_what_got_in_the_way_is_an_answer_that_the_practitioner_sees(anna, ben):
    ben.book_today("Anna")
    anna.press("Done")
    anna.says("1 of 3 done this week")
    anna.standing(SENT)
    anna.press("Undo")
    anna.says("0 of 3 done this week")
    anna.press("Not today")
    anna.press("I forgot")
    anna.says("Your answer is saved on this phone")
    anna.press("Keep it for next time")
    anna.says("It’s on the list for your next appointment.")
    anna.until_all_is_sent()
    ben.go("today")
    ben.says("forgot")
    ben.says("1 not done")
    ben.open_appointment("Anna")
    ben.says("In the way: forgot.")
    anna.follow("What I did")
    anna.says("0 of 3 done. 2 still to come.")


def test_words_kept_for_now_count_and_stay_hidden_until_they_are_shared(site, anna, ben):
    ben.book_today("Anna")
    anna.begin(TASK)
    anna.write(THOUGHT)
    anna.rate(RATINGS)
    anna.page.get_by_label("Keep this for now").check()
    anna.save()
    anna.standing(SENT)
    ben.go("today")
    ben.says("1 of 1 tried, 1 done")
    ben.open_appointment("Anna")
    ben.says("The client keeps this entry for now.")
    for label in (SITUATION, HOT_THOUGHT):
        ben.never_says(THOUGHT[label])
    anna.press("Share it with my practitioner")
    anna.says("Your practitioner can read this.")
    site.until_rows(1, "revision", "subject_kind = 'sharing'")
    ben.page.reload()
    ben.says(THOUGHT[SITUATION])
