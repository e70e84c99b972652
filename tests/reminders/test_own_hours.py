"""What a client sets on their phone is what is planned and sent: pauses, shifts, later, appointments, silence."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from server.assignments import actions as assignments
from server.caseload import actions as caseload
from server.entries.actions import contact
from server.extensions import atomic, db
from server.reminders import actions, planning, preview, queries
from server.reminders.models import ClientZone, Delivery, ReminderRule
from tests.conftest import running
from tests.reminders.conftest import MONDAY
from tests.reminders.ticking import tick

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def app(sqlite_config):
    """SQLite alone: that planning does the same on either is shown in test_planning."""
    yield from running(sqlite_config)


def planned(kind=None):
    rows = select(Delivery).join(ReminderRule, ReminderRule.id == Delivery.rule_id).where(Delivery.state == "planned")
    rows = rows.where(ReminderRule.kind == kind) if kind else rows
    return [f"{row.local_date:%d} {row.slot}" for row in db.session.scalars(rows.order_by(Delivery.due_at))]


def look(story, now):
    """The phone was opened, with a network."""
    with atomic():
        contact(client=story.client, device=story.device, outbox=0, device_seq=1, now=now)


def plan(now):
    with atomic():
        planning.plan(now)


def test_a_holiday_stops_them_and_its_end_brings_them_back(story):
    story.set_rule(pause={"from": "2026-11-24", "until": "2026-11-25"})
    assert planned() == ["23 13:30"]
    plan(MONDAY + 2 * DAY)
    assert planned() == ["23 13:30", "26 13:30"]


def test_half_a_pause_says_nothing_and_the_reminder_stays(story):
    for half in ({"from": "2026-11-24"}, {"from": "2026-11-25", "until": "2026-11-24"}, "soon", []):
        rule = story.set_rule(pause=half, shift=half, most="many", steady="yes")
        assert (rule.paused_until, rule.shift, rule.most, rule.steady) == (None, None, None, False)
    assert planned() == ["23 13:30", "24 13:30"]


def test_nights_have_hours_of_their_own(story):
    shift = {"from": "2026-11-23", "until": "2026-11-29", "at": "22:15"}
    story.set_rule(quiet={"from": "21:00", "until": "07:00"}, shift=shift)
    assert planned() == []  # nothing was said of other quiet hours: the usual ones hold
    story.set_rule(
        quiet={"from": "21:00", "until": "07:00"}, shift=shift | {"quiet": {"from": "00:00", "until": "00:00"}}
    )
    assert planned() == ["23 22:15", "24 22:15"]


def test_later_comes_once_more_beside_what_was_sent_that_day(story):
    story.subscribe()
    story.set_rule()
    assert tick(MONDAY + 5.5 * HOUR)[0] == {"sent": 1}
    with atomic():
        actions.later(delivery=db.session.scalars(select(Delivery)).first(), now=MONDAY + 6 * HOUR)
    assert planned("later") == ["23 15:00"]
    assert tick(MONDAY + 7 * HOUR)[0] == {"sent": 1}
    plan(MONDAY + 7 * HOUR)
    assert planned("later") == [] and planned("own") == ["24 13:30", "25 13:30"]


@pytest.mark.parametrize("about_it", [False, True])
@pytest.mark.parametrize(
    ("said", "comes"),
    [({"on": False}, []), ({"pause": {"from": "2026-11-23", "until": "2026-11-24"}}, []),
     ({"pause": {"from": "2026-11-24", "until": "2026-11-24"}}, ["23 15:00"])],
)  # fmt: skip
def test_what_was_put_off_does_not_come_after_they_are_switched_off_or_in_a_pause(story, said, comes, about_it):
    whose = {"assignment_id": str(story.assignment.id)} if about_it else {}
    story.subscribe()
    story.set_rule(**whose)
    tick(MONDAY + 5.5 * HOUR)
    with atomic():
        actions.later(delivery=db.session.scalars(select(Delivery)).first(), now=MONDAY + 6 * HOUR)
    story.set_rule(now=MONDAY + 6.5 * HOUR, **said, **whose)
    assert planned("later") == comes
    assert len(tick(MONDAY + 7 * HOUR)[1].given) == len(comes)


def test_an_hour_of_one_task_that_ends_leaves_the_others_as_they_are(story):
    story.set_rule()
    with atomic():
        appointments = {"name": "appointment_reminder", "on": True, "at": "12:00"}
        actions.set_appointment_rule(client=story.client, payload=appointments, by=story.client, now=MONDAY)
        once = {"date": "2026-11-23", "at": "15:00"}
        actions.remind_later(client=story.client, payload=once, by=story.client, now=MONDAY)
    story.set_rule(assignment_id=str(story.assignment.id), on=False, quiet={"from": "11:00", "until": "18:00"})
    assert planned("later") == ["23 15:00"] and planned("own") == ["23 13:30", "24 13:30"]


def test_later_in_the_night_of_a_shift_comes_by_the_quiet_hours_of_that_shift(story):
    story.subscribe()
    shift = {"from": "2026-11-23", "until": "2026-11-26", "at": "03:00", "quiet": {"from": "08:00", "until": "16:00"}}
    story.set_rule(quiet={"from": "22:00", "until": "07:00"}, shift=shift)
    three = MONDAY + 19 * HOUR
    assert tick(three)[0] == {"sent": 1}
    with atomic():
        actions.later(delivery=db.session.scalars(select(Delivery)).first(), now=three + timedelta(minutes=5))
    assert planned("later") == ["24 04:05"]


def test_other_quiet_hours_hold_at_once_for_what_comes_besides_the_own_hours(story):
    story.set_rule()
    with atomic():
        wish = {"name": "appointment_reminder", "on": True, "at": "18:00"}
        actions.set_appointment_rule(client=story.client, payload=wish, by=story.client, now=MONDAY)
        later = {"name": "remind_later", "date": "2026-11-23", "at": "19:00"}
        actions.remind_later(client=story.client, payload=later, by=story.client, now=MONDAY)
    assert planned("later") == ["23 19:00"]
    story.set_rule(quiet={"from": "17:00", "until": "07:00"}, now=MONDAY + HOUR)
    assert planned("later") == [] and planned("own") == ["23 13:30", "24 13:30"]
    kept = select(ReminderRule.quiet).where(ReminderRule.kind == "appointment", ReminderRule.ended_at.is_(None))
    assert db.session.scalars(kept).all() == [{"from": "17:00", "until": "07:00"}]


def test_later_on_today_takes_the_place_of_an_earlier_later(story):
    story.set_rule()
    for at in ("16:00", "17:00"):
        with atomic():
            payload = {"name": "remind_later", "date": "2026-11-23", "at": at}
            actions.remind_later(client=story.client, payload=payload, by=story.client, now=MONDAY)
    assert planned("later") == ["23 17:00"]
    assert queries.rules_of(story.client)[0].kind == "own" and len(queries.rules_of(story.client)) == 1


def test_the_day_before_an_appointment_while_it_is_booked(story):
    story.subscribe()
    story.set_rule()
    with atomic():
        payload = {"name": "appointment_reminder", "on": True, "at": "18:00"}
        actions.set_appointment_rule(client=story.client, payload=payload, by=story.client, now=MONDAY)
    assert planned("appointment") == []
    with atomic():
        booked = caseload.book(
            episode=story.episode, practitioner=story.practitioner, starts_local=datetime(2026, 11, 24, 14),  # noqa: DTZ001 (a wall time)
            zone="Europe/London", by=story.practitioner, now=MONDAY,
        )  # fmt: skip
    plan(MONDAY)
    assert planned("appointment") == ["23 18:00"]
    with atomic():
        caseload.record_attendance(
            appointment=booked, episode=story.episode, state="cancelled_by_client", by=story.practitioner, now=MONDAY
        )
    plan(MONDAY + HOUR)
    assert planned("appointment") == []


def test_silence_is_two_more_messages_and_then_none_until_they_look_in(story):
    story.agree({"kind": "daily", "times": 1})
    story.set_rule()
    for n in range(20):
        plan(MONDAY + n * DAY)
    days = [row.local_date.day for row in db.session.scalars(select(Delivery).order_by(Delivery.due_at))]
    assert days == [23, 24, 25, 26, 28, 30, 7]
    look(story, MONDAY + 20 * DAY)
    plan(MONDAY + 20 * DAY)
    assert planned()[-2:] == ["13 13:30", "14 13:30"]


def test_a_moved_clock_is_written_down_and_nobody_is_reminded_twice_on_one_date(story):
    story.subscribe()
    story.set_rule(shift={"from": "2026-11-23", "until": "2026-11-24", "at": "12:00"})
    assert tick(MONDAY + 4 * HOUR)[0] == {"sent": 1}
    with atomic():
        assert actions.change_zone(client=story.client, zone="America/New_York", now=MONDAY + 5 * HOUR) == 1
    assert planned() == ["24 12:00"]
    [moved] = db.session.scalars(select(ClientZone))
    assert (moved.zone, moved.client_id) == ("America/New_York", story.client.id)
    [due] = db.session.scalars(select(Delivery.due_at).where(Delivery.state == "planned"))
    assert due == datetime(2026, 11, 24, 17, tzinfo=UTC)


def test_what_comes_is_what_the_preview_said(story):
    story.subscribe()
    story.set_rule(pause={"from": "2026-11-25", "until": "2026-11-26"}, weekdays=[0, 1, 2, 3, 4])
    previewed = preview.next_of(story.client, MONDAY)
    came = run(story, 16, (5.5,))
    assert [one.due.local_date for one in previewed] == [day for day, _ in came][:5] and len(previewed) == 5
    assert came[0][0] == date(2026, 11, 23)


def test_what_comes_by_two_hours_with_a_shift_and_an_appointment_is_what_the_preview_said(story):
    """Something to do on three days of the week only, and every kind of reminder there is."""
    story.subscribe()
    with atomic():
        assignments.withdraw(assignment=story.assignment, by=story.practitioner, now=MONDAY)
    walk = story.agree({"kind": "weekdays", "weekdays": [0, 2, 4]})
    shift = {"from": "2026-11-25", "until": "2026-11-26", "at": "18:00", "quiet": {"from": "12:00", "until": "16:00"}}
    story.set_rule(shift=shift, steady=True, most=2)
    story.set_rule(at="15:00", assignment_id=str(walk.id), steady=True, quiet={"from": "20:00", "until": "08:00"})
    with atomic():
        daily = {"name": "appointment_reminder", "on": True, "at": "12:00"}
        actions.set_appointment_rule(client=story.client, payload=daily, by=story.client, now=MONDAY)
        actions.remind_later(
            client=story.client, payload={"date": "2026-11-24", "at": "12:00"}, by=story.client, now=MONDAY
        )
        caseload.book(
            episode=story.episode, practitioner=story.practitioner, starts_local=datetime(2026, 12, 1, 14),  # noqa: DTZ001 (a wall time)
            zone="Europe/London", by=story.practitioner, now=MONDAY,
        )  # fmt: skip
    previewed = [(one.due.local_date, one.due.slot) for one in preview.next_of(story.client, MONDAY, 9)]
    assert run(story, 9, (4, 5.5, 7, 10)) == previewed[:-1]
    assert [f"{day:%d} {slot}" for day, slot in previewed] == [
        "23 13:30", "23 15:00", "25 15:00", "25 18:00", "27 13:30", "27 15:00", "30 12:00", "30 13:30", "02 13:30",
    ]  # fmt: skip


def run(story, days, hours):
    """Plan and send at these hours of each day; what went out, by its day and time."""
    for n in range(days):
        for hour in hours:
            plan(MONDAY + n * DAY + hour * HOUR)
            tick(MONDAY + n * DAY + hour * HOUR)
    sent = select(Delivery).where(Delivery.state == "accepted").order_by(Delivery.due_at)
    return [(row.local_date, row.slot) for row in db.session.scalars(sent)]
