"""The key the service holds for a phone: kept sealed, and given out after a new code of the practitioner alone."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from server import clock
from server.extensions import atomic, db
from server.people import actions as people
from server.people import pairing
from server.people.models import Device
from tests.cast import NOW

HEADERS = {"X-Sync-Protocol": "1"}
KEY = "A" * 43 + "="
OTHER = "B" * 43 + "="


@pytest.fixture
def phone(both, cast):
    """Anna's phone, whose key the service holds."""
    cast.pair()
    web = both.test_client()
    web.set_cookie("phone", cast.token)
    assert web.put("/api/v1/device/key", json={"key": KEY}, headers=HEADERS).status_code == 204
    return web


def let_in(app, client, by, purpose="pair", **details):
    """Another browser with a new code."""
    with atomic():
        _, code = pairing.invite(client=client, by=by, now=clock.now(), purpose=purpose)
    web = app.test_client()
    answer = web.post("/api/v1/pair", json={"code": code, **details}, headers=HEADERS)
    return web, answer


def somebody_else(cast):
    with atomic():
        return people.add_client(service=cast.service, preferred_name="Bea", by=cast.ben, now=NOW)


def release(web, device_id):
    return web.post("/api/v1/device/key/release", json={"device_id": str(device_id)}, headers=HEADERS)


def anna_of(web) -> str:
    return web.get("/api/v1/device").json["device_id"]


def test_a_new_code_of_the_practitioner_gives_the_key_back(both, cast, phone):
    web, answer = let_in(both, cast.anna, cast.ben, device_id=anna_of(phone))
    assert answer.status_code == 201
    assert release(web, anna_of(phone)).json == {"key": KEY}


def test_the_phone_in_hand_alone_never_gets_its_key(both, cast, phone):
    refused = release(phone, anna_of(phone))
    assert (refused.status_code, refused.json["code"]) == (401, "not-signed-in")
    made = phone.post("/api/v1/device/install-code", json={}, headers=HEADERS).json["code"]
    web = both.test_client()
    assert web.post("/api/v1/pair", json={"code": made}, headers=HEADERS).status_code == 201
    assert release(web, anna_of(phone)).status_code == 401  # a code that the phone made itself lets no key out


def test_after_a_quarter_of_an_hour_the_code_opens_no_key_any_more(both, cast, phone, monkeypatch):
    web, _ = let_in(both, cast.anna, cast.ben)
    later = clock.now() + timedelta(minutes=16)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert release(web, anna_of(phone)).status_code == 401


def test_another_client_a_revoked_phone_and_one_without_a_key_get_the_same_no(both, cast, phone):
    bare, _ = let_in(both, cast.anna, cast.ben)
    other = somebody_else(cast)
    theirs, _ = let_in(both, other, cast.ben)
    nobody = "00000000-0000-7000-8000-000000000000"
    answers = [release(theirs, anna_of(phone)), release(bare, anna_of(bare)), release(bare, nobody)]
    with atomic():
        people.revoke_device(device=db.session.get(Device, cast.phone.id), by=cast.ben, now=NOW)
    answers.append(release(bare, cast.phone.id))
    assert {(one.status_code, one.json["code"]) for one in answers} == {(404, "not-yours")}


def test_a_locked_phone_takes_no_code_of_somebody_else_and_the_code_stays_good(both, cast, phone):
    other = somebody_else(cast)
    with atomic():
        _, code = pairing.invite(client=other, by=cast.ben, now=clock.now())
    web = both.test_client()
    said = web.post("/api/v1/pair", json={"code": code, "device_id": anna_of(phone)}, headers=HEADERS)
    assert (said.status_code, said.json["code"]) == (409, "invite-someone-else")
    assert web.post("/api/v1/pair", json={"code": code}, headers=HEADERS).status_code == 201


def test_the_key_is_sealed_in_the_database_and_anything_but_a_key_is_refused(cast, phone):
    [(sealed,)] = db.session.execute(text("select phone_key_sealed from device where phone_key_sealed is not null"))
    assert KEY.encode() not in bytes(sealed)
    for wrong in ("", KEY[:-1], KEY + "\n", "!" * 43 + "="):
        assert phone.put("/api/v1/device/key", json={"key": wrong}, headers=HEADERS).status_code == 422
    assert phone.put("/api/v1/device/key", json={"key": OTHER}, headers=HEADERS).status_code == 204
    assert db.session.get(Device, cast.phone.id, populate_existing=True).phone_key == OTHER


def test_an_address_typed_into_a_locked_phone_shows_nothing(phone):
    for address in ("/api/v1/sync/pull?cursor=", "/api/v1/device", "/api/v1/looks"):
        assert phone.get(address).status_code == 200
        typed = phone.get(address, headers={"Sec-Fetch-Mode": "navigate"})
        assert (typed.status_code, typed.json["code"]) == (422, "bad-input")
