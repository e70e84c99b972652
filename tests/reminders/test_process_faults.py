"""Faults of processes (trust.md C3, R01, R02, R05, R08, R29): real ones, ended by real signals, by a clock moved."""

import signal
import sqlite3
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import event

from server import jobs, scheduler
from server.extensions import atomic, db
from server.reminders import claiming, rules, sending
from server.reminders.senders import SENT, Outcome
from tests.reminders.processes import until
from tests.reminders.ticking import DUE, SECOND, deliveries, first

MANY = 12


def states() -> Counter:
    db.session.rollback()
    return Counter(row.state for row in deliveries() if row.due_at == DUE)


def test_r01_four_servers_and_one_being_restarted_send_each_once(story, nursery, tmp_path):
    story.others(MANY, "p")
    story.lend(nursery, DUE - SECOND)
    pids = [nursery.start("serve", tmp_path / "log") for _ in range(5)]
    nursery.clock.set(DUE + SECOND)
    nursery.end(pids.pop(), signal.SIGTERM)
    nursery.start("serve")
    until(lambda: states() == {"accepted": MANY})
    assert sorted(taken.path for taken in story.push.taken) == sorted(f"/p{n}" for n in range(MANY))


def test_r02_another_runner_takes_over_within_two_minutes_of_a_kill(story, nursery):
    story.others(3, "p")
    story.lend(nursery, DUE)
    assert nursery.wait(nursery.start("dies_claimed")) == -signal.SIGKILL
    assert states() == {"claimed": 3}
    nursery.clock.set(DUE + timedelta(minutes=2))
    nursery.start("looker")
    until(lambda: states() == {"accepted": 3})
    assert Counter(taken.path for taken in story.push.taken) == {"/p0": 1, "/p1": 1, "/p2": 1}
    assert max(row.accepted_at for row in deliveries() if row.accepted_at) < DUE + timedelta(minutes=3)


def test_r05_a_server_told_to_stop_finishes_what_is_on_its_way(story, nursery):
    story.others(MANY, "p")
    story.push.delay = 0.5
    story.lend(nursery, DUE)
    pid = nursery.start("serve")
    until(lambda: states()["claimed"])
    assert nursery.end(pid, signal.SIGTERM) == 0
    after = states()
    assert after["claimed"] == 0 and after["accepted"] == len(story.push.taken)
    nursery.start("serve")
    until(lambda: states() == {"accepted": MANY})
    assert len({taken.path for taken in story.push.taken}) == len(story.push.taken) == MANY


def test_r05_what_was_claimed_and_not_begun_is_given_back_at_once(story, monkeypatch):
    story.others(4, "p")
    monkeypatch.setattr(jobs.dispatching, "CHECKED_AT_ONCE", 2)

    class Stopped:
        def send(self, messages, now):
            for message in messages:
                yield [(message, Outcome(SENT, 201))]
                jobs.stopping.set()

    try:
        assert jobs.send_due_reminders(DUE, Stopped()) == {"sent": 2, "released": 2}
    finally:
        jobs.stopping.clear()
    assert states() == {"accepted": 2, "planned": 2}
    assert jobs.send_due_reminders(DUE + SECOND) == {"sent": 2}


def test_a_lease_that_runs_out_is_lengthened_before_the_message_goes_out(story):
    story.subscribe()
    story.set_rule()
    with atomic():
        claims = claiming.claim(now=DUE)
    late = DUE + rules.LEASE - SECOND  # the ones before it took long
    with atomic():
        assert len(sending.check(claims=claims, base_url="http://localhost", now=late)) == 1
    with atomic():
        assert claiming.claim(now=late + timedelta(seconds=60)) == []


@pytest.mark.parametrize("moment", ["dies_claimed", "dies_accepted"])
def test_r08_a_reboot_at_the_due_second_shows_it_once(story, nursery, moment):
    story.subscribe()
    story.set_rule()
    story.lend(nursery, DUE)
    assert nursery.wait(nursery.start(moment)) == -signal.SIGKILL
    nursery.start("looker")  # up again before the lease has run out
    nursery.clock.move(rules.LEASE)
    until(lambda: db.session.rollback() or first().state == "accepted")
    assert len({taken.headers["topic"] for taken in story.push.taken}) == 1
    assert len(story.push.taken) == (1 if moment == "dies_claimed" else 2)


@pytest.mark.parametrize("config", ["sqlite"], indirect=True)
def test_r29_a_database_locked_by_somebody_else_delays_and_loses_nothing(story, caplog):
    story.subscribe()
    story.set_rule()
    db.session.remove()
    db.engine.dispose()
    # The program waits 10 s for a lock, and then it is so.
    event.listen(db.engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout = 50"))
    look = lambda now: jobs.send_due_reminders(DUE)  # noqa: E731
    other = sqlite3.connect(story.app.config["MEANTIME"].data / "meantime.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert not scheduler.take(story.app, look, "send")
    assert "The step send broke" in caplog.text and story.push.taken == []
    other.execute("ROLLBACK")
    other.close()
    assert scheduler.take(story.app, look, "send")
    assert len(story.push.taken) == 1 and first().state == "accepted"
