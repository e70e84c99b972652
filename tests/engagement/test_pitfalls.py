"""The pitfalls of clinical.md F3, each by its number and with the way it is handled."""

from datetime import date

import pytest

from server.engagement.rules import (
    Figures,
    Saved,
    Share,
    attempts,
    back_filled,
    between_persons,
    client_weighted,
    completion,
    entry_lag_hours,
    exemptions,
    landmark,
    on_time,
    pooled,
    quality,
    weeks_of,
    weighted,
    with_next,
    within_person,
)
from tests.engagement.occurrences import DAY, DUE, HOUR, many, told


def test_f3_1_a_share_always_carries_what_it_is_of():
    assert (completion(many(done=2)).of, completion(many(done=2, no_answer=5)).of) == (2, 7)


@pytest.mark.parametrize(
    ("count", "of", "low", "high"), [(3, 5, 23, 88), (6, 10, 31, 83), (60, 100, 50, 69), (0, 5, 0, 43), (5, 5, 57, 100)]
)
def test_f3_2_a_small_number_says_how_little_it_says(count, of, low, high):
    found = Share(count, of).likely
    assert [round(100 * edge) for edge in found] == [low, high]


def test_f3_2_no_percentage_under_eight():
    assert (Share(5, 7).percent, Share(6, 8).percent, Share(0, 0).likely) == (None, 75, None)


def test_f3_3_exemptions_are_in_one_figure_and_out_of_the_other_and_are_counted_themselves():
    week = many(done=2, not_done=1, exempt=3)
    assert completion(week) == Share(2, 3)
    assert completion(week, exempt_too=True) == attempts(week, exempt_too=True) == Share(2, 6)
    assert exemptions(week) == Share(3, 6)


def test_f3_4_a_diary_for_panic_that_stayed_empty_lowers_nothing():
    quiet = [told("no_answer", 1, when_it_happens=True), told("unknown", 2, when_it_happens=True)]
    week = [*many(done=1), *quiet, told("nothing_happened", 9)]
    assert completion(week) == Share(1, 1)
    figures = Figures(tuple(week))
    assert (figures.need_not_have_happened, figures.no_answer, figures.not_known) == (2, 0, 0)


def test_f3_5_what_was_partly_done_is_never_dropped():
    week = many(partial=1, not_done=1)
    assert (attempts(week), completion(week), weighted(week)) == (Share(1, 2), Share(0, 2), 0.25)


ATTENDED = [DUE - 14 * DAY, DUE - 7 * DAY, DUE]


def test_f3_6_a_landmark_counts_nothing_after_it_and_nobody_who_left_before():
    work = [told("done", 1, due=DUE - DAY), told("no_answer", 2, due=DUE - DAY), told("done", 3, due=DUE + DAY)]
    found = landmark(work, ATTENDED, None)
    assert (found.at, found.tried) == (DUE, Share(1, 2))
    assert landmark(work, ATTENDED[:2], None) is None
    assert landmark(work, ATTENDED, ended_at=DUE) is None
    assert landmark(work, ATTENDED, ended_at=DUE + DAY) == found


def test_f3_7_engagement_is_set_beside_the_score_that_comes_after_it():
    assert with_next([0.2, 0.8, None], [15, 12, 9]) == [(0.2, 12), (0.8, 9), (None, None)]


def test_f3_8_what_is_rated_and_what_is_counted_are_reported_apart():
    found = quality(helped=[4], by_practitioner=[0], entries=[(1, 2)], changes=[])
    assert (found.helped.mean, found.by_practitioner.mean, found.completeness.mean) == (4, 0, 0.5)
    assert not hasattr(found, "score"), "never one number"


def test_f3_9_by_when_it_happened_not_by_when_it_was_sent():
    late = told("done", happened_at=DUE - HOUR, arrived_at=DUE + 9 * DAY)
    assert on_time([late]) == Share(1, 1)


@pytest.mark.parametrize(("hours", "back"), [(0, 0), (24, 0), (24.1, 1), (72, 1)])
def test_f3_9_m10_back_filled_means_saved_more_than_a_day_later(hours, back):
    saved = [Saved(DUE, DUE + hours * HOUR)]
    assert (back_filled(saved), entry_lag_hours(saved)) == (Share(back, 1), hours)
    assert (back_filled([]), entry_lag_hours([])) == (Share(0, 0), None)


def test_f3_10_paper_and_phone_count_like_any_other():
    by_paper = told("done", medium="paper", entered_by="practitioner")
    assert completion([by_paper, told("not_done", 2)]) == Share(1, 2)


def test_f3_11_no_answer_unknown_and_not_done_stand_apart():
    figures = Figures(tuple(many(not_done=1, no_answer=2, unknown=3)))
    assert (figures.count("not_done"), figures.no_answer, figures.not_known) == (1, 2, 3)
    assert (completion(figures.told).of, completion(figures.told, leave_out_unknown=True).of) == (6, 3)


def test_f3_13_the_mean_of_ratios_and_the_ratio_of_sums_differ_and_both_are_there():
    shares = [Share(1, 1), Share(2, 9), Share(0, 0)]
    assert client_weighted(shares) == pytest.approx((1 + 2 / 9) / 2)
    assert pooled(shares) == Share(3, 10)
    assert client_weighted([Share(0, 0)]) is None


def test_m12_sets_a_person_against_themself_and_then_persons_against_each_other():
    assert within_person([0.2, None, 0.6]) == [pytest.approx(-0.2), None, pytest.approx(0.2)]
    assert between_persons([0.4, 0.8, None]) == [pytest.approx(-0.2), pytest.approx(0.2), None]
    assert within_person([None]) == [None]


def test_a_week_counts_what_was_stored():
    rows = [told("done", 1), told("no_answer", 2, stored="open"), told("unknown", 3, stored="moved"), *many(exempt=1)]
    [week] = weeks_of([*rows, told("withdrawn", 9)])
    assert week.monday == date(2026, 11, 2)
    assert week.counts == {"done": 1, "open": 1, "moved": 1, "exempt": 1, "withdrawn": 1}
