"""A course ends whole: reminders, agreed work, appointments to come, the open interval, and what the phone is told."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from server.assignments.models import Assignment, Occurrence
from server.assignments.queries import intervals_of
from server.caseload import actions as caseload
from server.caseload import roads
from server.caseload.queries import client_of, episode_of, meetings_of, open_episode, owners_of
from server.caseload.urgent import open_urgently
from server.endings import actions as endings
from server.endings.models import Ending
from server.endings.queries import course_over
from server.engagement.actions import refresh_all
from server.entries.actions import receive
from server.errors import Missing, Refused
from server.extensions import atomic, db
from server.reminders.actions import set_rule
from server.reminders.models import Delivery
from server.reminders.planning import plan
from tests.cast import NOW

WEEK = timedelta(days=7)
TODAY = date(2026, 11, 18)
EVENING = {"on": True, "at": "18:00", "weekdays": [0, 1, 2, 3, 4, 5, 6], "level": 1}


@pytest.fixture
def course(cast):
    """Two weeks of a course: an appointment, a thought record every day, a reminder every evening, one to come."""
    began = NOW - 2 * WEEK
    with atomic():
        cast.episode.opened_on = began.date()
    cast.meet(began, "attended", began)
    cast.agreed = cast.agree(now=began, rhythm={"kind": "daily", "times": 1})
    cast.to_come = cast.meet(NOW + WEEK, None, began)
    with atomic():
        set_rule(client=cast.anna, payload=EVENING, by=cast.anna, now=began)
        plan(NOW)
    return cast


def end(cast, now=NOW, **changes):
    values = {"reason": "completed", "last_day": TODAY, "staying_well": "on_paper", "signposting": "", **changes}
    with atomic():
        return endings.end_course(client=cast.anna, episode=cast.episode, by=cast.ben, now=now, **values)


def states(model, column):
    return sorted(db.session.scalars(select(column).select_from(model)))


def test_reminders_stop_that_day_and_none_is_planned_again(both, course):
    assert "planned" in states(Delivery, Delivery.state)
    end(course)
    with atomic():
        assert plan(NOW + timedelta(minutes=1)) == 0
    assert set(states(Delivery, Delivery.state)) == {"cancelled"}
    assert set(db.session.scalars(select(Delivery.why))) == {"discharged"}


def test_what_was_due_stays_and_what_was_not_yet_due_is_withdrawn(both, course):
    end(course)
    rows = db.session.scalars(select(Occurrence).order_by(Occurrence.due_on)).all()
    assert {row.state for row in rows if row.due_on < TODAY} == {"open"}
    assert {row.state for row in rows if row.due_on >= TODAY} == {"withdrawn"}
    assert db.session.get(Assignment, course.agreed.id).state == "ended"


def test_the_open_interval_closes_with_the_last_day(course):
    end(course)
    interval = intervals_of([db.session.get(type(course.episode), course.episode.id)], NOW + WEEK)[course.episode.id][
        -1
    ]
    assert interval.closes_at.date() == TODAY + timedelta(days=1)
    assert interval.closing is None


def test_appointments_to_come_are_cancelled_by_the_service(course):
    end(course)
    assert [one.state for one in meetings_of([course.episode.id])[course.episode.id]] == [
        "attended",
        "cancelled_by_service",
    ]


def test_a_course_is_ended_once(course):
    end(course)
    with pytest.raises(Refused, match="client-closed"):
        end(course)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"last_day": TODAY + timedelta(days=1)}, "last_day"),
        ({"last_day": TODAY - timedelta(days=15)}, "last_day"),
        ({"reason": "fed_up"}, "reason"),
        ({"staying_well": "perhaps"}, "staying_well"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_half_done(course, changes, field):
    with pytest.raises(Refused) as no:
        end(course, **changes)
    assert list(no.value.fields) == [field]
    assert open_episode(course.anna.id) is not None
    assert db.session.get(Assignment, course.agreed.id).state == "open"
    assert "planned" in states(Delivery, Delivery.state)
    assert states(Ending, Ending.reason) == []


def test_a_mistake_of_ours_half_way_leaves_everything_as_it_was(both, course, monkeypatch):
    monkeypatch.setattr(endings, "cancel_for", lambda **_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        end(course)
    assert open_episode(course.anna.id) is not None
    assert db.session.get(Assignment, course.agreed.id).state == "open"
    assert [one.state for one in meetings_of([course.episode.id])[course.episode.id]][-1] == "planned"


def test_a_last_day_that_has_passed_ends_the_work_by_then(course):
    end(course, last_day=TODAY - timedelta(days=3))
    rows = db.session.scalars(select(Occurrence)).all()
    assert {row.state for row in rows if row.due_on >= TODAY - timedelta(days=3)} == {"withdrawn"}
    assert {row.state for row in rows if row.due_on < TODAY - timedelta(days=3)} == {"open"}


def test_f14_what_a_phone_still_holds_is_stored_late_and_fills_the_time_it_was_for(both, course):
    end(course)
    device = course.pair(NOW - WEEK)
    slot = f"{TODAY - timedelta(days=2)}#1"
    sent = course.entry(course.agreed.id, slot=slot)
    with atomic():
        received = receive(client=course.anna, device=device, revisions=[sent], now=NOW + timedelta(days=3))
        refresh_all(client=course.anna, now=NOW + timedelta(days=3))
    assert [one.status for one in received.receipts] == ["stored"]
    assert db.session.get(Occurrence, (course.agreed.id, slot)).state == "done"


def test_settling_again_later_gives_the_same_rows(course):
    def rows():
        found = db.session.execute(select(Occurrence.slot, Occurrence.state, Occurrence.due_at)).all()
        return sorted(tuple(row) for row in found)

    end(course)
    before = rows()
    with atomic():
        refresh_all(client=course.anna, now=NOW + 4 * WEEK)
    assert rows() == before


def test_the_phone_is_told_until_when_it_can_read_and_where_to_turn(course):
    with atomic():
        endings.set_endings(
            service=course.service, reading_days=30, signposting="You can refer yourself again.", by=course.ada, now=NOW
        )
    assert course_over(course.anna) is None
    end(course, signposting="Your GP knows.")
    told = course_over(course.anna)
    assert told.read_until == TODAY + timedelta(days=30)
    assert told.signposting == "Your GP knows.\nYou can refer yourself again."


def test_a_change_of_the_setting_leaves_a_day_that_was_told(course):
    end(course)
    with atomic():
        endings.set_endings(service=course.service, reading_days=7, signposting="", by=course.ada, now=NOW)
    assert course_over(course.anna).read_until == TODAY + timedelta(days=90)


def come_back(cast, now):
    with atomic():
        return endings.start_again(client=cast.anna, practitioner=cast.ben, problem="depression", by=cast.ben, now=now)


def test_somebody_who_comes_back_has_a_course_of_their_own_and_the_hours_they_had(both, course):
    end(course)
    later = NOW + 10 * WEEK
    again = come_back(course, later)
    assert again.id != course.episode.id
    assert course_over(course.anna) is None
    with atomic():
        plan(later)
    assert "planned" in states(Delivery, Delivery.state)


def test_hours_that_were_switched_off_before_the_end_stay_off(course):
    with atomic():
        set_rule(client=course.anna, payload={**EVENING, "on": False}, by=course.anna, now=NOW - timedelta(hours=1))
    end(course)
    come_back(course, NOW + WEEK)
    with atomic():
        plan(NOW + WEEK)
    assert "planned" not in states(Delivery, Delivery.state)


def test_nobody_has_two_courses_open(course):
    with pytest.raises(Refused, match="open already"):
        come_back(course, NOW)


def test_intervals_of_one_course_hold_nothing_of_the_other(course):
    end(course)
    later = NOW + 10 * WEEK
    course.episode = come_back(course, later)
    assert intervals_of([course.episode], later)[course.episode.id] == []
    course.agree(now=later)
    found = intervals_of([course.episode], later)[course.episode.id]
    assert [one.opens_at for one in found] == [later]


def test_another_practitioners_course_is_none_of_the_former_ones(both, course):
    end(course)
    with atomic():
        endings.start_again(
            client=course.anna, practitioner=course.cara, problem="depression", by=course.ben, now=NOW + WEEK
        )
    assert client_of(course.cara, course.anna.id, NOW + WEEK).id == course.anna.id
    with pytest.raises(Missing):
        client_of(course.ben, course.anna.id, NOW + WEEK)


@pytest.mark.parametrize("written_down", [True, False])
def test_who_covers_begins_a_course_for_the_practitioner_they_stand_in_for(course, written_down):
    if written_down:
        end(course)
    else:  # closed before endings were written down
        with atomic():
            caseload.discharge(episode=course.episode, reason="completed", by=course.ben, now=NOW)
    until = NOW + 2 * WEEK
    with atomic():
        road = {"role": "cover", "by": course.ben, "now": NOW, "until_at": until}
        roads.give(episode=course.episode, practitioner=course.cara, **road)
    with atomic():
        again = endings.start_again(
            client=course.anna, practitioner=course.cara, problem="depression", by=course.cara, now=NOW + WEEK
        )
    assert owners_of([again.id], NOW + WEEK)[again.id].id == course.ben.id
    assert episode_of(course.cara, course.anna.id, NOW + WEEK).id == again.id
    with pytest.raises(Missing):
        client_of(course.cara, course.anna.id, until)


def test_break_glass_neither_ends_a_course_nor_begins_one(both, course):
    urgent = {"number": "TT-1001", "reason": "She rang in distress", "hours": 24, "by": course.cara, "now": NOW}
    with atomic():
        course.anna = open_urgently(**urgent)
    with pytest.raises(Refused, match="Only who looks after or covers this client can end their course"), atomic():
        endings.end_course(
            client=course.anna, episode=course.episode, by=course.cara, now=NOW, reason="other", last_day=TODAY,
            staying_well="not_done", signposting="",
        )  # fmt: skip
    end(course)
    with pytest.raises(Refused, match="can begin another course"), atomic():
        endings.start_again(client=course.anna, practitioner=course.cara, problem=None, by=course.cara, now=NOW)
    assert open_episode(course.anna.id) is None
    assert owners_of([course.episode.id], NOW + WEEK)[course.episode.id].id == course.ben.id
