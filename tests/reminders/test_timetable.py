"""Which reminders come when all of a client's hours are taken together. What holds for any hours: test_laws."""

import json
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from server.reminders import rules, wishes
from server.reminders.rules import Hours
from server.reminders.timetable import BEFORE, LATER, OWN, Known, Rule, coming, walk

# The phone reads them too.
NONE = {"from": "00:00", "until": "00:00"}
TIMES = json.loads((Path(__file__).parents[1] / "vectors/reminder-times.json").read_text("utf-8"))
LONDON = "Europe/London"
EVERY_DAY = [0, 1, 2, 3, 4, 5, 6]
MONDAY = date(2026, 11, 23)

NOTHING = Known()


def day(n):
    return MONDAY + timedelta(days=n)


def own(at="13:30", key="own", about=None, steady=False, most=None, weekdays=EVERY_DAY, zone=LONDON, **more):
    hours = Hours.of(at=at, weekdays=weekdays, zone=zone, **more)
    return Rule(key, hours, OWN, about, steady=steady, most=most)


def other(kind, at, key, on=None, zone=LONDON, **more):
    hours = Hours.of(at=at, weekdays=EVERY_DAY, zone=zone, from_date=on, until_date=on, **more)
    return Rule(key, hours, kind)


def found(rules_, known=NOTHING, days=30, start=MONDAY):
    begin = datetime.combine(start, time(0), UTC)
    return coming(rules_, known, begin, begin + timedelta(days=days))


def days_of(*rules_, known=NOTHING, days=40):
    return [(due.local_date - MONDAY).days for _, due in found(rules_, known, days)]


def test_somebody_who_says_nothing_gets_fewer_then_one_at_7_and_one_at_14_days_then_none():
    silent = Known(signs=frozenset({MONDAY}))
    assert days_of(own(), known=silent) == [0, 1, 2, 3, 5, 7, 14]
    assert days_of(own(weekdays=[0]), known=silent) == [0, 7, 14]
    assert days_of(own(weekdays=[2]), known=silent) == [2, 9, 16]
    assert days_of(own(steady=True), known=silent) == list(range(40))


def test_the_next_appointment_brings_them_back_and_so_does_looking_in():
    assert days_of(own(), known=Known(frozenset({MONDAY}), meetings=frozenset({day(20)})))[6:] == [
        14,
        20,
        21,
        22,
        23,
        25,
        27,
        34,
    ]
    assert days_of(own(), known=Known(frozenset({MONDAY, day(4)})), days=12) == [0, 1, 2, 3, 4, 5, 6, 7, 9, 11]


def test_a_holiday_is_no_silence():
    away = own(paused_from=day(1), paused_until=day(21))
    assert days_of(away, known=Known(frozenset({MONDAY})), days=26) == [0, 21, 22, 23, 24]


def test_two_hours_share_the_days_of_silence():
    pair = own("09:00", "a"), own("18:00", "b", about="walk")
    told = found(pair, Known(frozenset({MONDAY})), 16)
    assert sorted((due.local_date - MONDAY).days for _, due in told) == sorted(2 * [0, 1, 2, 3, 5, 7, 14])


def test_so_many_a_day_as_they_said():
    three = [own("09:00", "a"), own("12:00", "b", about="walk"), own("18:00", "c", about="read")]
    assert [due.slot for _, due in found(three, days=1)] == ["09:00", "12:00"]
    assert [due.slot for _, due in found([own("09:00", "a", most=1), *three[1:]], days=1)] == ["09:00"]
    assert found([own("09:00", "a", most=1), *three[1:]], Known(sent={MONDAY: 1}), days=1) == []


def test_two_for_one_time_are_one_and_the_one_about_one_thing():
    [(rule, _)] = found([own(key="a"), own(key="b", about="walk")], days=1)
    assert rule.key == "b"


def test_other_hours_hold_on_the_days_of_a_shift():
    shift = {"from": "2026-11-24", "until": "2026-11-25", "at": "03:00", "quiet": {"from": "08:00", "until": "16:00"}}
    nights = own("13:30", quiet={"from": "22:00", "until": "07:00"}, shift=shift)
    assert [due.slot for _, due in found([nights], days=4)] == ["13:30", "03:00", "13:30"]
    assert rules.is_quiet(nights.hours, datetime(2026, 11, 24, 12, tzinfo=UTC))
    assert not rules.is_quiet(nights.hours, datetime(2026, 11, 26, 12, tzinfo=UTC))


def test_a_night_that_began_before_a_shift_or_in_it_is_quiet_to_its_end():
    base, early = {"from": "22:00", "until": "07:00"}, {"from": "20:00", "until": "04:00"}
    nights = own("13:30", quiet=base, shift={"from": "2026-11-24", "until": "2026-11-26", "at": "03:00", "quiet": NONE})
    # Asleep in the night to the 24th; from then on awake at three, until the shift is over.
    assert [f"{due.local_date:%d} {due.slot}" for _, due in found([nights], days=5)] == [
        "23 13:30", "25 03:00", "26 03:00", "27 13:30",
    ]  # fmt: skip
    mornings = own("13:30", shift={"from": "2026-11-24", "until": "2026-11-24", "at": "12:00", "quiet": early}).hours
    asleep = [rules.is_quiet(mornings, datetime(2026, 11, day, 2, tzinfo=UTC)) for day in (24, 25, 26)]
    assert asleep == [False, True, False]  # the evening of the 24th goes on after midnight, whatever the 25th says


def test_the_day_before_an_appointment_beside_the_own_hours_and_never_three_a_day():
    known = Known(meetings=frozenset({day(2)}))
    told = found([own("09:00", "a", most=2), own("12:00", "b", "walk"), other(BEFORE, "18:00", "m")], known, 3)
    assert [(due.local_date, due.slot) for rule, due in told if rule.key == "m"] == [(day(1), "18:00")]
    assert Counter(due.local_date for _, due in told) == {MONDAY: 2, day(1): 2, day(2): 2}


def test_what_went_out_before_an_appointment_this_morning_leaves_no_room_for_a_third_tonight():
    known = Known(meetings=frozenset({day(1)}), sent={MONDAY: 1})
    rules_ = [own("09:00", "a", most=2), own("18:00", "b", "walk"), other(BEFORE, "10:00", "m")]
    noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert coming(rules_, known, noon, noon + timedelta(hours=12)) == []


def test_later_comes_once_though_the_day_had_its_own():
    told = found([own("09:00", "a"), other(LATER, "10:15", "l", MONDAY)], Known(sent={MONDAY: 1}), 1)
    assert [due.slot for _, due in told] == ["10:15"]


def test_after_silence_each_of_the_two_messages_comes_once_whatever_days_there_are():
    for step in range(1, 7):
        went = sorted((one - MONDAY).days for one in walk(MONDAY, [day(n) for n in range(step, 29, step)]))
        assert len([n for n in went if 7 <= n < 14]) == 1 and len([n for n in went if n >= 14]) == 1


@pytest.mark.parametrize("case", TIMES, ids=[case["name"] for case in TIMES])
def test_the_phone_shows_the_times_that_are_planned(case):
    now = datetime.fromisoformat(case["now"]).replace(tzinfo=UTC)  # in winter London's clock is UTC
    wish = wishes.own({"on": True, "level": 1, **case["rule"]}, LONDON)
    hours = Hours.of(at=wish.at, weekdays=wish.weekdays, zone=LONDON, quiet=wish.quiet, shift=wish.shift,
                     paused_from=wish.paused_from, paused_until=wish.paused_until)  # fmt: skip
    told = rules.moments(hours, now, now + timedelta(days=42))[:5]
    assert [f"{due.local_date}T{due.slot}" for due in told] == case["expect"]
