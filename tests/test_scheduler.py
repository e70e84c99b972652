"""The timetable: it really looks, survives what breaks, and never runs a look twice at once."""

import threading
import time
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from server import clock, jobs, scheduler
from server.audit.models import AuditEvent
from server.extensions import atomic, db
from server.reminders import actions as reminders
from server.reminders.models import Delivery
from server.sealing import push_public_key, ring
from tests.fakes import PhoneKeys, PushService


def wait_for(true, seconds=15):
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


def test_a_due_reminder_goes_out_by_itself(app, cast):
    with PushService(public_key=push_public_key(ring())) as push:
        config = app.config["MEANTIME"]
        app.config["MEANTIME"] = replace(config, push_hosts=(*config.push_hosts, push.host), tick_seconds=1)
        now, keys = clock.now(), PhoneKeys()
        cast.pair(now)
        cast.ask_safely()
        cast.agree(rhythm={"kind": "daily", "times": 1}, now=now)
        at = now.astimezone(ZoneInfo(cast.anna.zone))
        wish = {"on": True, "at": f"{at:%H:%M}", "weekdays": [0, 1, 2, 3, 4, 5, 6], "level": 1}
        with atomic():
            reminders.subscribe(
                client=cast.anna, device=cast.phone, endpoint=push.endpoint(), p256dh=keys.p256dh, auth=keys.auth,
                hosts=app.config["MEANTIME"].push_hosts, now=now,
            )  # fmt: skip
            # Planned as if the minute had not begun, so that it is due now.
            reminders.set_rule(client=cast.anna, payload=wish, now=now - timedelta(minutes=1))
        running = scheduler.start(app)
        try:
            wait_for(lambda: push.taken)
            wait_for(lambda: scheduler.alive(app.config["MEANTIME"], clock.now()))
        finally:
            running.shutdown()
        assert len(push.taken) == 1
    db.session.rollback()
    assert db.session.scalars(select(AuditEvent).where(AuditEvent.hash.is_(None))).all() == []
    states = db.session.scalars(select(Delivery.state).order_by(Delivery.due_at)).all()
    assert states[0] == "accepted" and set(states[1:]) == {"planned"}


def test_a_step_that_breaks_stops_no_other_and_no_heart_beats(app, caplog):
    taken, config = [], app.config["MEANTIME"]

    def broken(now):
        raise RuntimeError("planted")

    scheduler.look(app, "tick", (broken, taken.append))
    assert len(taken) == 1 and "broke" in caplog.text
    assert not scheduler.alive(config, clock.now())
    scheduler.look(app, "tick", (taken.append,))
    assert scheduler.alive(config, clock.now())
    assert not scheduler.alive(config, clock.now() + timedelta(minutes=5))


def test_a_long_look_is_not_doubled(app, monkeypatch):
    app.config["MEANTIME"] = replace(app.config["MEANTIME"], tick_seconds=1)
    at_once, most, gate = [], [], threading.Event()

    def slow(now):
        at_once.append(1)
        most.append(len(at_once))
        gate.wait(2.5)
        at_once.pop()

    monkeypatch.setattr(scheduler, "TICK", (slow,))
    running = scheduler.start(app)
    try:
        wait_for(lambda: len(most) >= 2)
    finally:
        gate.set()
        running.shutdown()
    assert max(most) == 1


def test_hourly_and_nightly_steps_run_on_a_lived_in_database(app, cast):
    cast.agree(rhythm={"kind": "daily", "times": 1})
    later = clock.now() + timedelta(days=14)
    for step in (*scheduler.HOURLY, *scheduler.NIGHTLY):
        step(later)
    assert jobs.lay_out_ahead(later) == 0
