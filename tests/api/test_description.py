"""The description at /api/openapi.json, and pairing."""

from datetime import timedelta

import pytest
from openapi_spec_validator import validate

from server.errors import CODES, Refused
from server.extensions import atomic, db
from server.people import codes, pairing
from server.people.actions import choose_research
from server.people.models import Invitation
from tests.cast import NOW

HEADERS = {"X-Sync-Protocol": "1"}


def test_the_description_is_valid_openapi_3_1_and_lists_every_route(app):
    told = app.test_client().get("/api/openapi.json").json
    validate(told)
    assert told["openapi"] == "3.1.0"
    ours = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/v1/")}
    assert len(told["paths"]) == len(ours) >= 12


@pytest.fixture
def code(app, cast):
    with atomic():
        _, code = pairing.invite(client=cast.anna, by=cast.ben, now=NOW)
    return code


@pytest.fixture
def web(app, monkeypatch):
    monkeypatch.setattr("server.clock.now", lambda: NOW + timedelta(minutes=1))
    return app.test_client()


def pair(web, code):
    return web.post("/api/v1/pair", json={"code": code}, headers=HEADERS)


def test_a_code_lets_one_phone_in_once(web, code):
    first = pair(web, codes.spell(code).lower())
    assert first.status_code == 201
    assert first.json["me"] == {"preferred_name": "Anna", "research": None}
    assert "HttpOnly" in first.headers["Set-Cookie"]
    assert "SameSite=Strict" in first.headers["Set-Cookie"]
    assert web.get("/api/v1/device").json["device_id"] == first.json["device_id"]
    assert (pair(web, code).status_code, pair(web, code).json["code"]) == (410, "invite-used")


def test_a_phone_is_told_what_was_chosen_about_research_without_it(web, code, cast):
    with atomic():
        choose_research(client=cast.anna, choice="yes", revision_id=None, by=cast.ben, now=NOW)
    assert pair(web, code).json["me"]["research"] == "yes"
    with atomic():
        choose_research(client=cast.anna, choice="no", revision_id=None, by=cast.ben, now=NOW)
    assert web.get("/api/v1/device").json["me"]["research"] == "no"


def test_five_wrong_codes_burn_it(web, code):
    wrong = code[:4] + ("00000000" if code[4:] != "00000000" else "11111111")
    assert [pair(web, wrong).json["code"] for _ in range(5)] == ["invite-unknown"] * 4 + ["invite-burned"]
    assert pair(web, code).json["code"] == "invite-burned"


def test_an_unknown_code_and_a_wrong_one_get_the_same_answer(web, code):
    unknown = pair(web, "ZZZZ" + code[4:])
    wrong = pair(web, code[:4] + "00000000")
    assert (unknown.status_code, unknown.json) == (wrong.status_code, wrong.json)


def test_a_code_runs_out_after_a_week(web, code, monkeypatch):
    monkeypatch.setattr("server.clock.now", lambda: NOW + timedelta(days=7))
    assert pair(web, code).json["code"] == "invite-expired"


def test_a_newer_code_ends_the_older_one(web, code, cast):
    with atomic():
        _, newer = pairing.invite(client=cast.anna, by=cast.ben, now=NOW)
    assert pair(web, code).json["code"] == "invite-expired"
    assert pair(web, newer).status_code == 201


def test_guessing_is_slowed_per_address(web, code):
    answers = [pair(web, "AAAA00000000").json["code"] for _ in range(25)]
    assert answers[-1] == "too-many-tries"
    assert pair(web, code).json["code"] == "too-many-tries"


def test_a_tab_makes_a_code_for_the_installed_app(web, code):
    pair(web, code)
    made = web.post("/api/v1/device/install-code", json={}, headers=HEADERS)
    assert made.status_code == 201
    app_storage = web.application.test_client()
    assert pair(app_storage, made.json["code"]).json["me"]["preferred_name"] == "Anna"
    assert web.get("/api/v1/device").status_code == 200


def test_a_service_that_is_not_ready_invites_nobody(app, cast):
    cast.service.reading_promise = ""
    db.session.commit()
    with pytest.raises(Refused, match="not-ready"), atomic():
        pairing.invite(client=cast.anna, by=cast.ben, now=NOW)


def test_the_secret_of_a_code_is_never_stored(app, code):
    row = db.session.query(Invitation).one()
    assert code[4:] not in f"{row.secret_hash}{row.selector}"


def test_a_code_forgives_what_people_type():
    assert codes.bare("k7qm-2xrt 9pwd") == "K7QM2XRT9PWD"
    assert codes.bare("OIL0-0000-0000") == "011000000000"


def test_every_refusal_has_a_sentence():
    assert all(sentence.endswith(".") for sentence in CODES.values())
