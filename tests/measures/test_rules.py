"""Laws of the scorer that no list of examples can hold, and the smaller rules beside it."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.measures.definition import constants
from server.measures.library import Measures
from server.measures.rules import Dated, Paired, finished, outcome, pair_of, paired_counts, score

MEASURES = Measures.load(Path(__file__).resolve().parents[2] / "worksheets" / "measures")
WITH_ITEMS = [one for one in MEASURES.all() if one.count]
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)


def phq(value, day):
    measure = MEASURES.newest("phq-9")
    return Dated(day, score(measure, totals={"total": value}).scales[0])


@pytest.mark.parametrize("measure", WITH_ITEMS, ids=lambda one: one.id)
@given(data=st.data())
def test_whatever_is_answered_the_score_lies_in_its_range_and_the_total_agrees(measure, data):
    answers = data.draw(
        st.lists(st.integers(measure.least, measure.most), min_size=measure.count, max_size=measure.count)
    )
    scored = score(measure, answers)
    assert not scored.problem
    for one in scored.scales:
        scale = measure.scale(one.scale)
        assert scale.least <= one.value <= scale.most
        by_total = score(measure, totals={one.scale: one.value}).of(one.scale)
        assert (by_total.value, by_total.band, by_total.case) == (one.value, one.band, one.case)


@pytest.mark.parametrize("measure", [*WITH_ITEMS, MEASURES.newest("ccq")], ids=lambda one: one.id)
@given(items=st.none() | st.lists(anything, max_size=43), totals=st.none() | st.dictionaries(st.text(), anything))
def test_nothing_that_is_kept_breaks_the_scorer(measure, items, totals):
    scored = score(measure, items, totals)
    assert bool(scored.problem) != bool(scored.scales)


@pytest.mark.parametrize("measure_id", ["phq-9", "gad-7"])
@given(data=st.data())
def test_depression_and_anxiety_are_never_filled_in(measure_id, data):
    measure = MEASURES.newest(measure_id)
    answers = data.draw(st.lists(st.none() | st.integers(0, 3), min_size=measure.count, max_size=measure.count))
    scored = score(measure, answers)
    if None in answers and any(one is not None for one in answers):
        assert scored.scales[0].value is None and scored.scales[0].filled == 0


def test_no_pair_comes_from_one_day_nor_from_an_entry_without_a_score():
    scale = MEASURES.newest("phq-9").main
    one, two = date(2026, 3, 1), date(2026, 3, 8)
    incomplete = Dated(two, score(MEASURES.newest("phq-9"), [3] * 8 + [None]).scales[0])
    assert pair_of(scale, []) is None
    assert pair_of(scale, [phq(12, one)]) is None
    assert pair_of(scale, [phq(12, one), phq(10, one)]) is None
    assert pair_of(scale, [phq(12, one), incomplete]) is None
    pair = pair_of(scale, [phq(10, two), phq(12, one)])
    assert (pair.first.value, pair.last.value) == (Decimal(12), Decimal(10))


def test_paired_counts_say_how_many_of_those_that_started():
    one, two = date(2026, 3, 1), date(2026, 3, 8)
    series = [[phq(12, one), phq(8, two)], [phq(12, one)], [], [phq(12, one), phq(9, one)]]
    assert paired_counts(series) == Paired(paired=1, started=3)
    assert paired_counts([]) == Paired(0, 0)


def test_an_outcome_needs_a_pair_of_both():
    scale = MEASURES.newest("phq-9").main
    pair = pair_of(scale, [phq(12, date(2026, 3, 1)), phq(3, date(2026, 3, 8))])
    assert outcome(pair, None) is None and outcome(None, pair) is None


@pytest.mark.parametrize(
    ("closed", "kinds", "said"),
    [
        (True, ["treatment", "treatment"], True),
        (True, ["assessment", "treatment", "treatment"], True),
        (True, ["treatment"], False),
        (True, ["assessment", "treatment"], False),
        (True, ["treatment", "review", "follow_up"], False),
        (False, ["treatment"] * 9, False),
    ],
)
def test_a_course_is_finished_when_it_ended_with_two_attended_contacts_that_were_treatment(closed, kinds, said):
    assert finished(closed, kinds) is said


@pytest.mark.parametrize("measure", MEASURES.all(), ids=lambda one: one.id)
def test_every_constant_has_a_source_and_a_mark(measure):
    found = constants(measure)
    assert len({one.name for one in found}) == len(found)
    for one in found:
        assert one.fact.mark in ("V", "V2", "K", "D") and len(one.fact.source) > 5 and one.value
        assert one.to_be_checked == (one.fact.mark != "V")
    assert {"incomplete", "licence"} <= {one.name for one in found}
