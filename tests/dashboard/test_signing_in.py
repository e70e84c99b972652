"""Signing in and out, the guard, and typed text that outlives a staff session."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from server.caseload.queries import clients_of
from tests.cast import NOW, PASSWORD

LONG_REASON = "You said that thoughts run away with you <b>after supper</b>."


def client_form(page) -> dict:
    """A filled-in form for a new client."""
    tokens = {name: page.find("input", {"name": name})["value"] for name in ("csrf", "author")}
    return {**tokens, "preferred_name": "Bea <i>", "date_of_birth": "31/03/1980", "zone": "Europe/London"}


def test_somebody_signs_in_and_out(open_as, cast):
    web = open_as()
    assert web.fetch("/staff/today").headers["Location"] == "/staff/sign-in?next=/staff/today"
    page = web.page("/staff/sign-in?next=/staff/caseload")
    answer = web.send(page, "/staff/sign-in", sign_in_name=" BEN@example.org ", password=PASSWORD)
    assert answer.headers["Location"] == "/staff/caseload"
    assert web.send(web.page("/staff/caseload"), "/sign-out").headers["Location"] == "/staff/sign-in"
    assert web.fetch("/staff/today").status_code == 302


@pytest.mark.parametrize("onward", ["https://evil.example", "//evil.example", "/staff/\\evil", "/api/x"])
def test_nobody_is_sent_elsewhere_after_signing_in(open_as, cast, onward):
    answer = open_as().fetch(
        f"/staff/sign-in?next={onward}", "POST", data={"sign_in_name": "ben@example.org", "password": PASSWORD}
    )
    assert answer.headers["Location"] == "/staff/today"


def test_a_wrong_password_and_an_unknown_name_get_the_same_sentence(open_as, cast):
    said = []
    for name in ("ben@example.org", "nobody@example.org"):
        answer = open_as().fetch("/staff/sign-in", "POST", data={"sign_in_name": name, "password": "wrong"})
        page = open_as().read(answer, 422)
        said.append(page.find(class_="nhsuk-error-summary").get_text(" ", strip=True))
    assert said[0] == said[1] and "not right" in said[0]


def test_guessing_is_slowed_down(open_as, cast):
    web = open_as()
    for _ in range(9):
        answer = web.fetch("/staff/sign-in", "POST", data={"sign_in_name": "ben@example.org", "password": "wrong"})
    assert "Too many tries" in answer.text
    assert answer.status_code == 429 and int(answer.headers["Retry-After"]) == 900
    answer = web.fetch("/staff/sign-in", "POST", data={"sign_in_name": "ben@example.org", "password": PASSWORD})
    assert "Too many tries" in answer.text


def guess(web, address: str, name: str = "ben@example.org", password: str = "wrong") -> int:
    fields = {"sign_in_name": name, "password": password}
    return web.fetch("/staff/sign-in", "POST", data=fields, environ_base={"REMOTE_ADDR": address}).status_code


def test_a_guesser_does_not_lock_the_owner_out_from_another_address(open_as, cast):
    web = open_as()
    assert [guess(web, "192.0.2.1") for _ in range(9)] == [422] * 8 + [429]
    assert guess(web, "192.0.2.2", password=PASSWORD) == 303


def test_one_name_is_tried_forty_times_at_most_from_everywhere(open_as, cast):
    web = open_as()
    assert {guess(web, f"192.0.2.{n // 8}") for n in range(40)} == {422}
    assert guess(web, "192.0.2.99", password=PASSWORD) == 429


def test_one_address_tries_a_hundred_times_at_most(open_as, cast):
    web = open_as()
    assert {guess(web, "192.0.2.1", f"somebody{n}@example.org") for n in range(100)} == {422}
    assert guess(web, "192.0.2.1", password=PASSWORD) == 429
    assert guess(web, "192.0.2.2", password=PASSWORD) == 303


@pytest.mark.parametrize(
    ("fields", "headers"),
    [
        ({"csrf": "é", "author": "x"}, {}),
        ({"csrf": "x", "author": "x.é"}, {}),
        ({}, {"Origin": "http://["}),
    ],
)
def test_a_form_mark_or_an_origin_that_makes_no_sense_is_turned_away_like_any_other(ben, fields, headers):
    typed = {**client_form(ben.page("/staff/clients/new")), **fields}
    assert ben.fetch("/staff/clients", "POST", data=typed, headers=headers).status_code == 403


def test_a_strange_author_without_a_staff_session_asks_who_it_is(open_as, cast):
    assert open_as().fetch("/staff/clients", "POST", data={"author": "x.é"}).status_code == 401


def test_fifteen_idle_minutes_end_a_staff_session_and_looking_about_keeps_it(ben, time):
    for minutes in (10, 20, 30):
        time.now = NOW + timedelta(minutes=minutes)
        assert ben.fetch("/staff/today").status_code == 200
    time.now = NOW + timedelta(minutes=46)
    assert ben.fetch("/staff/today").status_code == 302


def test_twelve_hours_end_a_staff_session_in_any_case(ben, time):
    for minutes in [*range(10, 12 * 60, 10), 12 * 60 - 1]:
        time.now = NOW + timedelta(minutes=minutes)
        assert ben.fetch("/staff/account").status_code == 200, minutes
    time.now = NOW + timedelta(hours=12, seconds=1)
    assert ben.fetch("/staff/account").status_code == 302, "a minute idle, and yet over"


def test_a_sign_in_that_times_out_in_mid_form_loses_nothing_typed(ben, cast, time):
    typed = client_form(ben.page("/staff/clients/new"))
    time.now = NOW + timedelta(minutes=20)
    page = ben.read(ben.fetch("/staff/clients", "POST", data=typed), 401)
    assert "Bea" not in str(page), "what was typed is sealed for its author"
    answer = ben.send(page, "/staff/clients", 422, sign_in_name="ben@example.org", password=PASSWORD)
    again = ben.read(answer, 422)
    assert again.find(id="preferred_name")["value"] == "Bea <i>"
    assert again.find(id="date_of_birth")["value"] == "31/03/1980"
    assert "What you typed is here" in again.get_text()
    assert len(clients_of(cast.ben, time.now)) == 1, "it is given back, not sent"
    ben.send(again, "/staff/clients", 303)
    assert len(clients_of(cast.ben, time.now)) == 2


def test_a_wrong_password_in_mid_form_still_loses_nothing(ben, time):
    typed = client_form(ben.page("/staff/clients/new"))
    time.now = NOW + timedelta(minutes=20)
    page = ben.read(ben.fetch("/staff/clients", "POST", data=typed), 401)
    page = ben.read(ben.send(page, "/staff/clients", 422, sign_in_name="ben@example.org", password="wrong"), 422)
    answer = ben.send(page, "/staff/clients", 422, sign_in_name="ben@example.org", password=PASSWORD)
    assert "Bea &lt;i&gt;" in answer.text


def test_what_was_typed_goes_to_nobody_else(ben, open_as, time):
    typed = client_form(ben.page("/staff/clients/new"))
    time.now = NOW + timedelta(minutes=20)
    page = ben.read(ben.fetch("/staff/clients", "POST", data=typed), 401)
    cara = open_as()
    answer = cara.send(page, "/staff/clients", 302, sign_in_name="cara@example.org", password=PASSWORD)
    assert answer.headers["Location"] == "/staff/today"
    assert "Bea" not in cara.fetch("/staff/today").text


def test_a_form_of_an_earlier_session_of_ones_own_comes_back_filled_in(ben, open_as, cast):
    typed = client_form(ben.page("/staff/clients/new"))
    other_tab = open_as(cast.ben)
    page = other_tab.read(other_tab.fetch("/staff/clients", "POST", data=typed), 422)
    assert page.find(id="preferred_name")["value"] == "Bea <i>"


def test_a_form_that_is_not_ours_changes_nothing(ben, cast):
    typed = client_form(ben.page("/staff/clients/new"))
    without = {name: value for name, value in typed.items() if name not in ("csrf", "author")}
    assert ben.fetch("/staff/clients", "POST", data=without).status_code == 403
    assert ben.fetch("/staff/clients", "POST", data={**typed, "csrf": "x", "author": "y.z"}).status_code == 403
    for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        assert ben.fetch("/staff/clients", "POST", data=typed, headers=headers).status_code == 403
    assert len(clients_of(cast.ben, NOW)) == 1
    assert (
        ben.fetch("/staff/clients", "POST", data=typed, headers={"Origin": "http://localhost:8000"}).status_code == 303
    )


def test_another_site_cannot_sign_somebody_in(open_as, cast):
    fields = {"sign_in_name": "ben@example.org", "password": PASSWORD}
    assert open_as().fetch("/staff/sign-in", "POST", data=fields, headers={"Origin": "null"}).status_code == 403


def test_somebody_with_a_one_time_password_has_to_choose_their_own(open_as, cast):
    ada = open_as(cast.ada)
    page = ada.page("/staff/administration")
    made = ada.read(ada.send(page, "/accounts", 200, person="Eve Hart", login="eve@example.org", roles=["trainee"]))
    once = made.find("code").text
    assert once not in ada.fetch("/staff/administration").text
    eve = open_as()
    eve.fetch("/staff/sign-in", "POST", data={"sign_in_name": "eve@example.org", "password": once})
    assert eve.fetch("/staff/today").headers["Location"] == "/staff/account/password"
    page = eve.page("/staff/account/password")
    weak = eve.read(eve.send(page, "/password", 422, old_password=once, new_password="short"), 422)
    assert "Choose another password" in weak.get_text()
    eve.send(page, "/password", 303, old_password=once, new_password="plum orchard bicycle rain")
    assert eve.fetch("/staff/today").status_code == 200


def test_a_new_password_ends_the_other_sessions(open_as, cast):
    here, there = open_as(cast.ben), open_as(cast.ben)
    fields = {"old_password": PASSWORD, "new_password": "plum orchard bicycle rain"}
    here.send(here.page("/staff/account/password"), "/password", 303, **fields)
    assert here.fetch("/staff/today").status_code == 200
    assert there.fetch("/staff/today").status_code == 302


def test_another_session_of_ones_own_can_be_ended(open_as, cast):
    here, there = open_as(cast.ben), open_as(cast.ben)
    here.send(here.page("/staff/account"), "/end", 303)
    assert there.fetch("/staff/today").status_code == 302
    assert here.fetch("/staff/today").status_code == 200


def test_a_disabled_account_is_out_at_once(open_as, cast):
    ben, ada = open_as(cast.ben), open_as(cast.ada)
    ada.send(ada.page(f"/staff/administration/accounts/{cast.ben.id}/disable"), "/disable")
    assert ben.fetch("/staff/today").status_code == 302


def test_every_answer_carries_its_headers_and_no_name_in_its_title(ben, anna):
    for path in ("/staff/sign-in", "/staff/today", anna.home, "/staff/nowhere"):
        answer = ben.fetch(path)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        title = BeautifulSoup(answer.text, "html.parser").title
        assert title is None or "Anna" not in title.text
    nonces = {
        re.search("nonce-([^']+)'", ben.fetch("/staff/today").headers["Content-Security-Policy"])[1] for _ in "12"
    }
    assert len(nonces) == 2


def test_the_cookie_cannot_be_read_by_scripts(open_as, cast):
    answer = open_as().fetch("/staff/sign-in", "POST", data={"sign_in_name": "ben@example.org", "password": PASSWORD})
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and cookie.startswith("staff=")


def test_under_https_the_cookie_is_bound_to_the_host(app, open_as, cast):
    app.config["MEANTIME"] = replace(app.config["MEANTIME"], base_url="https://meantime.example.org")
    answer = open_as().fetch("/staff/sign-in", "POST", data={"sign_in_name": "ben@example.org", "password": PASSWORD})
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-staff=") and "Secure" in cookie and "Path=/" in cookie and "Domain" not in cookie
    assert "max-age" in answer.headers["Strict-Transport-Security"]


def test_a_page_that_waits_by_itself_keeps_nobody_signed_in(ben, cast, time):
    for minutes in range(1, 16):
        time.now = NOW + timedelta(minutes=minutes)
        answer = ben.fetch(f"/staff/clients/{cast.anna.id}/invitation/state")
    assert answer.status_code == 302
