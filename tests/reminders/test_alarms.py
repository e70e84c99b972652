"""The signal that leaves the machine, and the lines of /metrics for whoever has the token."""

import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from server import clock, jobs, lifeline, scheduler
from server.config import Config, ConfigError
from server.extensions import atomic, db
from server.reminders.models import Delivery
from tests.reminders.ticking import DUE, first, tick

TOKEN = "long-enough-to-be-one"


class Monitor:
    """Somebody who listens elsewhere, and answers as told."""

    def __init__(self):
        self.asked, self.status, self.headers = [], 200, {}

    def __enter__(self):
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                outer.asked.append(self.path)
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


def test_all_is_well_is_told_elsewhere_and_silence_is_the_alarm(listened, monitor):
    listened.set_rule()
    assert jobs.say_alive(DUE)
    assert monitor.asked == ["/ping/s3cret?a=1"]
    assert not jobs.say_alive(DUE.replace(minute=40))  # due for ten minutes, and nobody took it
    assert monitor.asked == ["/ping/s3cret?a=1"]


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
    for step in steps:
        step.__name__ = "well"
    scheduler.look(app, "tick", steps)
    assert len(told) == 1 and scheduler.alive(config, clock.now())

    def broken(now):
        raise RuntimeError

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
