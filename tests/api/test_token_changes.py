"""A phone's token changes once a day; one that is out of use ends the phone, and a slow or empty one does not."""

from datetime import timedelta
from itertools import permutations
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from server import clock
from server.audit.models import AuditEvent
from server.extensions import atomic, db
from server.people import actions as people
from server.people.models import Device
from server.people.queries import epoch_id
from server.people.tokens import token_of
from tests.cast import NOW, new_uuid
from tests.dashboard.browser import Browser

HEADERS = {"X-Sync-Protocol": "1"}
DIGEST = {"count": 0, "sha256": "x"}


@pytest.fixture
def time(monkeypatch):
    """The clock: stands at `NOW` until it is moved."""
    moment = SimpleNamespace(now=NOW)
    monkeypatch.setattr(clock, "now", lambda: moment.now)
    return moment


@pytest.fixture
def phone(both, cast, time):
    """Anna's phone, paired now."""
    cast.pair()
    return Phone(both, cast, time)


class Phone:
    """One cookie jar at a time: whoever asks says with which token."""

    def __init__(self, app, cast, time):
        self.app, self.cast, self.time, self.first = app, cast, time, cast.token

    def ask(self, token, path="/sync/contact"):
        """(status, code, the token given in return or the one told)."""
        web = self.app.test_client()
        web.set_cookie("phone", token)
        body = {"outbox": 0, "device_seq": 0, "digest": DIGEST}
        method = "POST" if path == "/sync/contact" else "GET"
        answer = web.open(
            f"/api/v1{path}", method=method, headers=HEADERS, **({"json": body} if method == "POST" else {})
        )
        db.session.rollback()
        given = web.get_cookie("phone")
        return answer.status_code, (answer.json or {}).get("code"), given.value

    def named(self, token):
        """The device that a refusal names."""
        web = self.app.test_client()
        web.set_cookie("phone", token)
        return web.get("/api/v1/device", headers=HEADERS).json["device_id"]

    def contact(self, token):
        status, code, given = self.ask(token)
        assert status == 200, code
        return given

    def later(self, **so_long):
        self.time.now += timedelta(**so_long)

    def device(self):
        db.session.expire_all()
        return db.session.get(Device, self.cast.phone.id)


@pytest.fixture
def changed(phone):
    """(phone, first token, second token): a day passed, and the second was given out just now."""
    phone.later(days=1)
    second = phone.contact(phone.first)
    assert second != phone.first
    return phone, phone.first, second


def test_a_token_stays_for_a_day(phone):
    phone.later(hours=23)
    assert phone.contact(phone.first) == phone.first


def test_the_first_stays_good_until_the_second_was_used(changed):
    phone, first, second = changed
    phone.later(days=3)
    third = phone.contact(first)
    assert third not in (first, second), "a later answer is a later token of the same generation"
    assert phone.ask(first, "/device")[0] == 200
    assert phone.contact(third) == third


def test_a_flat_battery_within_two_minutes_signs_nobody_out(changed):
    phone, first, second = changed
    phone.later(seconds=119)
    assert phone.contact(second) == second
    phone.later(hours=5)
    assert phone.ask(first)[0] == 200, "its cookie was not on disk yet"
    assert phone.device().generation == 0


def test_an_answer_given_again_late_has_two_minutes_of_its_own(changed):
    phone, first, _ = changed
    phone.later(hours=2)
    again = phone.contact(first)  # the answer before was lost
    phone.later(seconds=30)
    phone.contact(again)
    phone.later(hours=1)
    assert phone.ask(first)[0] == 200


@pytest.mark.parametrize("order", sorted(set(permutations("aabb"))), ids="".join)
def test_two_tabs_in_any_order_look_like_no_thief(changed, order):
    """Both had sent with the first token; each takes up whatever the jar holds after its own answer."""
    phone, first, second = changed
    jar = {"a": first, "b": first}
    for tab in order:
        jar[tab] = phone.contact(jar[tab])
        phone.later(minutes=3)
    assert second != first
    assert phone.contact(jar["a"])
    assert phone.device().copied_at is None


def test_what_was_on_its_way_with_the_first_token_is_answered_for_ten_minutes(changed):
    phone, first, second = changed
    phone.later(minutes=2)
    phone.contact(second)
    assert phone.device().generation == 1
    phone.later(minutes=9)
    assert phone.ask(first)[0] == 200
    assert phone.contact(first) == first, "and nothing new is given for it"


def test_one_that_is_out_of_use_ends_the_phone_for_both_and_wipes_nothing(changed):
    phone, first, second = changed
    phone.later(minutes=2)
    phone.contact(second)
    phone.later(minutes=11)
    for token in (first, second, first):
        assert phone.ask(token)[:2] == (401, "device-copied")
    device = phone.device()
    assert (device.copied_at, device.ended_at, device.revoked_at) == (phone.time.now, phone.time.now, None)
    copied = select(AuditEvent.detail).where(AuditEvent.verb == "device.copied")
    assert db.session.scalars(copied).all() == [{"generation": 0, "newest": 1}]
    page = Browser(phone.app).sign_in(phone.cast.ben).fetch(f"/staff/clients/{phone.cast.anna.id}").text
    assert "its sign-in was used on two phones" in page


def test_whoever_comes_second_is_told_the_thief_too(changed):
    """The thief took the first token and had it changed: the phone itself then comes with one that is out of use."""
    phone, first, stolen = changed
    phone.later(days=2)
    newest = phone.contact(phone.contact(stolen))
    phone.later(days=2)
    assert phone.contact(newest)
    phone.later(days=30)
    assert phone.ask(first, "/sync/pull")[:2] == (401, "device-copied")
    assert phone.ask(newest)[:2] == (401, "device-copied")


def test_one_of_many_days_ago_is_known_too(changed):
    phone, first, token = changed
    for _ in range(5):
        phone.later(days=1)
        token = phone.contact(phone.contact(token))
    assert phone.device().generation >= 4
    assert phone.ask(first)[:2] == (401, "device-copied")


def test_a_clock_that_ran_ahead_and_was_put_right_stops_no_change(phone):
    phone.later(days=300)
    ahead = phone.contact(phone.first)
    phone.later(days=-298)
    assert phone.contact(ahead) == ahead
    assert phone.device().generation == 1, "it counts as used"
    third = phone.contact(ahead)
    assert third != ahead, "it is due"
    phone.later(minutes=3)
    assert phone.contact(third) == third
    assert phone.device().generation == 2
    assert phone.ask(phone.first)[:2] == (401, "device-copied")


def test_the_clocks_of_two_servers_a_second_apart_change_nothing_early(changed):
    phone, _, second = changed
    phone.later(seconds=-1)
    assert phone.contact(second) == second
    assert phone.device().generation == 0


def test_after_a_restore_a_token_given_out_since_the_copy_is_good(phone):
    device = phone.device()
    ahead = token_of(device, 7, phone.time.now)
    phone.later(hours=1)
    assert phone.ask(phone.first)[0] == 200
    assert phone.contact(ahead) == ahead
    assert phone.device().generation == 7


def test_a_token_is_told_from_a_made_up_one(phone):
    good = token_of(phone.device(), 1, phone.time.now)
    name, _, issued, mac = good.split(".")
    assert phone.ask(good)[0] == 200
    made_up = (
        f"{name}.2.{issued}.{mac}", f"{name}.1.{int(issued) + 1}.{mac}", f"{'0' * 32}.1.{issued}.{mac}",
        f"{name}.1.{issued}.é", f"{name}.-1.{issued}.{mac}", f"{'x' * 32}.1.{issued}.{mac}", "...", f"{good}.1",
    )  # fmt: skip
    for token in made_up:
        assert phone.ask(token)[:2] == (401, "not-signed-in"), token
    assert phone.device().copied_at is None


def test_a_phone_that_was_copied_hears_of_its_end_by_whichever_token_it_holds_and_of_none_before(changed):
    """It is signed out, and asks whose phone it is all the same: only the word of an end clears it."""
    phone, first, second = changed
    phone.later(minutes=2)
    phone.contact(second)
    phone.later(minutes=11)
    phone.ask(first)
    assert [phone.ask(token, "/device")[:2] for token in (first, second)] == [(401, "device-copied")] * 2
    with atomic():
        people.revoke_device(device=phone.device(), by=phone.cast.ben, now=phone.time.now)
    phone.later(days=30)
    for token in (first, second):
        assert phone.ask(token)[:2] == (401, "device-revoked")
        assert phone.named(token) == str(phone.device().id)


def test_no_made_up_token_hears_of_the_end_of_a_phone(phone):
    device = phone.device()
    with atomic():
        people.revoke_device(device=phone.device(), by=phone.cast.ben, now=phone.time.now)
    assert phone.ask(phone.first, "/device")[:2] == (401, "device-revoked")
    for made_up in ("", str(device.id), device.id.hex, f"{device.id.hex}.0.0.{'0' * 64}", device.token_hash):
        assert phone.ask(made_up, "/device")[:2] == (401, "not-signed-in"), made_up


def test_what_it_holds_comes_with_a_new_code(changed):
    phone, first, second = changed
    agreed = phone.cast.agree()
    phone.later(minutes=2)
    phone.contact(second)
    phone.later(minutes=11)
    phone.ask(first)
    device = phone.cast.pair(phone.time.now)
    web = phone.app.test_client()
    web.set_cookie("phone", phone.cast.token)
    batch = {"protocol": 1, "batch_id": new_uuid(), "device_id": str(device.id), "epoch": epoch_id()}
    answer = web.post("/api/v1/sync/push", json={**batch, "revisions": [phone.cast.entry(agreed.id)]}, headers=HEADERS)
    assert [one["status"] for one in answer.json["results"]] == ["stored"]
