"""M11: who disengaged and when, and the share of all who began, with discharge as a competing event."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.engagement.rules import (
    DISCHARGED,
    DISENGAGED,
    Done,
    Figures,
    Followed,
    cumulative_incidence,
    disengagement,
    still_engaged,
)
from tests.engagement.occurrences import DAY, DUE, many

BEGAN = DUE - 70 * DAY
D, X = DISENGAGED, DISCHARGED


def followed(*intervals, entries=(), ended=None, as_of=60, known=None) -> Followed:
    """Days from the start: (closes on day, occurrences), entries, discharge, the end of looking."""
    return disengagement(
        began_at=BEGAN,
        intervals=[Done(BEGAN + day * DAY, Figures(tuple(many(**work)))) for day, work in intervals],
        entries_at=[BEGAN + day * DAY for day in entries],
        ended_at=None if ended is None else BEGAN + ended * DAY,
        as_of=BEGAN + as_of * DAY,
        known_until=None if known is None else BEGAN + known * DAY,
    )


WEEKLY = tuple(range(0, 60, 7))


def test_two_intervals_in_a_row_with_nothing_tried_are_disengagement_at_the_end_of_the_second():
    assert followed((7, {"not_done": 1}), (14, {"no_answer": 2}), entries=WEEKLY) == Followed(14, D)
    assert followed((7, {"not_done": 1}), (14, {"tried": 1}), (21, {"not_done": 1}), entries=WEEKLY).event is None


def test_an_interval_in_which_nothing_was_eligible_is_passed_over():
    found = followed((7, {"not_done": 1}), (14, {"exempt": 1}), (21, {"not_done": 1}), entries=WEEKLY)
    assert found == Followed(21, D)


@pytest.mark.parametrize(("last", "as_of", "event"), [(10, 30.9, None), (10, 31, D), (0, 21, D), (0, 20, None)])
def test_twenty_one_days_without_an_entry_are_disengagement(last, as_of, event):
    found = followed(entries=[last], as_of=as_of)
    assert found == Followed(last + 21 if event else as_of, event)


def test_a_later_entry_does_not_undo_it():
    assert followed(entries=[1, 40], as_of=50) == Followed(22, D)


def test_who_is_discharged_before_cannot_disengage():
    assert followed(entries=[1], ended=15) == Followed(15, X)
    assert followed((7, {"not_done": 1}), (14, {"not_done": 1}), entries=WEEKLY, ended=10) == Followed(10, X)


def test_a_silence_that_may_be_a_phone_without_signal_is_disengagement_one_way_and_not_the_other():
    quiet = {"entries": [1], "as_of": 60}
    assert followed((7, {"unknown": 3}), (14, {"unknown": 3}), **quiet) == Followed(14, D)
    assert followed((7, {"unknown": 3}), (14, {"unknown": 3}), known=12, **quiet) == Followed(12, None)


SIX = [Followed(1, D), Followed(2, None), Followed(3, X), Followed(4, D), Followed(5, None), Followed(6, D)]


def test_cumulative_incidence_agrees_with_a_table_worked_by_hand():
    # day 1: 1/6 · day 3: S = 5/6 x 3/4 = 5/8 · day 4: 1/6 + 5/8 x 1/3 = 3/8, S = 5/12 · day 6: 3/8 + 5/12 = 19/24
    assert cumulative_incidence(SIX, D) == [
        (1, pytest.approx(1 / 6)),
        (4, pytest.approx(3 / 8)),
        (6, pytest.approx(19 / 24)),
    ]
    assert cumulative_incidence(SIX, X) == [(3, pytest.approx(5 / 6 / 4))]


def test_discharge_as_censoring_would_have_called_everybody_disengaged():
    censored = [Followed(one.days, D if one.event == D else None) for one in SIX]
    assert cumulative_incidence(censored, D)[-1][1] == pytest.approx(1)
    assert cumulative_incidence(SIX, D)[-1][1] < 0.8


def by_redistribution(courses: list[Followed], event: str) -> list[tuple[float, Fraction]]:
    """The same another way (Efron 1967): whoever goes out of sight gives their weight to all who are still in it."""
    ordered = sorted(courses, key=lambda one: (one.days, one.event is None))
    weights = [Fraction(1, len(ordered))] * len(ordered)
    incidence, found = Fraction(0), {}
    for n, one in enumerate(ordered):
        later = range(n + 1, len(ordered))
        if one.event is None:
            for m in later:
                weights[m] += weights[n] / len(later)
        elif one.event == event:
            incidence += weights[n]
            found[one.days] = incidence
    return sorted(found.items())


COURSES = st.lists(
    st.builds(Followed, st.integers(1, 12).map(float), st.sampled_from([D, X, None])), min_size=1, max_size=30
)


@given(COURSES)
def test_cumulative_incidence_agrees_with_another_way_to_the_same_curve(courses):
    expected = [(day, pytest.approx(float(share))) for day, share in by_redistribution(courses, D)]
    assert cumulative_incidence(courses, D) == expected


@given(COURSES)
def test_disengaged_discharged_and_still_there_are_everybody(courses):
    ends = [(cumulative_incidence(courses, event) or [(0, 0.0)])[-1][1] for event in (D, X)]
    free = (still_engaged(courses) or [(0, 1.0)])[-1][1]
    assert sum(ends) + free == pytest.approx(1)
    for curve in (cumulative_incidence(courses, D), cumulative_incidence(courses, X)):
        assert all(a[1] < b[1] for a, b in pairwise(curve))


@given(COURSES, st.randoms())
def test_the_order_of_people_changes_nothing(courses, chance):
    mixed = list(courses)
    chance.shuffle(mixed)
    assert cumulative_incidence(mixed, D) == cumulative_incidence(courses, D)
