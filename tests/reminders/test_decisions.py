"""One row for each moment at which a reminder could be sent: what was known, what was done, by which chance."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from server.assignments import actions as assignments
from server.entries.models import Entry
from server.extensions import atomic, db
from server.reminders.models import DecisionPoint, PushOrigin
from server.reminders.push import LATER, Outcome
from tests.reminders.ticking import DUE, SECOND, first, tick


def points():
    return list(db.session.scalars(select(DecisionPoint).order_by(DecisionPoint.at, DecisionPoint.id)))


def wrote(story, at, kind="entry"):
    with atomic():
        db.session.add(
            Entry(
                client_id=story.client.id, entry_id=uuid4(), service_id=story.client.service_id, subject_kind=kind,
                head_id=uuid4(), happened_at=at, first_received_at=at,
            )
        )  # fmt: skip


def test_what_is_sent_is_a_decision_with_what_was_known(story):
    story.subscribe()
    story.set_rule()
    wrote(story, DUE - timedelta(minutes=95))
    wrote(story, DUE - timedelta(minutes=3), kind="answer")
    tick()
    [point] = points()
    assert point.delivery_id == first().id and point.client_id == story.client.id
    assert (point.sent, point.why, point.chance, point.policy) == (True, None, 1.0, "always-1")
    assert (point.to_do, point.paused, point.sent_that_day, point.phones) == (True, False, 0, 1)
    assert point.minutes_since_entry == 95
    assert DUE <= point.at < DUE + timedelta(seconds=60)


@pytest.mark.parametrize("why", ["nothing-to-do", "no-phone"])
def test_what_is_not_sent_is_a_decision_without_a_chance(story, why):
    if why != "no-phone":
        story.subscribe()
    story.set_rule()
    if why == "nothing-to-do":
        with atomic():
            assignments.withdraw(assignment=story.assignment, by=story.practitioner, now=DUE - SECOND)
    tick()
    [point] = points()
    assert (point.sent, point.why, point.chance, point.minutes_since_entry) == (False, why, 0.0, None)
    assert point.to_do == (why != "nothing-to-do")


def test_another_try_is_no_other_decision(story):
    story.subscribe()
    story.set_rule()
    tick(DUE, Outcome(LATER, 503))
    tick(DUE + timedelta(minutes=5))
    [point] = points()
    assert first().state == "accepted"
    assert point.at < DUE + timedelta(minutes=1)


def test_what_waits_for_a_push_service_is_decided_when_it_is_tried(story):
    phone = story.subscribe()
    story.set_rule()
    with atomic():
        db.session.add(PushOrigin(origin=phone.origin, stalls=3, rest_until=DUE + timedelta(minutes=5), changed_at=DUE))
    tick(DUE)
    assert points() == []
    tick(DUE + timedelta(minutes=7))
    assert [point.at >= DUE + timedelta(minutes=7) for point in points()] == [True]
