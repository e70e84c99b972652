"""Ways in and out: where somebody begins, what an address that leads nowhere says, and that what was sent is kept."""

import re

import pytest

from server.dashboard.presenters import REVIEW_MARKS
from tests.cast import PASSWORD
from tests.dashboard.browser import words


def begins(web, practitioner) -> str:
    """Where somebody is led who signs in without having been anywhere."""
    fields = {"sign_in_name": practitioner.sign_in_name, "password": PASSWORD}
    answer = web.fetch("/staff/sign-in", "POST", data=fields)
    assert web.fetch("/staff/").headers["Location"] == answer.headers["Location"]
    return answer.headers["Location"]


def test_an_administrator_who_sees_no_clients_begins_in_administration(open_as, cast):
    web = open_as()
    assert begins(web, cast.ada) == "/staff/administration"
    places = [link.text for link in web.page("/staff/administration").find("nav").find_all("a")]
    assert places == ["Worksheets", "Administration", "Your account"]


def test_whoever_sees_clients_begins_with_today(open_as, cast):
    assert begins(open_as(), cast.ben) == "/staff/today"
    both = cast.add("Eve Marsh", "practitioner", "administrator")
    assert begins(open_as(), both) == "/staff/today"


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("GET", "/staff/nowhere"),
        ("GET", "/staff/clients/not-an-id"),
        ("GET", "/staff/static/nothing.css"),
        ("PUT", "/staff/today"),
        ("DELETE", "/staff/clients"),
    ],
)
def test_a_wrong_address_gets_a_page_of_ours_with_a_way_on(ben, method, address):
    page = ben.read(ben.fetch(address, method), 404)
    assert page.h1.text == "This page is not here"
    assert page.main.find("a")["href"] == "/staff/"


@pytest.mark.parametrize("address", ["/nowhere", "/staffroom", "/assets/gone.js", "/nowhere/at/all"])
def test_outside_staff_pages_too_and_the_way_on_is_the_app(ben, address):
    answer = ben.fetch(address)
    assert answer.status_code == 404 and answer.mimetype == "text/html"
    assert "This page is not here" in answer.text and 'href="/"' in answer.text and 'href="/#/help"' in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_the_phones_own_addresses_answer_as_they_did(ben):
    assert ben.fetch("/api/v1/nowhere").json["code"] == "not-found"
    assert ben.fetch("/", "POST").status_code == 405


def saved(page) -> list[str]:
    return [words(one) for one in page.find_all(class_="staff-saved")]


def test_what_was_sent_is_said_to_be_saved_where_it_was_sent(ben, anna):
    place = f"{anna.home}/appointments/{anna.today}"
    assert saved(ben.page(place)) == [] == saved(ben.page(f"{place}?saved=nonsense"))
    page = ben.follow(ben.send(ben.page(place), "/review", mark="reviewed"))
    assert saved(page) == ["Saved."] and page.find(class_="staff-saved").find_parent(id=f"task-{anna.agreed}")
    page = ben.follow(ben.send(page, "/record", slot=anna.slots[0], told="done", medium="paper"))
    assert saved(page) == ["Saved."]
    page = ben.follow(ben.send(page, "/attendance", state="missed"))
    assert saved(page) == ["Saved: did not come."]
    page = ben.follow(ben.send(page, "/review", mark="make_smaller"))
    assert saved(page) == [
        "Saved: make it smaller. Now agree the smaller version.",
        "Made smaller: size small instead of usual.",
    ]


def test_a_changed_password_and_changed_settings_are_said_to_be_saved(open_as, cast):
    ada = open_as(cast.ada)
    page = ada.follow(ada.send(ada.page("/staff/administration"), "/service", crisis_number="0161 496 0000"))
    assert saved(page) == ["Saved."]
    fields = {"old_password": PASSWORD, "new_password": "seven green lanterns under water"}
    page = ada.follow(ada.send(ada.page("/staff/account/password"), "/password", **fields))
    assert saved(page) == ["Your password is changed."]


def test_no_form_stands_open_before_the_entries(ben, anna):
    task = ben.page(f"{anna.home}/appointments/{anna.today}").find(id=f"task-{anna.agreed}")
    assert not task.find("details", open=True)
    first_form = task.find("form", action=re.compile("/review$"))
    assert first_form in task.find_all("article")[-1].find_all_next("form"), "entries come first"
    assert first_form.find("button")["value"] == "reviewed", "looked at together is one click"
    others = first_form.find_next_sibling("details").find_all("button", {"name": "mark"})
    assert {one["value"] for one in others} == set(REVIEW_MARKS), "any other mark is two"
