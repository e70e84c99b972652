"""How much is agreed in a week, the next smaller step, and what changed between two versions."""

from datetime import date
from types import SimpleNamespace

import pytest

from server.assignments.rules import (
    Amount,
    Rhythm,
    changes,
    differences,
    goes_on,
    last_day,
    needs_when,
    plan_specificity,
    smaller,
    times_a_week,
    unsaid,
    weekly_load,
)

TODAY = date(2026, 11, 18)
ALL = ("once", "daily", "per_week", "weekdays", "weekly", "per_appointment", "monthly", "event")


@pytest.mark.parametrize(
    ("rhythm", "times"),
    [
        (Rhythm("daily"), 7),
        (Rhythm("daily", 3), 21),
        (Rhythm("per_week", 3), 3),
        (Rhythm("weekdays", weekdays=(0, 3)), 2),
        (Rhythm("weekly"), 1),
        (Rhythm("once"), 1),
        (Rhythm("per_appointment"), 1),
        (Rhythm("event"), 1),
    ],
)
def test_each_rhythm_asks_for_so_many_times_a_week(rhythm, times):
    assert times_a_week(rhythm) == times and weekly_load([rhythm]) == times


def test_a_load_is_the_sum_with_a_part_counted_as_whole():
    assert weekly_load([]) == 0
    assert weekly_load([Rhythm("monthly")]) == 1
    assert weekly_load([Rhythm("monthly"), Rhythm("monthly"), Rhythm("daily"), Rhythm("per_week", 2)]) == 10


def test_every_rhythm_has_a_load():
    for kind in ALL:
        assert times_a_week(Rhythm(kind, weekdays=(1,))) > 0


def test_what_is_done_once_or_has_ended_does_not_go_on():
    assert goes_on(Rhythm("daily"), TODAY, None, TODAY) and goes_on(Rhythm("daily"), TODAY, TODAY, TODAY)
    assert not goes_on(Rhythm("daily"), date(2026, 11, 1), date(2026, 11, 17), TODAY)
    assert not goes_on(Rhythm("once"), TODAY, None, TODAY)
    assert last_day(Rhythm("once"), TODAY, None) == date(2026, 11, 24)
    assert last_day(Rhythm("once"), TODAY, TODAY) == TODAY and last_day(Rhythm("daily"), TODAY, None) is None


def test_a_smaller_step_is_a_smaller_size_with_half_the_minutes():
    first = smaller(Amount("usual", Rhythm("per_week", 3), "30 minutes"), ALL)
    assert first == Amount("small", Rhythm("per_week", 3), "15 minutes")
    assert smaller(Amount("bigger", Rhythm("weekly"), "an hour"), ALL) == Amount("usual", Rhythm("weekly"), "an hour")


@pytest.mark.parametrize(
    ("words", "fewer"),
    [("45 min", "20 min"), ("about 8 minutes", "about 5 minutes"), ("5 minutes", "5 minutes"), ("2 hours", "2 hours")],
)
def test_minutes_are_halved_in_fives_and_never_below_five(words, fewer):
    assert smaller(Amount("usual", Rhythm("weekly"), words), ALL).how_long == fewer


def test_the_smallest_size_is_asked_for_less_often():
    often = [Rhythm("daily", 2)]
    while (less := smaller(Amount("small", often[-1]), ALL)) is not None:
        often.append(less.rhythm)
    assert [(one.kind, one.times) for one in often] == [
        *(("daily", 2), ("daily", 1)),
        *(("per_week", 4), ("per_week", 3), ("per_week", 2), ("per_week", 1)),
    ]
    assert smaller(Amount("small", Rhythm("weekdays", weekdays=(0, 3))), ALL).rhythm.weekdays == (0,)


def test_nothing_is_smaller_than_the_smallest():
    assert smaller(Amount("small", Rhythm("daily")), ["daily"]) is None, "only rhythms the worksheet allows"
    for kind in ("once", "weekly", "event", "monthly", "per_appointment"):
        assert smaller(Amount("small", Rhythm(kind), "5 minutes"), ALL) is None


def test_every_step_is_less_or_there_is_none():
    one = Amount("bigger", Rhythm("daily", 3), "60 minutes")
    steps = 0
    while (following := smaller(one, ALL)) is not None:
        assert weekly_load([following.rhythm]) <= weekly_load([one.rhythm]) and following != one
        one, steps = following, steps + 1
    assert steps < 20


def test_what_is_unsaid_and_what_is_said_make_eight():
    plan = {"where": "kitchen", "then": " ", "at": "18:30", "confidence": 0}
    assert unsaid(plan) == ("with_whom", "how_long", "reminder", "obstacle", "then")
    assert plan_specificity(plan) == 3


def test_a_plan_says_when_unless_it_is_done_when_it_happens():
    assert needs_when("daily", {"where": "kitchen", "weekdays": [0]})
    assert not needs_when("daily", {"when": "after tea"}) and not needs_when("daily", {"at": "18:30"})
    assert not needs_when("event", {})


def version(**parts):
    held = {"title": "Walk", "reason": "It lifts you.", "rhythm": {"kind": "weekly"}, "size": "usual"}
    return SimpleNamespace(**{**held, "until_date": None, "plan": {}, **parts})


def test_only_what_differs_is_told():
    before = version(plan={"when": "after lunch", "where": "", "confidence": None, "weekdays": None})
    after = version(plan={"when": "18:30", "confidence": 0, "weekdays": []}, size="small")
    told = [(one.part, one.was, one.now) for one in differences(before, after)]
    assert told == [("size", "usual", "small"), ("when", "after lunch", "18:30"), ("confidence", None, 0)]


def test_days_that_the_rhythm_names_are_told_once():
    before = version(rhythm={"kind": "weekdays", "weekdays": [0]}, plan={"weekdays": [0]})
    after = version(rhythm={"kind": "weekdays", "weekdays": [0, 3]}, plan={"weekdays": [0, 3]})
    assert [one.part for one in differences(before, after)] == ["rhythm"]


def test_changes_come_newest_first_and_one_that_changed_nothing_is_left_out():
    one, same, two = version(), version(plan={"where": " "}), version(plan={"where": "in the park"})
    found = changes([one, same, two])
    assert [(change.version, change.parts[0].now) for change in found] == [(two, "in the park")]
    assert changes([one]) == []
