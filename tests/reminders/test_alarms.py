"""The signal that leaves the machine, and the lines of /metrics for whoever has the token."""

import threading
import time
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from sqlalchemy import select

from server import clock, jobs, lifeline, metrics, scheduler
from server.config import Config, ConfigError
from server.extensions import atomic, db
from server.reminders import alarms, claiming, sending, vitals
from server.reminders.models import Delivery
from server.reminders.senders import ALARM, BUG, LATER, Outcome
from tests.reminders.processes import until
from tests.reminders.ticking import DUE, Answering, first, tick

TOKEN = "long-enough-to-be-one"


class Monitor:
    """Somebody who listens elsewhere, and answers as told."""

    def __init__(self):
        self.asked, self.status, self.headers, self.drops = [], 200, {}, False
        self.held = threading.Event()
        self.held.set()

    def __enter__(self):
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                outer.asked.append(self.path)
                outer.held.wait(20)
                for drop in "HTTP/1.1 200 OK" if outer.drops else "":
                    self.wfile.write(drop.encode())
                    time.sleep(0.1)
                self.send_response(outer.status)
                for name, value in {"Content-Length": "0", **outer.headers}.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def address(self):
        return f"http://127.0.0.1:{self._server.server_address[1]}"


@pytest.fixture
def monitor():
    with Monitor() as one:
        yield one


@pytest.fixture
def listened(story, monitor):
    story.app.config["MEANTIME"] = replace(
        story.app.config["MEANTIME"], signal_url=f"{monitor.address}/ping/s3cret?a=1"
    )
    return story


def both_steps_went_well(moment):
    for step in vitals.WITHIN:
        jobs.went_well(step, moment)


def test_all_is_well_is_told_elsewhere_and_silence_is_the_alarm(listened, monitor):
    listened.set_rule()
    both_steps_went_well(DUE)
    assert jobs.say_alive(DUE)
    until(lambda: monitor.asked == ["/ping/s3cret?a=1"])
    until(lambda: not lifeline._asking.locked())
    assert not jobs.say_alive(DUE.replace(minute=40))  # due for ten minutes, and nobody took it
    assert monitor.asked == ["/ping/s3cret?a=1"]


def test_the_signal_needs_that_both_steps_went_well_of_late(listened):
    assert [one.cause for one in vitals.troubles(DUE)] == ["plan", "dispatch"]
    jobs.plan_reminders(DUE)
    assert [one.cause for one in vitals.troubles(DUE)] == ["dispatch"]
    jobs.send_due_reminders(DUE, Answering())
    assert vitals.troubles(DUE) == []
    assert [one.cause for one in vitals.troubles(DUE + timedelta(minutes=11))] == ["dispatch"]
    jobs.send_due_reminders(DUE + timedelta(hours=3), Answering())
    assert [one.cause for one in vitals.troubles(DUE + timedelta(hours=3))] == ["plan"]
    assert not jobs.say_alive(DUE + timedelta(hours=3))


def test_a_dispatch_that_breaks_does_not_count_as_one_that_went_well(listened, monkeypatch):
    both_steps_went_well(DUE - timedelta(minutes=9))
    monkeypatch.setattr(jobs.dispatching, "dispatch", broken)
    assert not scheduler.take(listened.app, jobs.send_due_reminders, "dispatch")
    assert [one.cause for one in vitals.troubles(DUE + timedelta(minutes=2))] == ["dispatch"]


def broken(*_, **__):
    raise RuntimeError


def test_a_clock_that_ran_ahead_leaves_no_beat_that_hides_what_comes(story):
    jobs.went_well(vitals.DISPATCH, DUE + timedelta(days=1))
    jobs.went_well(vitals.DISPATCH, DUE)
    assert not vitals.went_well(vitals.DISPATCH, DUE + timedelta(minutes=11))


KEYS, LEFT = Outcome(ALARM, 403), Outcome(LATER, tried=False)


@pytest.mark.parametrize(
    ("outcome", "cause"), [(KEYS, "keys-refused"), (LEFT, "later"), (Outcome(BUG, 400), "not-accepted")]
)
def test_a_sender_that_sends_nothing_to_anybody_is_no_life(story, outcome, cause):
    story.subscribe()
    story.set_rule()
    story.others(1)
    later = DUE + timedelta(minutes=6)
    tick(DUE, outcome, outcome)
    both_steps_went_well(later)
    assert vitals.troubles(later) == [vitals.Trouble(cause, "push", 2)]
    said = alarms.of_troubles(vitals.troubles(later))
    assert said[0].startswith("Reminders by notification do not go out: ")


def test_one_client_that_cannot_be_sent_to_does_not_silence_it_for_all(story):
    story.subscribe()
    story.set_rule()
    story.others(1)
    later = DUE + timedelta(minutes=6)
    tick(DUE, KEYS)
    both_steps_went_well(later)
    assert vitals.troubles(later) == []


def test_where_nothing_at_all_went_out_for_a_day_one_client_is_enough(story):
    story.subscribe()
    story.set_rule()
    later = DUE + timedelta(minutes=6)
    tick(DUE, KEYS)
    both_steps_went_well(later)
    assert vitals.troubles(later) == [vitals.Trouble("keys-refused", "push", 1)]


def test_rows_that_break_the_program_are_no_life_once_it_is_two_clients(story, monkeypatch):
    story.subscribe()
    story.set_rule()
    story.others(2)
    later, of_whom = DUE + timedelta(minutes=6), []
    check = sending.check

    def breaking(*, claims, **more):
        if {db.session.get(Delivery, claim.delivery_id).client_id for claim in claims} & set(of_whom):
            raise RuntimeError
        return check(claims=claims, **more)

    monkeypatch.setattr(sending, "check", breaking)
    with atomic():
        ids = list(db.session.scalars(select(Delivery.client_id).where(Delivery.due_at == DUE)))
    of_whom.append(ids[0])
    tick(DUE)
    both_steps_went_well(later)
    assert vitals.troubles(later) == []  # one of three
    with atomic():
        db.session.query(Delivery).filter(Delivery.client_id == ids[1]).update({"state": "planned", "why": "trouble"})
    assert vitals.troubles(later) == [vitals.Trouble("trouble", "push", 2)]


def test_workers_that_die_over_and_over_are_no_life(story):
    story.subscribe()
    story.set_rule()
    for minute in (0, 3, 6):
        with atomic():
            assert len(claiming.claim(now=DUE + timedelta(minutes=minute))) == 1
    later = DUE + timedelta(minutes=7)
    both_steps_went_well(later)
    assert vitals.troubles(later) == [vitals.Trouble("abandoned", "push", 1)]
    tick(DUE + timedelta(minutes=9))
    assert vitals.troubles(DUE + timedelta(minutes=9)) == []


def test_a_monitor_that_hangs_or_answers_in_drops_is_left_in_the_end(monitor, monkeypatch, caplog):
    monkeypatch.setattr(lifeline, "LONGEST", 0.3)
    monitor.drops = True
    began = time.monotonic()
    assert not lifeline.signal(f"{monitor.address}/ping/s3cret")
    assert time.monotonic() - began < 2
    assert "did not get through" in caplog.text


def test_nothing_waits_for_the_monitor_and_only_one_signal_is_on_its_way(listened, monitor):
    both_steps_went_well(DUE)
    monitor.held.clear()
    began = time.monotonic()
    assert jobs.say_alive(DUE) and not jobs.say_alive(DUE)
    assert time.monotonic() - began < 1
    monitor.held.set()
    until(lambda: not lifeline._asking.locked())
    assert jobs.say_alive(DUE)
    until(lambda: not lifeline._asking.locked())


def test_without_the_setting_nothing_leaves_the_machine(story, monitor):
    assert not jobs.say_alive(DUE)
    assert monitor.asked == []


def test_a_redirect_is_not_followed_and_no_secret_is_logged(monitor, caplog):
    monitor.status, monitor.headers = 302, {"Location": f"{monitor.address}/inside"}
    assert not lifeline.signal(f"{monitor.address}/ping/s3cret")
    assert monitor.asked == ["/ping/s3cret"]
    assert "302" in caplog.text and "s3cret" not in caplog.text
    assert not lifeline.signal("http://127.0.0.1:1/s3cret")
    assert "s3cret" not in caplog.text


def test_a_tick_signals_only_when_each_step_went_well(app, monkeypatch):
    told, config = [], app.config["MEANTIME"]
    monkeypatch.setattr(jobs, "say_alive", told.append)
    monkeypatch.setattr(scheduler, "TICK", steps := (lambda now: None,))
    scheduler.look(app, "tick", steps)
    assert len(told) == 1 and scheduler.alive(config, clock.now())
    monkeypatch.setattr(scheduler, "TICK", steps := (broken,))
    scheduler.look(app, "tick", steps)
    assert len(told) == 1


@pytest.mark.parametrize("wrong", ["ftp://a.example/x", "http://a.example/x", "https://me:pw@a.example", "nonsense"])
def test_an_address_that_could_lead_elsewhere_is_refused_and_not_repeated(tmp_path, wrong):
    with pytest.raises(ConfigError) as refusal:
        Config.from_env({"MEANTIME_DATA": str(tmp_path), "MEANTIME_SIGNAL_URL": wrong})
    assert wrong not in str(refusal.value)


def test_metrics_are_there_for_the_token_alone(story):
    web, config = story.app.test_client(), story.app.config["MEANTIME"]
    assert web.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
    story.app.config["MEANTIME"] = replace(config, metrics_token=TOKEN)
    assert web.get("/metrics").status_code == 404
    assert web.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
    assert web.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200


def test_metrics_count_what_fell_due_by_cause_and_name_nobody(story, monkeypatch):
    story.app.config["MEANTIME"] = replace(story.app.config["MEANTIME"], metrics_token=TOKEN)
    story.set_rule()
    tick()
    with atomic():
        assert first().why == "no-phone"
        db.session.query(Delivery).filter(Delivery.state == "planned").update({"due_at": DUE})
    monkeypatch.setattr(clock, "now", lambda: DUE.replace(minute=31))
    text = story.app.test_client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert 'meantime_reminders_failed{channel="push",cause="no-phone"} 1' in lines
    assert "meantime_reminders_waiting 1" in lines and "meantime_reminders_oldest_due_seconds 60" in lines
    assert "meantime_reminders_sent 0" in lines
    assert "Anna" not in text and str(story.client.id) not in text


def test_metrics_say_who_refused_what_and_what_keeps_reminders_from_going_out(story):
    story.others(2)
    later = DUE + timedelta(minutes=6)
    tick(DUE, KEYS, KEYS)
    jobs.went_well(vitals.PLAN, later)
    lines = metrics.written(DUE + timedelta(minutes=20)).splitlines()
    refused = f'channel="push",service="http://{story.push.host}",cause="keys-refused",answer="403"'
    assert f"meantime_reminders_refused{{{refused}}} 2" in lines
    assert 'meantime_reminders_trouble{channel="push",cause="keys-refused"} 2' in lines
    assert 'meantime_reminders_step_trouble{step="plan"} 0' in lines
    assert 'meantime_reminders_step_trouble{step="dispatch"} 1' in lines
