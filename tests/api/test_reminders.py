"""The phone's routes for reminders, with a strict push service on this machine."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from server import clock, jobs
from server.api import reminders as api_reminders
from server.audit.models import AuditEvent
from server.extensions import atomic, db
from server.people import actions as people
from server.people import pairing
from server.reminders import ledger, preview
from server.reminders.actions import set_rule
from server.reminders.models import Delivery, DeliveryEvent, ReminderRule
from server.reminders.queries import proof_of
from server.reminders.rules import Hours, is_quiet, moments
from server.sealing import push_public_key, ring
from tests.fakes import PhoneKeys, PushService

HEADERS = {"X-Sync-Protocol": "1"}
EVERY_DAY = [0, 1, 2, 3, 4, 5, 6]
QUIET = json.loads((Path(__file__).parents[1] / "vectors/quiet-hours.json").read_text())  # the phone reads it too


class Phone:
    """Anna's phone, with keys of its own and a push service."""

    def __init__(self, app, cast, token, service):
        self.web, self.cast, self.service, self.keys = app.test_client(), cast, service, PhoneKeys()
        self.web.set_cookie("phone", token)

    def ask(self, method, path, body=None):
        return self.web.open(f"/api/v1/{path}", method=method, json=body, headers=HEADERS)

    def app_of_nobody(self):
        return self.web.application.test_client()

    def subscribe(self, endpoint=None):
        keys = {"p256dh": self.keys.p256dh, "auth": self.keys.auth}
        return self.ask("PUT", "push-subscription", {"endpoint": endpoint or self.service.endpoint(), "keys": keys})


@pytest.fixture
def service(app):
    with PushService(public_key=push_public_key(ring())) as running:
        config = app.config["MEANTIME"]
        app.config["MEANTIME"] = replace(config, push_hosts=(*config.push_hosts, running.host))
        yield running


@pytest.fixture
def phone(app, cast, service):
    cast.pair()
    cast.ask_safely()
    return Phone(app, cast, cast.token, service)


@pytest.fixture
def reminded(phone):
    """A reminder that is due now, and its code."""
    now = clock.now()
    phone.cast.agree(rhythm={"kind": "daily", "times": 1}, now=now)
    due = now.astimezone(clock_zone(phone.cast.anna)) + timedelta(minutes=2)
    wish = {"on": True, "at": f"{due:%H:%M}", "weekdays": EVERY_DAY, "level": 1}
    with atomic():
        set_rule(client=phone.cast.anna, payload=wish, now=now)
    return db.session.scalars(select(Delivery).order_by(Delivery.due_at).limit(1)).one()


def clock_zone(client):

    return ZoneInfo(client.zone)


def test_the_phone_gets_the_key_it_subscribes_with(phone):
    assert phone.ask("GET", "push-key").json == {"public_key": push_public_key(ring())}


def test_an_address_is_kept_and_a_reminder_comes_to_it(phone, reminded):
    assert not phone.ask("GET", "device").json["reaching"]
    assert phone.subscribe().json == {"reaching": True}
    assert phone.ask("GET", "device").json["reaching"]
    assert jobs.send_due_reminders(reminded.due_at) == {"sent": 1}
    [taken] = phone.service.taken
    shown = phone.keys.open(taken.body)["notification"]
    answer = phone.ask("GET", f"reminders/{shown['tag']}")
    assert answer.json == {
        "assignment_id": str(reminded.assignment_id), "slot": reminded.occurrence_slot,
    }  # fmt: skip


def test_the_code_is_in_the_pull_for_a_click_without_a_network(phone, reminded):
    changes = phone.ask("GET", "sync/pull").json["changes"]
    bodies = {change["id"]: change["body"] for change in changes if change["kind"] == "delivery"}
    assert bodies[reminded.code]["assignment_id"] == str(reminded.assignment_id)
    assert bodies[reminded.code]["slot"] == reminded.occurrence_slot


def test_saying_it_on_the_phone_sets_the_rule(phone):
    phone.cast.agree(rhythm={"kind": "daily", "times": 1}, now=clock.now())
    wish = {"name": "reminder", "on": True, "at": "13:30", "weekdays": EVERY_DAY, "level": 2}
    revision = phone.cast.revision({"kind": "setting"}, wish)
    body = {
        "protocol": 1, "batch_id": revision["revision_id"], "device_id": str(phone.cast.phone.id),
        "epoch": phone.ask("GET", "device").json["epoch"], "revisions": [revision],
    }  # fmt: skip
    assert phone.ask("POST", "sync/push", body).json["results"][0]["status"] == "stored"
    assert len(db.session.scalars(select(Delivery)).all()) == 2


@pytest.mark.parametrize(
    "endpoint",
    ["http://fcm.googleapis.com/x", "https://example.org/x", "http://169.254.169.254/x", "https://127.0.0.1/x", "x"],
)
def test_an_address_that_is_no_push_service_is_refused(phone, endpoint):
    answer = phone.subscribe(endpoint)
    assert (answer.status_code, answer.json["code"]) == (422, "push-host-unknown")
    assert not phone.ask("GET", "device").json["reaching"]


def test_keys_that_cannot_be_used_are_refused(phone):
    body = {"endpoint": phone.service.endpoint(), "keys": {"p256dh": "AAAA", "auth": "AAAA"}}
    assert phone.ask("PUT", "push-subscription", body).json["code"] == "bad-input"
    body = {"endpoint": phone.service.endpoint(), "keys": {"p256dh": phone.keys.p256dh}}
    assert phone.ask("PUT", "push-subscription", body).status_code == 422


def test_switched_off_means_nothing_comes(phone, reminded):
    phone.subscribe()
    assert phone.ask("DELETE", "push-subscription").status_code == 204
    assert not phone.ask("GET", "device").json["reaching"]
    jobs.send_due_reminders(reminded.due_at)
    assert phone.service.taken == []


def test_a_phone_that_lost_its_permission_says_so_and_comes_back_by_subscribing(phone, reminded):
    phone.subscribe()
    for _ in range(2):
        assert phone.ask("POST", "push-subscription/lost", {"why": "permission-lost"}).status_code == 204
    assert not phone.ask("GET", "device").json["reaching"]
    assert ledger.why_lost(phone.cast.anna.id) == "permission-lost"
    told = select(AuditEvent).where(AuditEvent.verb == "reminder.lost")
    assert len(db.session.scalars(told).all()) == 1
    phone.subscribe()
    assert phone.ask("GET", "device").json["reaching"]
    assert phone.ask("POST", "push-subscription/lost", {"why": "I hate it"}).status_code == 422


def test_the_phone_is_told_what_became_of_each_reminder_in_codes_alone(phone, reminded):
    jobs.send_due_reminders(reminded.due_at)
    [line] = [one for one in phone.ask("GET", "reminders/sent").json["reminders"] if one["became"] != "coming"]
    assert set(line) == {"date", "at", "channel", "became", "why"}
    # Sent in a pretended future: the rows say that it failed, whatever this machine's clock says.
    assert (line["channel"], line["became"], line["why"]) == ("push", "failed", "no-phone")
    assert phone.app_of_nobody().get("/api/v1/reminders/sent").status_code == 401


def test_the_phone_is_told_the_next_ones_that_staff_see(phone, reminded):
    seen = preview.next_of(phone.cast.anna, clock.now())
    told = phone.ask("GET", "reminders/next").json["reminders"]
    assert told == [
        {"date": one.due.local_date.isoformat(), "at": one.due.slot, "channel": "push", "kind": "own"} for one in seen
    ]
    assert told
    assert phone.app_of_nobody().get("/api/v1/reminders/next").status_code == 401


def test_a_test_really_sends_and_says_what_came_of_it(phone):
    assert phone.ask("POST", "push-test", {}).json["state"] == "no-subscription"
    phone.subscribe()
    answer = phone.ask("POST", "push-test", {})
    assert (answer.status_code, answer.json["state"]) == (202, "accepted")
    [taken] = phone.service.taken
    assert phone.keys.open(taken.body)["notification"]["body"] == "You have a reminder"
    phone.service.answers["/phone"] = [400, 410]
    assert phone.ask("POST", "push-test", {}).json["state"] == "failed"
    assert phone.ask("POST", "push-test", {}).json["state"] == "no-subscription"
    assert not phone.ask("GET", "device").json["reaching"]


def test_tests_are_limited(phone):
    answers = [phone.ask("POST", "push-test", {}).status_code for _ in range(11)]
    assert answers == [202] * 10 + [429]


def test_opened_is_written_down_once(phone, reminded):
    for _ in range(2):
        assert phone.ask("POST", "reminders/opened", {"code": reminded.code}).status_code == 204
    db.session.expire_all()
    assert reminded.opened_at is not None


def test_somebody_elses_code_is_as_unknown_as_none(app, phone, reminded):
    cast, now = phone.cast, clock.now()
    with atomic():
        other = people.add_client(service=cast.service, preferred_name="Cleo", by=cast.cara, now=now)
        _, code = pairing.invite(client=other, by=cast.cara, now=now)
        paired = pairing.pair(code=code, details={"platform": "android"}, now=now)
    theirs = Phone(app, cast, paired.token, phone.service)
    for code in (reminded.code, "A" * 22):
        assert theirs.ask("GET", f"reminders/{code}").json == {
            "code": "not-found", "message": "This is not here.", "fields": {},
        }  # fmt: skip
        assert theirs.ask("POST", "reminders/opened", {"code": code}).status_code == 404
    db.session.expire_all()
    assert reminded.opened_at is None


@pytest.mark.parametrize("case", QUIET, ids=lambda case: case["name"])
def test_the_server_keeps_the_quiet_hours_the_phone_warns_of(case):
    hours = Hours.of(at=case["at"], weekdays=EVERY_DAY, zone="Europe/London", quiet=case["quiet"])
    at = datetime.fromisoformat(f"2026-11-18T{case['at']}:00+00:00")
    assert is_quiet(hours, at) is case["expect"]
    assert bool(moments(hours, at, at + timedelta(minutes=1))) is not case["expect"]


def test_without_a_phone_nothing_is_told(app, reminded):
    web = app.test_client()
    for method, path in (("GET", "push-key"), ("GET", f"reminders/{reminded.code}"), ("POST", "push-test")):
        answer = web.open(f"/api/v1/{path}", method=method, json={} if method == "POST" else None, headers=HEADERS)
        assert (answer.status_code, answer.json["code"]) == (401, "not-signed-in")


def told(phone, code, proof, what="shown"):
    """What the worker says: another browser's, without a cookie."""
    return phone.web.application.test_client().post(
        "/api/v1/reminders/told", json={"code": code, "proof": proof, "what": what}, headers=HEADERS
    )


def test_the_worker_says_signed_out_that_it_showed_a_reminder_and_once_is_enough(phone, reminded):
    phone.subscribe()
    jobs.send_due_reminders(reminded.due_at)
    shown = phone.keys.open(phone.service.taken[0].body)["notification"]
    for what in ("shown", "shown", "opened", "opened"):
        assert told(phone, shown["tag"], shown["data"]["proof"], what).status_code == 204
    events = select(DeliveryEvent.what).where(DeliveryEvent.delivery_id == reminded.id).order_by(DeliveryEvent.id)
    assert db.session.scalars(events).all() == ["planned", "claimed", "accepted", "shown", "opened"]
    db.session.refresh(reminded)
    assert reminded.state == "accepted" and reminded.shown_at and reminded.opened_at


def test_nobody_says_it_who_did_not_open_the_message(phone, reminded):
    its = proof_of(reminded.code, phone.cast.phone.id)
    others = proof_of("another", phone.cast.phone.id), proof_of(reminded.code, reminded.id)
    for proof in ("", "0" * 32, *others, its[:-1], its[::-1], its + "_"):
        assert told(phone, reminded.code, proof).status_code == 404
    assert told(phone, "another", others[0]).status_code == 404
    assert told(phone, reminded.code, its, "seen").status_code == 422
    db.session.refresh(reminded)
    assert reminded.shown_at is None


@pytest.mark.parametrize("odd", ["\ud800", "\x00", "ü", "a\n", "a b"])
def test_what_is_no_code_at_all_is_refused_before_any_look(phone, reminded, odd):
    its = proof_of(reminded.code, phone.cast.phone.id)
    assert told(phone, odd, its).status_code == told(phone, reminded.code, odd).status_code == 422
    assert phone.ask("POST", "reminders/opened", {"code": odd}).status_code == 422


@pytest.mark.parametrize("odd", ["\ud800", "\x00"])
def test_nobody_brings_down_pairing_by_what_is_no_text(app, odd):
    for body in ({"code": odd}, {"code": "a", "zone": odd, "language": odd, "app_version": odd}):
        answer = app.test_client().post("/api/v1/pair", json=body, headers=HEADERS)
        assert answer.status_code in (404, 422)


@pytest.fixture
def on_the_screen(phone, reminded):
    """What came to Anna's phone, as its worker has it."""
    phone.subscribe()
    jobs.send_due_reminders(reminded.due_at)
    return phone.keys.open(phone.service.taken[0].body)["notification"]


def laters():
    rows = select(Delivery).join(ReminderRule, ReminderRule.id == Delivery.rule_id).where(ReminderRule.kind == "later")
    db.session.expire_all()
    return list(db.session.scalars(rows))


def later(phone, shown):
    answer = told(phone, shown["tag"], shown["data"]["proof"], "later")
    return 204 if answer.status_code == 204 else (answer.status_code, answer.json["code"], bool(answer.json["message"]))


def test_later_on_a_notification_is_once_more_in_an_hour_however_often_it_is_pressed(phone, on_the_screen):
    assert on_the_screen["data"]["later"] == "Later"
    assert told(phone, on_the_screen["tag"], "0" * 32, "later").status_code == 404
    assert [later(phone, on_the_screen) for _ in range(3)] == [204] * 3
    [again] = laters()
    assert timedelta(minutes=59) < again.due_at - clock.now() <= timedelta(minutes=62)
    told_of = select(DeliveryEvent.what).where(DeliveryEvent.what == "put-off")
    assert len(db.session.scalars(told_of).all()) == 1


def test_later_never_leads_into_quiet_hours_and_the_worker_opens_the_app_instead(phone, reminded, on_the_screen):
    rule = db.session.get(ReminderRule, reminded.rule_id)
    with atomic():
        local = clock.now().astimezone(clock_zone(phone.cast.anna))
        rule.quiet = {"from": f"{local:%H:%M}", "until": f"{local - timedelta(minutes=1):%H:%M}"}
    assert later(phone, on_the_screen) == (409, "reminder-over", True)
    assert told(phone, on_the_screen["tag"], on_the_screen["data"]["proof"], "opened").status_code == 204


def test_a_phone_that_was_removed_asks_for_nothing_and_tells_nothing_any_more(phone, reminded, on_the_screen):
    with atomic():
        people.revoke_device(device=phone.cast.phone, by=phone.cast.ben, now=clock.now())
    assert later(phone, on_the_screen) == (401, "device-revoked", True)
    assert told(phone, reminded.code, on_the_screen["data"]["proof"], "opened").status_code == 401
    db.session.refresh(reminded)
    assert laters() == [] and reminded.opened_at is None


def test_a_phone_that_its_owner_disconnected_asks_for_nothing_any_more(phone, on_the_screen):
    with atomic():
        people.end_device(device=phone.cast.phone, unsent=0, by=phone.cast.phone, now=clock.now())
    assert later(phone, on_the_screen) == (401, "not-signed-in", True)
    assert laters() == []


def test_after_the_course_there_is_no_later(phone, on_the_screen):
    assert later(phone, on_the_screen) == 204
    phone.cast.end(clock.now())
    assert later(phone, on_the_screen) == (409, "client-closed", True)
    assert [row.state for row in laters()] == ["cancelled"]


def test_a_notification_of_an_earlier_day_is_put_off_no_more(phone, reminded, on_the_screen):
    with atomic():
        reminded.due_at -= timedelta(hours=25)
    assert later(phone, on_the_screen) == (409, "reminder-over", True)
    assert laters() == []


def test_so_much_an_hour_and_no_more(phone, on_the_screen, monkeypatch):
    monkeypatch.setattr(api_reminders, "TOLD_AN_HOUR", 2)
    assert [later(phone, on_the_screen) for _ in range(2)] == [204, 204]
    assert later(phone, on_the_screen) == (429, "too-many-tries", True)


@pytest.mark.parametrize(
    "payload",
    [{"name": "remind_later", "date": "soon", "at": "13:30"}, {"name": "remind_later"}, {"name": "zone", "value": "x"},
     {"name": "appointment_reminder", "on": "yes", "at": 3}, {"name": "reminder", "on": True, "pause": 5}],
)  # fmt: skip
def test_a_setting_that_makes_no_sense_is_kept_and_changes_nothing(phone, payload):
    revision = phone.cast.revision({"kind": "setting"}, payload)
    body = {
        "protocol": 1, "batch_id": revision["revision_id"], "device_id": str(phone.cast.phone.id),
        "epoch": phone.ask("GET", "device").json["epoch"], "revisions": [revision],
    }  # fmt: skip
    assert phone.ask("POST", "sync/push", body).json["results"][0]["status"] == "stored"
    assert db.session.scalars(select(ReminderRule)).all() == []
    assert phone.cast.anna.zone == "Europe/London"
