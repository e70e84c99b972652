"""A count put on single times, as rules: which of them, and when each counts as done."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.assignments.rules import ANSWER_OF, OpenTime, end_of_day, fill, happened_by, in_order, on_day

LONDON = ZoneInfo("Europe/London")
MONDAY = date(2026, 11, 16)


def day(number: int, slot: str = "", told: bool = False) -> OpenTime:
    """A time of one day, so many days after Monday."""
    on = MONDAY + timedelta(days=number)
    return OpenTime(slot or f"{on}#1", on, on, end_of_day(on, LONDON), told)


def in_week(number: int) -> OpenTime:
    """A time of any day of the week from Monday on."""
    sunday = MONDAY + timedelta(days=6)
    return OpenTime(f"w1#{number}", MONDAY, sunday, end_of_day(sunday, LONDON))


def test_the_earliest_times_are_filled_done_before_tried_before_not_done():
    times = [day(3), day(0), day(2), day(1)]
    filled = fill(times, {"done": 1, "tried": 1, "not_done": 1}, MONDAY + timedelta(days=5))
    assert [(one.slot, answer) for one, answer in filled] == [
        ("2026-11-16#1", "done"),
        ("2026-11-17#1", "tried"),
        ("2026-11-18#1", "not_today"),
    ]


def test_what_was_put_off_comes_last():
    filled = fill([day(0, told=True), day(4)], {"done": 1}, MONDAY + timedelta(days=5))
    assert [one.slot for one, _ in filled] == ["2026-11-20#1"]


def test_a_tenth_time_of_a_week_comes_after_the_second():
    assert [one.slot for one in in_order([in_week(10), in_week(2)], MONDAY)] == ["w1#2", "w1#10"]


def test_a_day_that_has_not_come_is_not_filled():
    assert [one.slot for one in in_order([day(0), day(1)], MONDAY)] == ["2026-11-16#1"]
    with pytest.raises(ValueError):
        fill([day(0), day(1)], {"done": 2}, MONDAY)


def test_what_was_done_on_a_day_is_for_the_time_of_that_day():
    assert on_day([day(0), day(1)], MONDAY + timedelta(days=1)) == "2026-11-17#1"
    assert on_day([day(0)], MONDAY + timedelta(days=1)) is None
    assert on_day([in_week(2), in_week(1)], MONDAY + timedelta(days=3)) == "w1#1"


OPENS = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("one", "closes", "counts"),
    [
        (day(1), None, datetime(2026, 11, 17, 12, 0, tzinfo=UTC)),  # noon of its day
        (day(4), None, NOW),  # today, and noon has not come
        (in_week(1), None, NOW),  # any day of a week that still runs
        (in_week(1), datetime(2026, 11, 18, 10, 0, tzinfo=UTC), datetime(2026, 11, 18, 9, 59, tzinfo=UTC)),
        (day(0), None, datetime(2026, 11, 16, 12, 0, tzinfo=UTC)),
    ],
)
def test_it_counts_from_noon_of_its_last_day_within_its_interval(one, closes, counts):
    assert happened_by(one, OPENS, closes, NOW, LONDON) == counts


def test_a_time_of_the_morning_before_the_appointment_counts_after_it():
    afternoon = datetime(2026, 11, 16, 15, 0, 20, tzinfo=UTC)
    assert happened_by(day(0), afternoon, None, NOW, LONDON) == datetime(2026, 11, 16, 15, 1, tzinfo=UTC)


@given(
    numbers=st.lists(st.integers(0, 20), unique=True, max_size=12),
    counts=st.fixed_dictionaries({name: st.integers(0, 5) for name in ANSWER_OF}),
    opens=st.integers(0, 60 * 24 * 10),
    lasts=st.one_of(st.none(), st.integers(10, 60 * 24 * 14)),
)
def test_every_count_that_fits_is_kept_and_lies_in_its_interval(numbers, counts, opens, lasts):
    today = MONDAY + timedelta(days=20)
    times = [day(number) for number in numbers]
    if sum(counts.values()) > len(times):
        with pytest.raises(ValueError):
            fill(times, counts, today)
        return
    filled = fill(times, counts, today)
    assert len({one.slot for one, _ in filled}) == len(filled)
    for name, answer in ANSWER_OF.items():
        assert sum(said == answer for _, said in filled) == counts[name]
    opened = OPENS + timedelta(minutes=opens)
    closes = opened + timedelta(minutes=lasts) if lasts else None
    now = datetime(2026, 12, 10, 8, 0, tzinfo=UTC)
    for one, _ in filled:
        if one.due_at > opened + timedelta(minutes=2) and (closes is None or one.due_at < closes):
            at = happened_by(one, opened, closes, now, LONDON)
            assert opened <= min(at, one.due_at) <= now and (closes is None or at < closes)
