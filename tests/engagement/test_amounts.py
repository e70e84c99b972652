"""M3, M4, M6, M7 and M14 by their formulas, at the edges."""

from datetime import date

import pytest

from server.engagement.rules import (
    Figures,
    Share,
    active_days,
    active_intervals,
    as_intended,
    barrier_profile,
    interval_score,
    used_as_intended,
    weighted,
)
from tests.engagement.occurrences import many, told


@pytest.mark.parametrize(("partial", "m3"), [(0, 2.5 / 6), (0.5, 3.5 / 6), (1, 4.5 / 6)])
def test_m3_weighs_done_1_partly_and_tried_a_half_and_the_rest_0(partial, m3):
    # two done, two partly, one tried, one not done: 2 + 2w + 0.5 of 6
    assert weighted(many(done=2, partial=2, tried=1, not_done=1), partial) == pytest.approx(m3)


def test_m3_leaves_the_unknown_out_or_counts_it_as_nothing():
    week = many(done=1, tried=1, unknown=2, exempt=3)
    assert weighted(week) == pytest.approx(1.5 / 4)
    assert weighted(week, leave_out_unknown=True) == pytest.approx(1.5 / 2)
    assert weighted(many(exempt=1)) is None


@pytest.mark.parametrize(
    ("m3", "score"),
    [
        (None, None), (0, 0), (0.001, 1), (0.249, 1), (0.25, 2), (0.499, 2), (0.5, 3), (0.899, 3), (0.9, 4), (1, 4),
    ],
)  # fmt: skip
def test_m4_puts_m3_into_five_steps(m3, score):
    assert interval_score(m3) == score


def test_m6_divides_what_was_tried_by_what_was_agreed_and_never_exceeds_1():
    # agreed three; one exempt stays below the line, since it was agreed
    assert as_intended(many(done=1, not_done=1, exempt=1)) == pytest.approx(1 / 3)
    assert as_intended([told("done", 1, extra=4), told("not_done", 2)]) == 1
    assert as_intended([told("done", when_it_happens=True)]) is None


@pytest.mark.parametrize(("done", "other", "enough"), [(1, 1, True), (1, 2, False), (0, 0, None)])
def test_m6_is_met_from_a_half_of_what_was_agreed(done, other, enough):
    assert used_as_intended(many(done=done, no_answer=other)) is enough


def test_m7_counts_each_day_once_and_both_ends():
    monday, sunday = date(2026, 11, 2), date(2026, 11, 8)
    days = [monday, monday, sunday, date(2026, 11, 9)]
    assert active_days(days, monday, sunday) == Share(2, 7)
    assert active_days([], sunday, sunday) == Share(0, 1)


def test_m7_leaves_out_an_interval_in_which_nothing_was_due():
    several = [Figures(tuple(many(**counts))) for counts in ({"tried": 1}, {"not_done": 2}, {"exempt": 1}, {})]
    assert active_intervals(several) == Share(1, 2)


def test_m14_shares_are_of_what_was_not_completed():
    week = [*many(done=3, no_answer=1), *(told("not_done", n, barrier="no_time") for n in (11, 12))]
    week.append(told("tried", 13, barrier="too_hard"))
    assert barrier_profile(week) == {"no_time": Share(2, 4), "too_hard": Share(1, 4)}
