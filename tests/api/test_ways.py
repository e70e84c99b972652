"""A client sets their ways to be reminded on their own phone; what was not agreed as safe is kept and not used."""

from dataclasses import replace

import pytest

from server.reminders import ways

HEADERS = {"X-Sync-Protocol": "1"}
PLACE = "/api/v1/ways"


@pytest.fixture
def phone(app, cast):
    config = app.config["MEANTIME"]
    app.config["MEANTIME"] = replace(config, smtp_url="smtp://localhost", mail_from="meantime@example.org")
    cast.pair()
    web = app.test_client()
    web.set_cookie("phone", cast.token)
    return web


def put(phone, **said):
    return phone.put(PLACE, json=said, headers=HEADERS)


def test_the_order_is_kept_and_only_what_is_safe_is_used(phone, cast):
    cast.ask_safely(channels=["call"])
    kept = put(phone, order=["email", "push"], email="anna@example.org")
    assert kept.status_code == 200 and kept.json["order"] == ["email", "push"] and kept.json["used"] == ["push"]
    assert kept.json["offered"] == ["push", "email"]
    cast.ask_safely(channels=["email"])
    assert phone.get(PLACE).json["used"] == ["email", "push"]
    assert phone.get(PLACE).json["email"] == "anna@example.org"


def test_a_mistake_is_named_and_changes_nothing(phone, cast):
    refused = put(phone, order=["email"], email="nobody")
    assert refused.status_code == 422 and set(refused.json["fields"]) == {"email"}
    assert put(phone, order="email").status_code == 422
    assert ways.said_of(cast.anna)[0] == ["push"]


def test_a_calendar_is_turned_on_and_off_on_the_phone(phone, app):
    made = phone.post("/api/v1/calendar", json={}, headers=HEADERS)
    place = made.json["address"].removeprefix("http://localhost:8000")
    stranger = app.test_client()
    assert made.status_code == 201 and stranger.get(place).status_code == 200
    assert phone.get(PLACE).json["calendar"] is True
    assert phone.delete("/api/v1/calendar", headers=HEADERS).status_code == 204
    assert stranger.get(place).status_code == 410


def test_nobody_else_sees_or_sets_them(app, phone):
    stranger = app.test_client()
    assert stranger.get(PLACE).status_code == 401
    assert stranger.put(PLACE, json={"order": ["push"]}, headers=HEADERS).status_code == 401
    assert stranger.post("/api/v1/calendar", json={}, headers=HEADERS).status_code == 401
