"""The page on which a client's ways to be reminded are agreed, and a private calendar is turned on and off."""

import re
from dataclasses import replace

import pytest

from server.extensions import atomic, db
from server.reminders import calendar_feed, ways
from server.reminders.models import Way
from tests.cast import NOW
from tests.dashboard.browser import words


@pytest.fixture
def place(cast, app):
    config = app.config["MEANTIME"]
    app.config["MEANTIME"] = replace(config, smtp_url="smtp://localhost", mail_from="meantime@example.org")
    return f"/staff/clients/{cast.anna.id}/ways"


def test_the_order_is_kept_and_what_was_not_set_up_is_not_offered(ben, cast, place):
    cast.ask_safely(channels=["email"])
    page = ben.page(place)
    assert [one["value"] for one in page.find(id="first").find_all("option")] == ["push", "email"]
    assert "Not set up here: text message" in words(page)
    ben.send(page, "/ways", 303, first="email", second="push", email="anna@example.org")
    assert ways.said_of(cast.anna) == (["email", "push"], {"email": "anna@example.org"})
    again = ben.page(place)
    assert "Reminded by email, then notification on their phone" in words(again)
    assert again.find(id="email")["value"] == "anna@example.org"


def test_a_way_that_is_not_safe_is_named(ben, cast, place):
    cast.ask_safely(channels=["call"])
    ben.send(ben.page(place), "/ways", 303, first="push", second="email", email="anna@example.org")
    assert "Not among the safe ways, so not used: email" in words(ben.page(place))


def test_a_way_that_ended_is_said_with_its_day_and_can_be_set_again(ben, cast, anna, place):
    cast.ask_safely(channels=["email"])
    ben.send(ben.page(place), "/ways", 303, first="email", second="push", email="anna@example.org")
    with atomic():
        ways.end(client=cast.anna, channel="email", why="unreachable", by="tick", now=NOW)
    said = "Email ended on Wed 18 Nov: the address or number does not exist. Check it with them, and set it again."
    assert said in words(ben.page(place)) and said in words(ben.page(anna.home))
    page = ben.page(place)
    assert page.find(id="email")["value"] == "anna@example.org"
    ben.send(page, "/ways", 303, first="email", second="push")
    assert "ended on" not in words(ben.page(place)) and ways.said_of(cast.anna)[0] == ["email", "push"]


def test_a_way_that_was_turned_off_here_is_named_and_not_chosen(ben, cast, app, place):
    cast.ask_safely(channels=["email"])
    ben.send(ben.page(place), "/ways", 303, first="email", second="push", email="anna@example.org")
    app.config["MEANTIME"] = replace(app.config["MEANTIME"], smtp_url="", mail_from="")
    page = ben.page(place)
    assert "Reminded by notification on their phone. Not set up here, so not used: email." in words(page)
    assert page.find(id="first").find("option", selected=True)["value"] == "push"
    ben.send(page, "/ways", 303)
    assert ways.said_of(cast.anna)[0] == ["push"]


def test_before_safe_contact_the_page_says_that_nothing_is_sent(ben, place):
    assert "No reminder is sent until they were asked, alone" in words(ben.page(place))


def test_a_mistake_is_named_beside_its_field_and_nothing_is_kept(ben, place):
    page = ben.page(place)
    refused = ben.read(ben.send(page, "/ways", 422, first="email", email="nobody"), 422)
    assert "Enter an email address" in words(refused.find(class_="nhsuk-error-summary"))
    refused = ben.read(ben.send(page, "/ways", 422, first="push", second="push"), 422)
    assert "Choose each way once" in words(refused)
    assert db.session.query(Way).count() == 0


def test_a_calendar_address_is_shown_once_and_turned_off(ben, cast, place):
    page = ben.page(place)
    shown = words(ben.read(ben.send(page, "/calendar", 200), 200))
    [secret] = re.findall(r"/api/calendar/([\w-]{43})\.ics", shown)
    assert "ask who shares it" in shown and calendar_feed.opened_by(secret)
    again = ben.page(place)
    assert secret not in str(again) and "Not read yet" in words(again)
    ben.send(again, "/calendar/end", 303)
    assert calendar_feed.feed_of(cast.anna) is None
