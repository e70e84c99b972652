"""The description at /api/openapi.json, and pairing."""

from datetime import timedelta

import pytest
from openapi_spec_validator import validate

from server.assignments.models import Occurrence
from server.errors import CODES, Refused
from server.extensions import atomic, db
from server.people import codes, pairing
from server.people.actions import choose_research, end_device, revoke_device
from server.people.models import Device, Invitation
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
    assert first.json["me"] == {
        "preferred_name": "Anna", "research": None, "research_contact": None, "studies": [], "language": "en",
    }  # fmt: skip
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
    assert [pair(web, wrong).json["code"] for _ in range(7)] == ["invite-unknown"] * 7  # as of a code that never was
    assert (pair(web, code).status_code, pair(web, code).json["code"]) == (410, "invite-burned")


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
    slowed = pair(web, code)
    assert slowed.json["code"] == "too-many-tries"
    assert 0 < int(slowed.headers["Retry-After"]) <= 15 * 60


def test_a_tab_makes_a_code_for_the_installed_app(web, code):
    pair(web, code)
    made = web.post("/api/v1/device/install-code", json={}, headers=HEADERS)
    assert made.status_code == 201
    app_storage = web.application.test_client()
    assert pair(app_storage, made.json["code"]).json["me"]["preferred_name"] == "Anna"
    assert web.get("/api/v1/device").status_code == 200


@pytest.mark.parametrize("ended_by", ["the service", "the client"])
def test_a_code_for_the_installed_app_ends_with_the_phone_that_made_it(ended_by, web, code):
    pair(web, code)
    made = web.post("/api/v1/device/install-code", json={}, headers=HEADERS).json["code"]
    device = db.session.query(Device).one()
    with atomic():
        if ended_by == "the service":
            revoke_device(device=device, by="test", now=NOW + timedelta(minutes=1))
        else:
            end_device(device=device, unsent=0, by="test", now=NOW + timedelta(minutes=1))
    answer = pair(web.application.test_client(), made)
    assert (answer.status_code, answer.json["code"]) == (410, "invite-expired")


def test_a_phone_that_ends_leaves_the_code_of_a_practitioner_open(web, code, cast):
    pair(web, code)
    with atomic():
        _, other = pairing.invite(client=cast.anna, by=cast.ben, now=NOW)
        revoke_device(device=db.session.query(Device).one(), by=cast.ben, now=NOW)
    assert pair(web.application.test_client(), other).status_code == 201


def test_a_phone_in_another_zone_moves_what_falls_due(web, code, cast):
    agreed = cast.agree(rhythm={"kind": "daily", "times": 1}).id
    due = db.session.query(Occurrence.due_at).filter_by(assignment_id=agreed).order_by(Occurrence.slot)
    [before] = due.limit(1).one()
    body = {"code": code, "zone": "America/New_York"}
    assert web.post("/api/v1/pair", json=body, headers=HEADERS).status_code == 201
    assert cast.anna.zone == "America/New_York"
    assert due.limit(1).one()[0] - before == timedelta(hours=5)


def test_a_zone_nobody_knows_changes_nothing(web, code, cast):
    body = {"code": code, "zone": "Europe/Leeds"}
    assert web.post("/api/v1/pair", json=body, headers=HEADERS).status_code == 201
    assert cast.anna.zone == "Europe/London"


def test_a_phone_the_client_removed_is_not_signed_in(web, code):
    pair(web, code)
    token = web.get_cookie("phone").value
    assert web.post("/api/v1/device/forget", json={"unsent": 0}, headers=HEADERS).status_code == 204
    web.set_cookie("phone", token)
    answer = web.get("/api/v1/sync/pull", headers=HEADERS)
    assert (answer.status_code, answer.json["code"]) == (401, "not-signed-in")


def test_every_write_needs_our_own_header(web, code):
    pair(web, code)
    writes = [
        (method, rule.rule)
        for rule in web.application.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/")
        for method in sorted(rule.methods - {"GET", "HEAD", "OPTIONS"})
    ]
    assert len(writes) >= 8
    for method, path in writes:
        for headers in ({}, {"X-Sync-Protocol": "2"}):
            answer = web.open(path, method=method, json={}, headers=headers)
            told = (path, answer.status_code, answer.json["message"])
            assert told == (path, 422, "This request did not come from the app.")
    assert web.get("/api/v1/device").status_code == 200  # nothing was ended or forgotten by any of them


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
