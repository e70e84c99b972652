"""Ending a phone asks first, on a page that says what had not arrived; the phone's line goes on saying it."""

from datetime import timedelta

import pytest

from server.entries import actions as entries
from server.extensions import atomic
from server.people import actions as people_actions
from server.people import queries as people
from tests.cast import NOW
from tests.dashboard.browser import Browser, words


@pytest.fixture
def ending(anna) -> str:
    """Where Ben is asked."""
    return f"{anna.home}/devices/{anna.device}/end"


def told(cast, outbox: int, seq: int, at=NOW) -> None:
    with atomic():
        entries.contact(client=cast.anna, device=cast.phone, outbox=outbox, device_seq=seq, now=at)


def test_ending_a_phone_begins_with_a_page_and_not_with_the_end(ben, anna, ending):
    page = ben.page(anna.home)
    assert not [form for form in page.find_all("form") if form["action"].endswith("/revoke")]
    asked = page.find("a", string="End access of phone 1")
    assert asked["href"] == ending
    said = words(ben.page(ending))
    assert "What is still only on it cannot reach us any more" in said
    assert "Ended by staff" not in words(ben.page(anna.home)), "looking ends nothing"


def test_it_says_how_much_had_not_arrived_and_when_the_phone_said_so(ben, cast, ending):
    told(cast, 3, cast.seq + 3, NOW - timedelta(days=2))
    said = words(ben.page(ending))
    assert f"At least 3 of {cast.seq + 3} things saved on it had not arrived when it last spoke to us" in said
    assert "(2 days ago)" in said


def test_one_thing_is_one(ben, cast, ending):
    told(cast, 1, cast.seq + 1)
    assert f"At least 1 of {cast.seq + 1} things saved on it had not arrived" in words(ben.page(ending))


def test_what_arrived_without_a_word_about_it_is_not_called_missing(ben, cast, ending):
    """The number it told was three; everything came after that, in a push that was never followed by a contact."""
    told(cast, 3, cast.seq)
    said = words(ben.page(ending))
    assert "At least" not in said
    assert f"Everything that we know was saved on it has arrived: {cast.seq} things." in said


def test_of_a_phone_that_never_spoke_nothing_is_claimed(ben, cast, anna):
    cast.pair(NOW - timedelta(days=1))
    newest = people.devices_of(cast.anna)[0]
    said = words(ben.page(f"{anna.home}/devices/{newest.id}/end"))
    assert "It has not told us yet what is saved on it" in said
    assert "that we know was saved" not in said


def test_after_the_end_the_line_keeps_saying_what_never_arrived(ben, cast, anna, ending):
    told(cast, 3, cast.seq + 3)
    ben.send(ben.page(ending), "/revoke", 303)
    said = words(ben.page(anna.home))
    assert "Ended by staff" in said
    assert f"At least 3 of {cast.seq + 3} things saved on it never arrived" in said
    assert "End access of phone 1" not in said
    again = ben.page(ending)
    assert "Ended by staff" in words(again) and not again.select("main form")


def test_nobody_else_is_asked(app, cast, ending):
    """Cara works in Ben's service, and Anna is not hers: the phone is not there."""
    cara = Browser(app).sign_in(cast.cara)
    cara.page(ending, 404)


def test_a_phone_of_somebody_else_is_not_there(ben, cast, anna):
    ben.page(f"{anna.home}/devices/{cast.anna.id}/end", 404)


def test_phones_that_end_along_with_it_are_named_with_what_had_not_arrived(ben, cast, ending):
    told(cast, 3, cast.seq + 3)
    assert "signed out along" not in words(ben.page(ending))
    with atomic():
        second = people_actions.set_apart(device=cast.phone, now=NOW)
    said = words(ben.page(ending.replace(str(cast.phone.id), str(second.id))))
    assert "Phone 1 began as one with it, and is signed out along with it. Nothing is wiped there" in said
    assert f"At least 3 of {cast.seq + 3} things saved on it had not arrived" in said
    assert "Phone 2 began as one with it" in words(ben.page(ending))


def test_what_is_said_of_a_phone_that_asks_for_a_new_code_is_true_of_it(ben, cast, ending):
    """Its cookie still says which phone it is, so it hears of the end when the app is opened; without one it cannot."""
    said = words(ben.page(ending))
    assert "then the phone is cleared" in said
    assert "A phone that asks for a new code hears of it too, when the app is next open with signal." in said
    assert "If its browser has lost its sign-in, it cannot hear of this" in said
    assert "signed out already" not in said


def test_a_phone_that_is_signed_out_already_is_said_to_be_cleared_once_it_is_opened(ben, cast, ending):
    with atomic():
        second = people_actions.set_apart(device=cast.phone, now=NOW)
        people_actions.end_others(device=second, by="somebody", now=NOW)
    said = words(ben.page(ending))
    assert "This phone is signed out already. When the app is next open there with signal, it says" in said
    assert "then the phone is cleared" in said
    assert (
        "If a new code was typed on it since then, it is in the list again as another phone, and goes on as that one."
        in said
    )
    assert "If its browser has lost its sign-in, it cannot hear of this" in said
    assert "let them open the app with signal first" not in said
