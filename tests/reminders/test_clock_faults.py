"""Faults of time (trust.md C3, R09 to R14): zones that change, journeys, and clocks that jump."""

from datetime import UTC, date, datetime, timedelta

import pytest

from server import clock, jobs, scheduler, steady
from server.extensions import atomic, db
from server.reminders.models import Delivery
from server.steady import HELD, Steady
from tests.reminders.ticking import DUE, SECOND, Answering, deliveries, first, tick

SPRING, AUTUMN = date(2027, 3, 28), date(2027, 10, 31)


def sent_that_night(story, day):
    """What is sent of a daily reminder at 01:30 on the night the clocks change, looked for each half hour."""
    began = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=2)
    story.subscribe(now=began)
    story.agree(now=began, from_date=day - timedelta(days=1))
    story.set_rule(at="01:30", now=began)
    sent = [began + timedelta(minutes=30 * n) for n in range(10) if tick(began + timedelta(minutes=30 * n))[0]["sent"]]
    assert first().local_date == day
    return sent


def test_r09_a_time_that_spring_skips_is_reminded_once_at_two(story):
    assert sent_that_night(story, SPRING) == [datetime(2027, 3, 28, 1, 0, tzinfo=UTC)]  # 02:00 BST


def test_r10_a_time_that_autumn_repeats_is_reminded_once(story):
    assert sent_that_night(story, AUTUMN) == [datetime(2027, 10, 31, 0, 30, tzinfo=UTC)]  # the first 01:30


@pytest.mark.parametrize(("change", "hours"), [(SPRING, [9, 8, 8]), (AUTUMN, [8, 9, 9])])
def test_r11_nine_o_clock_stays_nine_o_clock_across_the_change(story, change, hours):
    before = datetime(change.year, change.month, change.day, tzinfo=UTC) - timedelta(days=1)
    story.set_rule(at="09:00", now=before)
    jobs.plan_reminders(before + timedelta(days=1))
    assert [row.due_at.hour for row in deliveries()] == hours
    assert {row.slot for row in deliveries()} == {"09:00"}


def test_r13_what_was_planned_by_old_rules_of_a_zone_is_planned_afresh(story):
    story.set_rule()
    with atomic():  # as if London had been an hour further when this was planned
        for row in db.session.query(Delivery):
            row.due_at, row.expires_at = row.due_at + timedelta(hours=1), row.expires_at + timedelta(hours=1)
    assert jobs.plan_reminders(DUE - timedelta(hours=2)) == 0
    assert [row.due_at for row in deliveries()] == [DUE, DUE + timedelta(days=1)]
    assert first().expires_at == DUE + timedelta(hours=2)


class Looking:
    """The driver's look by a clock that the test sets, and one that nobody can."""

    def __init__(self, app, monkeypatch):
        self.app, self.now, self.passed, self.sender = app, DUE, 0.0, Answering()
        monkeypatch.setattr(clock, "now", lambda: self.now)
        monkeypatch.setattr(steady, "passing", lambda: self.passed)
        monkeypatch.setattr(steady, "off_the_database", lambda now: None)

    def look(self, wall: timedelta, really: timedelta | None = None) -> int:
        """So much later by the wall clock, and really; how many messages went out."""
        self.now, self.passed = self.now + wall, self.passed + (wall if really is None else really).total_seconds()
        before = len(self.sender.given)
        scheduler.take(self.app, lambda now: jobs.send_due_reminders(now, self.sender), "send")
        return len(self.sender.given) - before


@pytest.fixture
def looking(story, monkeypatch):
    story.subscribe()
    story.set_rule()
    return Looking(story.app, monkeypatch)


def test_r14_a_clock_put_back_repeats_nothing_and_is_told(looking, caplog):
    assert looking.look(SECOND) == 1
    assert looking.look(-timedelta(hours=1), SECOND) == 0
    assert "ALARM: this machine's clock jumped 60 minutes back" in caplog.text
    for _ in range(70):
        assert looking.look(timedelta(minutes=1)) == 0  # past the hour once more


def test_r14_a_clock_put_forward_lets_nothing_expire_unless_it_stays(looking, caplog):
    assert looking.look(-timedelta(minutes=1), timedelta(0)) == 0
    assert looking.look(timedelta(days=1), SECOND) == 0
    assert "jumped 1440 minutes ahead" in caplog.text and first().state == "planned"
    assert looking.look(-timedelta(days=1), SECOND) == 0  # set right again, and that is a jump too
    assert looking.look(timedelta(minutes=1)) == 0 and first().state == "planned"
    assert looking.look(HELD) == 1


def test_r14_of_several_machines_the_one_whose_clock_is_wrong_stays_still(story, monkeypatch, caplog):
    away = timedelta(hours=3)
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + away)
    took = scheduler.take(story.app, lambda now: None, "send")
    assert took is (db.engine.dialect.name == "sqlite")  # where there is one machine, and no other clock to ask
    assert ("180 minutes ahead of the database's" in caplog.text) is not took


def test_a_clock_that_merely_goes_on_is_believed():
    one, moment = Steady(), DUE
    assert [one.trouble(moment + timedelta(seconds=20 * n), 20.0 * n + 0.5) for n in range(5)] == [None] * 5
