"""What needs no sign-in: ending emails, a private calendar, delivery receipts. Each opens with its own secret only."""

from dataclasses import replace
from datetime import timedelta

import pytest

from server import clock
from server.extensions import atomic, db
from server.reminders import actions, calendar_feed, ways
from server.reminders.models import CalendarFeed, Delivery
from server.reminders.wording import telling
from tests.cast import NOW

EVERY_DAY = [0, 1, 2, 3, 4, 5, 6]
SET_UP = {"smtp_url": "smtp://localhost", "mail_from": "m@example.org", "notify_key": "k", "notify_template": "t"}
SET_UP |= {"sms_sender": "Meantime"}
TOKEN = "a long token of the operator's"


@pytest.fixture
def web(app):
    app.config["MEANTIME"] = replace(app.config["MEANTIME"], notify_token=TOKEN, **SET_UP)
    return app.test_client()


@pytest.fixture
def anna(cast, web):
    """Anna, reminded daily at 13:30 by text and then by email."""
    cast.ask_safely(channels=["email", "text"])
    cast.agree(rhythm={"kind": "daily", "times": 1}, now=clock.now())
    with atomic():
        wish = {"on": True, "at": "13:30", "weekdays": EVERY_DAY, "level": 1}
        actions.set_rule(client=cast.anna, payload=wish, now=clock.now())
        say(cast, ["sms", "email", "push"])
    return cast.anna


def say(cast, order):
    ways.change(
        client=cast.anna, order=order, email="anna@example.org", mobile="07700 900123", by=cast.anna, now=clock.now()
    )
    actions.use_ways(client=cast.anna, by=cast.anna, now=clock.now())


def text():
    db.session.expire_all()
    return db.session.query(Delivery).filter_by(channel="sms").order_by(Delivery.due_at).first()


def receipt(web, status, token=TOKEN, reference=None):
    body = {"reference": reference or str(text().id), "status": status, "id": "x", "notification_type": "sms"}
    return web.post("/api/receipts/sms", json=body, headers={"Authorization": f"Bearer {token}"}).status_code


def test_one_click_ends_the_emails_and_needs_no_sign_in(web, anna):
    place = f"/api/stop/{ways.stop_token(anna.id)}"
    shown = web.get(place)
    assert shown.status_code == 200 and "Stop these emails" in shown.text and telling(shown.text) is None
    assert "email" in ways.said_of(anna)[0]  # a mail program that follows links ends nothing
    for _ in range(2):
        said = web.post(place, data={"List-Unsubscribe": "One-Click"})
        assert said.status_code == 200 and "no more of these emails" in said.text
    assert ways.said_of(anna)[0] == ["sms", "push"]
    assert "default-src 'none'" in said.headers["Content-Security-Policy"]


def test_a_wrong_link_ends_nothing(web, anna, cast):
    good = ways.stop_token(anna.id)
    assert web.post(f"/api/stop/{good[:-1]}x").status_code == 404
    assert web.get("/api/stop/").status_code == 404
    assert "email" in ways.said_of(anna)[0]


def test_after_the_stop_nothing_is_planned_by_email(web, anna, cast):
    with atomic():
        say(cast, ["email", "push"])
    web.post(f"/api/stop/{ways.stop_token(anna.id)}")
    db.session.expire_all()
    planned = {row.channel for row in db.session.query(Delivery).filter_by(state="planned")}
    assert planned == {"push"}


@pytest.mark.parametrize(
    ("told", "state", "why"),
    [
        (["delivered"], "accepted", None),
        (["delivered", "delivered"], "accepted", None),
        (["delivered", "temporary-failure"], "accepted", None),
        (["permanent-failure", "delivered"], "accepted", None),
        (["temporary-failure"], "failed", "undelivered"),
        (["temporary-failure", "temporary-failure", "delivered"], "accepted", None),
        (["permanent-failure"], "failed", "no-such-number"),
    ],
)
def test_r23_receipts_late_twice_or_out_of_order_come_to_the_same(web, anna, told, state, why):
    assert [receipt(web, one) for one in told] == [204] * len(told)
    assert (text().state, text().why) == (state, why)


def test_a_number_that_does_not_exist_is_no_way_any_more_and_the_next_is_planned(web, anna):
    row = text()
    receipt(web, "permanent-failure")
    assert ways.said_of(anna)[0] == ["email", "push"]
    same = db.session.query(Delivery).filter_by(rule_id=row.rule_id, local_date=row.local_date, slot=row.slot)
    assert {(one.channel, one.state) for one in same} == {("sms", "failed"), ("email", "planned")}


def test_nobody_else_can_tell_of_a_text(web, anna, app):
    assert receipt(web, "permanent-failure", token="guessed") == 403
    assert receipt(web, "permanent-failure", reference="00000000-0000-7000-8000-000000000000") == 204
    assert receipt(web, "unheard-of") == 204
    assert web.post("/api/receipts/sms", headers={"Authorization": f"Bearer {TOKEN}"}, data="{").status_code == 400
    assert text().state == "planned" and "sms" in ways.said_of(anna)[0]
    app.config["MEANTIME"] = replace(app.config["MEANTIME"], notify_token="")
    assert receipt(web, "permanent-failure", token="") == 403


def test_a_calendar_says_no_more_than_a_reminder(web, anna):
    with atomic():
        secret = calendar_feed.start(client=anna, by=anna, now=NOW)
    answer = web.get(f"/api/calendar/{secret}.ics")
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    body = answer.get_data(as_text=True)
    assert body.count("SUMMARY:You have a reminder\r\n") == body.count("BEGIN:VEVENT") in (27, 28)
    assert telling(body) is None and anna.preferred_name not in body and str(anna.id) not in body
    assert all(len(line.encode()) <= 75 for line in body.split("\r\n")) and "\n" not in body.replace("\r\n", "")
    assert answer.headers["Cache-Control"] == "no-store"


def test_only_a_hash_of_the_address_is_kept_and_a_new_one_ends_the_old(web, anna):
    with atomic():
        old = calendar_feed.start(client=anna, by=anna, now=NOW)
    with atomic():
        new = calendar_feed.start(client=anna, by=anna, now=NOW)
    rows = db.session.query(CalendarFeed).all()
    assert all(secret not in row.secret_hash for row in rows for secret in (old, new))
    assert [web.get(f"/api/calendar/{one}.ics").status_code for one in (old, new)] == [404, 200]
    with atomic():
        assert calendar_feed.end(client=anna, by=anna, now=NOW)
    assert web.get(f"/api/calendar/{new}.ics").status_code == 404


def test_a_calendar_is_empty_once_the_reminders_ended_or_safe_contact_is_not_known(web, anna, cast):
    with atomic():
        secret = calendar_feed.start(client=anna, by=anna, now=NOW)
    cast.ask_safely(asked_alone=False)
    assert "VEVENT" not in web.get(f"/api/calendar/{secret}.ics").text
    cast.ask_safely()
    assert "VEVENT" in web.get(f"/api/calendar/{secret}.ics").text
    with atomic():
        actions.cancel_for(client_id=anna.id, why="discharged", now=clock.now() + timedelta(seconds=1))
    assert "VEVENT" not in web.get(f"/api/calendar/{secret}.ics").text
