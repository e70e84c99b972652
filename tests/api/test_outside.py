"""What needs no sign-in: ending emails, a private calendar, delivery receipts. Each opens with its own secret only."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from server import clock
from server.caseload import actions as caseload
from server.endings import actions as endings
from server.errors import Refused
from server.extensions import atomic, db
from server.reminders import actions, calendar_feed, letters, preview, stopping, ways
from server.reminders.models import CalendarFeed, Delivery, DeliveryEvent
from server.reminders.wording import telling
from server.research.rows import state_after
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
    wish(cast.anna)
    with atomic():
        say(cast, ["sms", "email", "push"])
    return cast.anna


def wish(anna, **more):
    with atomic():
        said = {"on": True, "at": "13:30", "weekdays": EVERY_DAY, "level": 1, **more}
        actions.set_rule(client=anna, payload=said, now=clock.now())


def say(cast, order, email="anna@example.org"):
    ways.change(client=cast.anna, order=order, email=email, mobile="07700 900123", by=cast.anna, now=clock.now())
    actions.use_ways(client=cast.anna, by=cast.anna, now=clock.now())


def text():
    db.session.expire_all()
    return db.session.query(Delivery).filter_by(channel="sms").order_by(Delivery.due_at).first()


def receipt(web, status, token=TOKEN, reference=None):
    body = {"reference": reference or str(text().id), "status": status, "id": "x", "notification_type": "sms"}
    return web.post("/api/receipts/sms", json=body, headers={"Authorization": f"Bearer {token}"}).status_code


@pytest.fixture
def mailed(anna, cast):
    """A mail to Anna that is about to go out; in it is the link."""
    with atomic():
        say(cast, ["email", "push"])
    return db.session.query(Delivery).filter_by(channel="email", state="planned").order_by(Delivery.due_at).first()


def link(row, address="anna@example.org"):
    return f"/api/stop/{stopping.token_of(row.id, address)}"


def test_the_link_of_a_mail_ends_the_emails_by_one_click_and_needs_no_sign_in(web, anna, mailed):
    [safe] = ways.ways_of([anna.id]).values()
    mail = letters.letter(mailed, None, safe, "https://m.example.org", again=False)
    assert mail.stop == f"https://m.example.org{link(mailed)}" and anna.id.hex not in mail.stop + mail.text
    for _ in range(2):
        said = web.post(link(mailed), data={"List-Unsubscribe": "One-Click"})
        assert said.status_code == 200 and "no more of these emails" in said.text
    assert ways.said_of(anna)[0] == ["push"]
    assert "default-src 'none'" in said.headers["Content-Security-Policy"]


def test_who_only_follows_the_link_ends_nothing(web, anna, mailed):
    for look in (web.get, web.head, web.get):  # a mail program, or somebody's scanner of mail
        assert look(link(mailed)).status_code == 200
    shown = web.get(link(mailed)).text
    assert "Stop these emails" in shown and telling(shown) is None
    assert "email" in ways.said_of(anna)[0]


def test_nobody_makes_a_link_and_one_of_another_address_or_an_old_mail_ends_nothing(web, anna, mailed, cast):
    good = link(mailed)
    other = db.session.query(Delivery).filter(Delivery.channel == "email", Delivery.id != mailed.id).first()
    forged = link(other)[:-22] + good[-22:]
    for wrong in (good[:-1], f"{good}A", forged, link(text() or other, "x@example.org"), "/api/stop/é", "/api/stop/"):
        assert web.post(wrong).status_code == 404
    with atomic():
        say(cast, ["email"], email="new@example.org")
    assert web.post(good).status_code == 404  # whoever reads the old address has no say over the new one
    with atomic():
        say(cast, ["email"])
        mailed.due_at -= timedelta(days=182)
    assert web.post(good).status_code == 404
    assert ways.said_of(anna)[0] == ["email"] and web.post(link(other)).status_code == 200


def test_after_the_stop_nothing_is_planned_by_email(web, anna, mailed):
    web.post(link(mailed))
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
    events = select(DeliveryEvent.what).where(DeliveryEvent.delivery_id == text().id).order_by(DeliveryEvent.id)
    assert state_after(list(db.session.scalars(events))) == state  # what a bundle says of it


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


@pytest.fixture
def calendar(web, anna):
    """Anna's private calendar, as a calendar program asks for it."""
    with atomic():
        secret = calendar_feed.start(client=anna, by=anna, now=clock.now())
    return lambda: web.get(f"/api/calendar/{secret}.ics")


def days_in(answer):
    return re.findall(r"DTSTART:(\d{8})T", answer.text)


def test_a_calendar_says_no_more_than_a_reminder(calendar, anna):
    answer = calendar()
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    body = answer.get_data(as_text=True)
    assert body.count("SUMMARY:You have a reminder\r\n") == body.count("BEGIN:VEVENT") > 0
    assert telling(body) is None and anna.preferred_name not in body and str(anna.id) not in body
    assert all(len(line.encode()) <= 75 for line in body.split("\r\n")) and "\n" not in body.replace("\r\n", "")
    assert answer.headers["Cache-Control"] == "no-store"


def test_at_the_level_of_nothing_a_calendar_says_nothing(calendar, anna):
    wish(anna, level=0)
    body = calendar().text
    assert body.count("SUMMARY:Meantime\r\n") == body.count("BEGIN:VEVENT") > 0 and "reminder" not in body.lower()


def test_a_calendar_holds_what_will_come_and_no_day_of_a_pause(calendar, anna):
    silent = [one.due.due_at for one in preview.next_of(anna, clock.now(), 100)]
    assert days_in(calendar()) == [f"{at:%Y%m%d}" for at in silent if at < clock.now() + timedelta(days=28)]
    wish(anna, steady=True)
    assert len(days_in(calendar())) in (27, 28)
    first, last = [(clock.now() + timedelta(days=n)).date() for n in (3, 20)]
    wish(anna, steady=True, pause={"from": first.isoformat(), "until": last.isoformat()})
    left = days_in(calendar())
    assert len(left) in (9, 10) and not [day for day in left if f"{first:%Y%m%d}" <= day <= f"{last:%Y%m%d}"]


def test_after_the_course_the_calendar_is_gone_and_another_course_has_none(calendar, anna, cast):
    assert "VEVENT" in calendar().text
    cast.end(clock.now())
    assert (calendar().status_code, "VEVENT" in calendar().text) == (410, False)
    with pytest.raises(Refused, match="has ended"), atomic():
        calendar_feed.start(client=anna, by=anna, now=clock.now())
    with atomic():
        endings.start_again(client=anna, practitioner=cast.ben, problem=None, by=cast.ben, now=clock.now())
    assert calendar().status_code == 410 and calendar_feed.feed_of(anna) is None


def test_a_course_that_was_closed_without_an_ending_leaves_no_calendar_either(calendar, anna, cast):
    with atomic():
        caseload.discharge(episode=cast.episode, reason="completed", by=cast.ben, now=clock.now())
    assert calendar().status_code == 410
    with atomic():
        endings.start_again(client=anna, practitioner=cast.ben, problem=None, by=cast.ben, now=clock.now())
    assert calendar().status_code == 410


def test_only_a_hash_of_the_address_is_kept_and_a_new_one_ends_the_old(web, anna):
    with atomic():
        old = calendar_feed.start(client=anna, by=anna, now=NOW)
    with atomic():
        new = calendar_feed.start(client=anna, by=anna, now=NOW)
    rows = db.session.query(CalendarFeed).all()
    assert all(secret not in row.secret_hash for row in rows for secret in (old, new))
    assert [web.get(f"/api/calendar/{one}.ics").status_code for one in (old, new, "never")] == [410, 200, 404]
    with atomic():
        assert calendar_feed.end(client=anna, by=anna, now=NOW)
    assert web.get(f"/api/calendar/{new}.ics").status_code == 410


def test_a_calendar_is_empty_once_the_reminders_ended_or_safe_contact_is_not_known(calendar, anna, cast):
    cast.ask_safely(asked_alone=False)
    assert "VEVENT" not in calendar().text
    cast.ask_safely()
    assert "VEVENT" in calendar().text
    with atomic():
        actions.cancel_for(client_id=anna.id, why="discharged", now=clock.now() + timedelta(seconds=1))
    assert "VEVENT" not in calendar().text
