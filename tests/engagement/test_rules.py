"""Each figure by its formula, and the pitfalls of clinical.md F3 by name."""

from datetime import date, timedelta

import pytest

from server.engagement.rules import (
    Figures,
    Share,
    Told,
    attempts,
    barriers,
    completion,
    latency_hours,
    median_survival,
    on_time,
    practice_rhythm,
    state_now,
    within,
)
from tests.engagement.occurrences import DUE, HOUR, many, told


def test_m1_counts_the_unknown_as_not_done_or_leaves_it_out():
    week = many(done=3, tried=1, unknown=2, exempt=4, nothing_happened=1, moved=1, withdrawn=2, planned=3)
    assert completion(week) == Share(3, 6)
    assert completion(week, leave_out_unknown=True) == Share(3, 4)


def test_m2_counts_every_try():
    assert attempts(many(done=1, partial=1, tried=1, not_done=1, no_answer=1)) == Share(3, 5)


def test_three_out_of_five_is_shown_as_counts_not_as_a_percentage():
    assert Share(3, 5).percent is None
    assert Share(6, 8).percent == 75
    assert Share(0, 0).rate is None


def test_a_worksheet_for_when_it_happens_that_nobody_answered_lowers_nothing():
    quiet = [told("no_answer", when_it_happens=True), told("unknown", 2, when_it_happens=True)]
    assert completion(quiet) == Share(0, 0)
    assert completion([*quiet, told("not_done", 3, when_it_happens=True)]) == Share(0, 1)


@pytest.mark.parametrize(
    ("stored", "emptied", "now", "state"),
    [
        ("open", None, DUE - HOUR, "planned"),
        ("open", None, DUE + HOUR, "unknown"),
        ("open", DUE - HOUR, DUE + HOUR, "unknown"),  # in contact, but before it was due
        ("open", DUE + HOUR, DUE + 2 * HOUR, "no_answer"),
        ("moved", None, DUE - HOUR, "moved"),
        ("moved", None, DUE + HOUR, "unknown"),
        ("done", None, DUE + HOUR, "done"),
        ("not_done", None, DUE - HOUR, "not_done"),
    ],
)
def test_no_data_is_never_not_done(stored, emptied, now, state):
    assert state_now(stored, DUE, emptied, now) == state


def test_m8_is_the_median_time_to_the_first_try_with_those_never_tried_censored():
    agreed = DUE - timedelta(days=7)
    tried = [
        told("done", due=DUE, happened_at=agreed + hours * HOUR, agreed_at=agreed, medium="worksheet")
        for hours in (10,)
    ]
    other = Told("b", "s", "unknown", DUE.date(), DUE, agreed_at=agreed)
    assert latency_hours(tried, DUE) == 10
    assert latency_hours([*tried, other], DUE) == 10  # half had it
    third = Told("c", "s", "unknown", DUE.date(), DUE, agreed_at=agreed)
    assert latency_hours([*tried, other, third], DUE) is None  # fewer than half


def test_kaplan_meier_agrees_with_a_worked_example():
    # Six people: events at 6, 6, 6, 7, 10; one censored at 9. S(6)=1/2.
    assert median_survival([(6, True), (6, True), (6, True), (7, True), (9, False), (10, True)]) == 6
    assert median_survival([(6, True), (7, False), (10, True), (11, False)]) == 10
    assert median_survival([]) is None


def test_m9_goes_by_when_it_happened_with_a_day_of_grace():
    assert on_time(
        [
            told("done", 1, happened_at=DUE - HOUR),
            told("tried", 2, happened_at=DUE + 23 * HOUR),
            told("done", 3, happened_at=DUE + 25 * HOUR),
            told("not_done", 4, happened_at=DUE),
        ]
    ) == Share(2, 3)


def test_m13_counts_planned_days_of_four_weeks_and_never_resets():
    today = date(2026, 11, 20)
    monday = [
        Told("a", f"2026-11-16#{n}", state, date(2026, 11, 16), DUE) for n, state in ((1, "done"), (2, "no_answer"))
    ]
    undated = [Told("b", f"w1#{n}", state, date(2026, 11, 15), DUE) for n, state in ((1, "tried"), (2, "unknown"))]
    old = [Told("a", "2026-10-01#1", "no_answer", date(2026, 10, 1), DUE)]
    assert practice_rhythm([*monday, *undated, *old], today) == Share(2, 3)


def test_m14_counts_what_got_in_the_way():
    assert barriers([told("not_done", 1, barrier="no_time"), told("tried", 2, barrier="no_time"), told("done", 3)]) == [
        ("no_time", 2)
    ]


def test_every_occurrence_counts_in_one_interval():
    early = told("done", 1, happened_at=DUE - timedelta(days=5))
    late = told("done", 2, happened_at=DUE + timedelta(days=1))
    waiting = told("planned", 3)
    cut = DUE - timedelta(days=2)
    before, after = (
        within([early, late, waiting], DUE - timedelta(days=9), cut),
        within([early, late, waiting], cut, None),
    )
    assert before == [early]
    assert after == [late, waiting]


def test_what_was_done_before_it_was_agreed_counts_from_then():
    agreed = DUE - timedelta(days=3)
    this_morning = told("done", happened_at=agreed - timedelta(hours=4), agreed_at=agreed)
    assert within([this_morning], agreed, None) == [this_morning]


def test_a_tick_is_told_apart():
    figures = Figures((told("done", 1, medium="worksheet"), told("done", 2, medium="said"), told("planned", 3)))
    assert (figures.done, figures.only_said, figures.not_due) == (Share(2, 2), 1, 1)
