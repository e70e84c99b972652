"""A client's reminder hours on staff pages: seen on the client's page, and set together with them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from server.entries.models import Revision
from server.extensions import atomic, db
from server.reminders import actions
from server.reminders.models import Delivery
from server.reminders.queries import rules_of
from tests.cast import NOW
from tests.dashboard.browser import words

TODAY = NOW.date()
ALL = [str(day) for day in range(7)]
SET = {"at": "13:30", "weekdays": ["0", "2"]}


@pytest.fixture
def place(cast, anna):
    cast.ask_safely()
    return f"{anna.home}/reminders/hours"


def on(cast, **more):
    with atomic():
        payload = {"name": "reminder", "on": True, "at": "18:00", "weekdays": [0, 1], "level": 2, **more}
        return actions.set_rule(client=cast.anna, payload=payload, now=NOW - timedelta(hours=1))


def day(after):
    return (TODAY + timedelta(days=after)).isoformat()


def test_hours_set_together_hold_and_their_phone_is_told_the_whole_of_them(ben, cast, anna, place):
    on(cast, most=2, steady=True)
    typed = {
        **SET, "quiet_from": "21:00", "quiet_until": "08:00", "pause_from": day(3), "pause_until": day(5),
        "shift_at": "8.30", "shift_from": day(6), "shift_until": day(9),
    }  # fmt: skip
    ben.send(ben.page(place), "/hours", 303, **typed)
    [rule] = rules_of(cast.anna)
    assert (rule.at, rule.weekdays, rule.level, rule.most, rule.steady) == ("13:30", [0, 2], 2, 2, True)
    assert rule.quiet == {"from": "21:00", "until": "08:00"}
    assert (rule.paused_from, rule.paused_until) == (TODAY + timedelta(days=3), TODAY + timedelta(days=6))
    assert rule.shift == {"from": day(6), "until": day(9), "at": "08:30", "quiet": None}
    word = db.session.scalars(select(Revision).where(Revision.revision_id == rule.revision_id)).one()
    assert word.entered_by == "practitioner" and word.practitioner_id == cast.ben.id
    assert "parts" not in word.body["payload"] and word.body["payload"]["level"] == 2
    said = words(ben.page(anna.home))
    assert "13:30 on Mon and Wed" in said and "Never between 21:00 and 08:00." in said and "A break: again" in said
    assert "At 08:30 until" in said and "Reminded by notification on their phone." in said


def test_the_form_shows_what_they_set_and_what_is_taken_out_is_gone(ben, cast, anna, place):
    pause = {"from": day(1), "until": day(2)}
    on(
        cast,
        quiet={"from": "21:00", "until": "08:00"},
        pause=pause,
        shift={"from": day(0), "until": day(4), "at": "06:30"},
    )
    page = ben.page(place)
    held = {one["name"]: one.get("value") for one in page.find_all("input", type=["text", "date"])}
    assert held == {
        "at": "18:00", "quiet_from": "21:00", "quiet_until": "08:00", "pause_from": day(1), "pause_until": day(2),
        "shift_at": "06:30", "shift_from": day(0), "shift_until": day(4),
    }  # fmt: skip
    assert [one["value"] for one in page.find_all("input", {"name": "weekdays"}, checked=True)] == ["0", "1"]
    nothing = dict.fromkeys(("quiet_from", "quiet_until", "pause_from", "pause_until", "shift_at", "shift_until"), "")
    ben.send(page, "/hours", 303, **SET, **nothing)
    [rule] = rules_of(cast.anna)
    assert (rule.quiet, rule.paused_until, rule.shift) == (None, None, None)


def test_who_had_none_has_reminders_from_then_on(ben, cast, anna, place):
    cast.agree(rhythm={"kind": "daily", "times": 1}, now=NOW)
    page = ben.page(place)
    assert "Reminders are off now" in words(page)
    ben.send(page, "/hours", 303, at="13:30", weekdays=ALL)
    assert [rule.level for rule in rules_of(cast.anna)] == [1]
    assert {row.slot for row in db.session.scalars(select(Delivery))} == {"13:30"}


NO_SENSE = [
    ({"at": ""}, "Enter the time"), ({"at": "25:00"}, "real time"), ({"weekdays": []}, "at least one day"),
    ({"quiet_from": "21:00"}, "Fill in both"), ({"shift_until": "2026-11-25"}, "Fill in both"),
    ({"pause_from": "2026-11-25", "pause_until": "2026-11-24"}, "comes after"),
    ({"shift_at": "06:00", "shift_until": "2026-11-01"}, "This day is over"),
    ({"shift_at": "09:00", "shift_from": day(5), "shift_until": day(4)}, "comes after"),
    ({"shift_at": "03:00", "shift_until": day(5), "quiet_from": "21:00", "quiet_until": "08:00"}, "on their phone"),
    ({"quiet_from": "13:00", "quiet_until": "14:00"}, "in which they want none"),
]  # fmt: skip


def test_what_makes_no_sense_is_said_beside_its_field_and_changes_nothing(ben, cast, place):
    on(cast)
    page = ben.page(place)
    for typed, said in NO_SENSE:
        refused = ben.read(ben.send(page, "/hours", 422, **{**SET, **typed}), 422)
        assert said in words(refused.find(class_="nhsuk-error-summary")), typed
    assert [rule.at for rule in rules_of(cast.anna)] == ["18:00"]
