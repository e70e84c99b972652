"""From a client's own hours to planned reminders: once each, whoever plans, and the newest word holds."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from server import jobs
from server.extensions import atomic, db
from server.reminders import actions, claiming, planning, queries, sending
from server.reminders.models import ReminderRule
from tests.reminders.conftest import MONDAY
from tests.reminders.ticking import DUE, SECOND, deliveries, in_threads, said, tick


def test_a_rule_is_planned_48_hours_ahead_with_a_code_for_the_phone(story):
    story.set_rule()
    rows = deliveries()
    assert [row.due_at for row in rows] == [DUE, DUE + timedelta(days=1)]
    assert {row.assignment_id for row in rows} == {story.assignment.id}
    assert rows[0].occurrence_slot == "2026-11-23#1"
    assert len({row.code for row in rows}) == 2 and all(len(row.code) == 22 for row in rows)
    known = queries.deliveries_since(story.client.id, 0, 10)
    assert [row.id for row in known] == [row.id for row in rows]
    assert queries.deliveries_since(story.client.id, known[-1].feed_seq, 10) == []


def test_planning_twice_plans_once(story):
    story.set_rule()
    assert jobs.plan_reminders(MONDAY) == 0
    assert jobs.plan_reminders(MONDAY + timedelta(days=1)) == 1
    assert len(deliveries()) == 3


def test_two_planners_at_once_plan_once(story):
    rule = story.set_rule()
    with atomic():
        db.session.execute(text("DELETE FROM delivery_event"))
        db.session.execute(text("DELETE FROM delivery"))
    rule_id, together = rule.id, threading.Barrier(4)

    def work():
        with story.app.app_context():
            together.wait()
            with atomic():
                planning.plan(MONDAY, [rule_id])

    in_threads(work, 4)
    assert len(deliveries()) == 2


def test_a_changed_hour_replaces_what_was_planned(story):
    story.subscribe()
    story.set_rule()
    story.set_rule(at="15:00", now=MONDAY + timedelta(hours=1))
    assert [(row.slot, row.state) for row in deliveries()] == [
        ("13:30", "cancelled"), ("15:00", "planned"), ("13:30", "cancelled"), ("15:00", "planned"),
    ]  # fmt: skip


def test_a_changed_hour_does_not_remind_twice_on_one_day(story):
    story.subscribe()
    story.set_rule()
    tick()
    story.set_rule(at="18:00", now=DUE + timedelta(hours=1))
    assert [row.local_date.day for row in deliveries() if row.state == "planned"] == [24]


def test_r26_a_rule_changed_while_a_worker_holds_it_sends_once(story):
    story.subscribe()
    story.set_rule()
    with atomic():
        [claim] = claiming.claim(now=DUE)
    story.set_rule(at="18:00", now=DUE)
    with atomic():
        assert sending.check(claims=[claim], base_url="https://example.org", now=DUE) == []
    assert jobs.plan_reminders(DUE + SECOND) == 1  # the old one was not sent, so today has its own again
    assert tick(DUE + timedelta(hours=4, minutes=30))[0] == {"sent": 1}


def test_r12_a_traveller_has_one_reminder_a_date(story):
    story.subscribe()
    story.set_rule()
    tick()
    with atomic():
        assert actions.change_zone(client=story.client, zone="America/New_York", by=story.client, now=DUE) == 1
    planned = [row for row in deliveries() if row.state == "planned"]
    assert [row.local_date.day for row in planned] == [24]
    assert planned[0].due_at == DUE + timedelta(days=1, hours=5)


def test_a_word_that_arrives_late_does_not_undo_a_newer_one(story):
    newer = said(story, MONDAY)
    story.set_rule(at="15:00", revision_id=newer)
    story.set_rule(at="09:00", revision_id=said(story, MONDAY - timedelta(hours=1)))
    story.set_rule(at="15:00", revision_id=newer)
    active = db.session.scalars(select(ReminderRule).where(ReminderRule.ended_at.is_(None))).all()
    assert [rule.at for rule in active] == ["15:00"]
    story.set_rule(on=False, revision_id=said(story, MONDAY + SECOND))
    story.set_rule(at="10:00", revision_id=said(story, MONDAY))
    assert queries.rules_of(story.client) == []
    assert {row.state for row in deliveries()} == {"cancelled"}


@pytest.mark.parametrize(
    "wrong",
    [{"at": None}, {"at": "26:00"}, {"weekdays": 3}, {"weekdays": ["x"]}, {"level": 7}, {"on": "yes"},
     {"assignment_id": "x"}, {"assignment_id": str(uuid4())},],
)  # fmt: skip
def test_a_setting_that_cannot_be_read_changes_nothing(story, wrong):
    rule = story.set_rule()
    assert story.set_rule(now=MONDAY + SECOND, **wrong) is None
    assert queries.rules_of(story.client) == [rule]


@pytest.mark.parametrize("half", [{"from": "22:00"}, {"from": "22:00", "until": ""}, "night", 7])
def test_half_a_pair_of_quiet_hours_is_left_out_and_the_reminder_stays(story, half):
    assert story.set_rule(quiet=half).quiet is None
    assert len(deliveries()) == 2


def test_somebody_elses_task_cannot_be_reminded_of(story):
    client, episode = story.another_client()
    theirs = story.agree(client=client, episode=episode)
    assert story.set_rule(assignment_id=str(theirs.id)) is None
    assert deliveries() == []


def test_r30_a_rule_with_a_zone_nobody_knows_is_left_out_and_told_and_the_rest_is_sent(story, caplog):
    story.subscribe()
    rule = story.set_rule()
    with atomic():
        db.session.execute(text("UPDATE reminder_rule SET zone = 'Mars/Base'"))
    story.others(1)
    assert jobs.plan_reminders(MONDAY + timedelta(days=1)) == 0
    assert tick()[0] == {"sent": 1, "dropped": 1}
    assert f"ALARM: reminder rule {rule.id} cannot be read" in caplog.text
    assert db.session.get(ReminderRule, rule.id).zone == "Mars/Base"
