"""When an assignment falls due, by rhythm, over changes, ends and clock changes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from server.assignments.rules import Rhythm, Span, Window, end_of_day, plan_specificity, slots

MONDAY = date(2026, 11, 2)


def laid(*spans, agreed=MONDAY, horizon=MONDAY + timedelta(days=27), windows=()):
    return [(s.key, s.opens_on, s.due_on) for s in slots(list(spans), agreed, horizon, windows)]


def keys(*args, **kwargs):
    return [key for key, _, _ in laid(*args, **kwargs)]


def test_three_a_week_are_three_undated_slots_open_all_week():
    found = laid(Span(1, Rhythm("per_week", 3), MONDAY, MONDAY + timedelta(days=13)))
    assert [one[0] for one in found] == ["w1#1", "w1#2", "w1#3", "w2#1", "w2#2", "w2#3"]
    assert found[0][1:] == (MONDAY, date(2026, 11, 8))


def test_a_last_part_week_asks_for_its_share_rounded_down():
    assert keys(Span(1, Rhythm("per_week", 3), MONDAY, MONDAY + timedelta(days=11))) == [
        *("w1#1", "w1#2", "w1#3"),
        *("w2#1", "w2#2"),  # five days: 3 x 5 / 7 = 2.14
    ]
    assert keys(Span(1, Rhythm("per_week", 3), MONDAY, MONDAY + timedelta(days=8))) == ["w1#1", "w1#2", "w1#3"]


def test_a_week_counts_from_the_day_it_was_agreed():
    thursday = date(2026, 11, 5)
    found = laid(Span(1, Rhythm("weekly"), thursday, None), agreed=thursday, horizon=thursday + timedelta(days=8))
    assert found == [("w1#1", thursday, date(2026, 11, 11)), ("w2#1", date(2026, 11, 12), date(2026, 11, 18))]


def test_daily_and_weekdays_are_dated():
    assert keys(Span(1, Rhythm("daily", 2), MONDAY, MONDAY)) == ["2026-11-02#1", "2026-11-02#2"]
    found = keys(Span(1, Rhythm("weekdays", 1, (1, 3)), MONDAY, MONDAY + timedelta(days=6)))
    assert found == ["2026-11-03#1", "2026-11-05#1"]


def test_a_changed_sentence_does_not_cut_a_week_in_two():
    three = Rhythm("per_week", 3)
    thursday = MONDAY + timedelta(days=3)
    assert keys(Span(1, three, MONDAY, None), Span(2, three, thursday, None)) == keys(Span(1, three, MONDAY, None))


def test_a_changed_rhythm_leaves_past_slots_as_they_were():
    changed = MONDAY + timedelta(days=7)
    found = keys(Span(1, Rhythm("daily"), MONDAY, None), Span(2, Rhythm("per_week", 2), changed, None))
    assert found[:7] == [f"2026-11-0{n}#1" for n in range(2, 9)]
    assert found[7:9] == ["w2#1", "w2#2"]


def test_per_appointment_has_one_slot_an_interval():
    noon = datetime(2026, 11, 9, 12, tzinfo=UTC)
    windows = [
        Window("start", MONDAY, date(2026, 11, 9), noon),
        Window("abc", date(2026, 11, 9), date(2026, 11, 20), noon + timedelta(days=11)),
    ]
    found = slots([Span(1, Rhythm("per_appointment"), MONDAY, None)], MONDAY, date(2026, 11, 29), windows)
    assert [(slot.key, slot.due_at) for slot in found] == [
        ("i:start", noon),
        ("i:abc", noon + timedelta(days=11)),
    ]


def test_monthly_keeps_the_day_and_uses_the_last_of_a_short_month():
    found = laid(
        Span(1, Rhythm("monthly"), date(2026, 12, 31), None), agreed=date(2026, 12, 31), horizon=date(2027, 3, 31)
    )
    assert [one[0] for one in found] == ["2026-12-31#1", "2027-01-31#1", "2027-02-28#1", "2027-03-31#1"]


def test_a_day_ends_at_midnight_of_the_clients_own_clock():
    london = ZoneInfo("Europe/London")
    assert end_of_day(date(2026, 10, 24), london) == datetime(2026, 10, 24, 23, tzinfo=UTC)
    assert end_of_day(date(2026, 10, 25), london) == datetime(2026, 10, 26, 0, tzinfo=UTC)  # 25 hours later


@given(
    st.sampled_from(["once", "daily", "per_week", "weekdays", "weekly", "monthly", "event"]),
    st.integers(1, 5),
    st.integers(0, 40),
    st.integers(0, 20),
)
def test_looking_further_ahead_only_adds(kind, times, horizon, more):
    span = Span(1, Rhythm(kind, times, (0, 2)), MONDAY, None)
    near = slots([span], MONDAY, MONDAY + timedelta(days=horizon))
    far = slots([span], MONDAY, MONDAY + timedelta(days=horizon + more))
    assert set(near) <= set(far)
    assert len({slot.key for slot in far}) == len(far)


def test_a_plan_is_as_definite_as_the_parts_it_says():
    assert plan_specificity({}) == 1
    assert plan_specificity({"at": "13:30", "where": "at my desk", "then": " "}) == 3


def test_what_a_change_of_rhythm_took_back_is_spare_and_keeps_its_name():
    thursday = MONDAY + timedelta(days=2)
    spans = [Span(1, Rhythm("per_week", 3), MONDAY, None), Span(2, Rhythm("per_week", 5), thursday, None)]
    found = slots(spans, MONDAY, MONDAY + timedelta(days=6), spares=True)
    assert [slot.key for slot in found if slot.spare] == ["w1#1", "w1#2", "w1#3"]
    assert [slot.key for slot in found if not slot.spare] == ["w1#4", "w1#5", "w1#6"]  # 5 x 5 / 7
    assert [slot for slot in found if not slot.spare] == slots(spans, MONDAY, MONDAY + timedelta(days=6))


def test_a_change_on_the_first_day_of_a_week_takes_nothing_back():
    later = MONDAY + timedelta(days=7)
    spans = [Span(1, Rhythm("per_week", 3), MONDAY, None), Span(2, Rhythm("per_week", 1), later, None)]
    found = slots(spans, MONDAY, later, spares=True)
    assert [(slot.key, slot.spare) for slot in found] == [
        *(("w1#1", False), ("w1#2", False), ("w1#3", False)),
        ("w2#1", False),
    ]
