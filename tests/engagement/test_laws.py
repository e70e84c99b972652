"""Laws of the figures, for any set of occurrences."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.assignments.models import STORED
from server.engagement.rules import (
    ATTEMPTED,
    Figures,
    as_intended,
    attempts,
    barrier_profile,
    barriers,
    client_weighted,
    completion,
    exemptions,
    interval_score,
    latency_hours,
    on_time,
    pooled,
    practice_rhythm,
    responded,
    state_now,
    waits,
    weeks,
    weeks_of,
    weighted,
    within,
)
from tests.engagement.occurrences import DAY, DUE, HOUR, told

STATES = ("planned", "no_answer", "unknown", *(state for state in STORED if state != "open"))


def one(n: int, state: str, day: int, event: bool, happened: int | None, barrier: str | None, practice: bool):
    due = DUE + day * DAY
    at = None if happened is None else due - happened * HOUR
    return replace(
        told(state, n, due, barrier=barrier, when_it_happens=event, practice=practice),
        happened_at=at, due_on=(due - DAY).date(),
    )  # fmt: skip


def rhythm(rows):
    return practice_rhythm(rows, (DUE + 30 * DAY).date())


OCCURRENCES = st.lists(
    st.tuples(
        st.sampled_from(STATES), st.integers(0, 40), st.booleans(), st.none() | st.integers(-40, 200),
        st.none() | st.sampled_from(["forgot", "no_time"]), st.booleans(),
    ),
    max_size=30,
).map(lambda rows: [one(n, *row) for n, row in enumerate(rows)])  # fmt: skip


@given(OCCURRENCES)
def test_done_partial_tried_not_done_no_answer_and_unknown_are_what_is_eligible(rows):
    figures = Figures(tuple(rows))
    answered = figures.count("done", "partial", "tried", "not_done")
    assert answered + figures.no_answer + figures.not_known == figures.tried.of == figures.done.of
    left_out = figures.count("exempt", "nothing_happened", "withdrawn") + figures.not_due
    asks = sum(not row.practice for row in rows)
    assert figures.tried.of + left_out + figures.need_not_have_happened + asks == len(rows), "somewhere, once"


@given(OCCURRENCES)
def test_no_figure_changes_when_what_asks_about_practice_is_taken_away(rows):
    work = [row for row in rows if row.practice]
    for share in (completion, attempts, exemptions, on_time, rhythm, as_intended, weighted, barriers, weeks_of):
        assert share(rows) == share(work), share.__name__
    with_it, without = Figures(tuple(rows)), Figures(tuple(work))
    for name in ("only_said", "not_known", "no_answer", "need_not_have_happened", "not_due"):
        assert getattr(with_it, name) == getattr(without, name), name
    assert latency_hours(rows, DUE + 90 * DAY) == latency_hours(work, DUE + 90 * DAY)
    assert responded(rows, []) == responded(work, []) and waits(rows, [], DUE) == waits(work, [], DUE)


@given(OCCURRENCES)
def test_m1_never_exceeds_m3_nor_m3_m2(rows):
    m1, m2 = completion(rows).rate, attempts(rows).rate
    if m1 is None:
        assert m2 is None and weighted(rows) is None
    else:
        low, middle, high = (weighted(rows, w) for w in (0, 0.5, 1))
        assert 0 <= m1 <= low <= middle <= high <= m2 <= 1
        assert 0 <= interval_score(middle) <= 4


@given(OCCURRENCES)
def test_leaving_the_unknown_out_never_lowers_a_share_and_never_changes_a_count(rows):
    for share in (completion, attempts):
        both = share(rows), share(rows, leave_out_unknown=True)
        assert both[0].count == both[1].count
        assert both[0].of - both[1].of == Figures(tuple(rows)).not_known
        assert share(rows, exempt_too=True).of - both[0].of == Figures(tuple(rows)).count("exempt")


@given(OCCURRENCES, st.randoms())
def test_the_order_of_arrival_changes_nothing(rows, chance):
    mixed = list(rows)
    chance.shuffle(mixed)
    today = (DUE + 30 * DAY).date()
    for figure in (
        completion,
        attempts,
        weighted,
        barrier_profile,
        weeks_of,
        lambda them: practice_rhythm(them, today),
    ):
        assert figure(mixed) == figure(rows)


@given(OCCURRENCES, st.sampled_from(sorted(ATTEMPTED)))
def test_an_answer_to_what_was_open_never_lowers_what_was_tried(rows, state):
    before = attempts(rows)
    for n, row in enumerate(rows):
        if row.state in ("planned", "no_answer", "unknown", "not_done"):
            after = attempts([*rows[:n], replace(row, state=state), *rows[n + 1 :]])
            assert after.count == before.count + row.practice


@given(OCCURRENCES, st.lists(st.integers(0, 1000), max_size=6))
def test_cut_into_intervals_every_occurrence_counts_once(rows, cuts):
    edges = [DUE - timedelta(days=9), *sorted(DUE + cut * HOUR for cut in set(cuts)), None]
    parts = [within(rows, a, b) for a, b in pairwise(edges)]
    assert sorted(row.slot for part in parts for row in part) == sorted(row.slot for row in rows)
    assert pooled(attempts(part) for part in parts) == attempts(rows)


@given(st.lists(OCCURRENCES, max_size=5))
def test_the_mean_of_clients_lies_between_the_lowest_and_the_highest(several):
    shares = [completion(rows) for rows in several]
    rates = [share.rate for share in shares if share.rate is not None]
    mean = client_weighted(shares)
    assert mean is None if not rates else min(rates) - 1e-9 <= mean <= max(rates) + 1e-9


@given(OCCURRENCES)
def test_weeks_added_up_from_parts_are_the_weeks_of_the_whole(rows):
    parts = [(week.monday, week.counts) for part in (rows[::2], rows[1::2]) for week in weeks_of(part)]
    assert weeks(parts) == weeks_of(rows)
    assert sum(sum(week.counts.values()) for week in weeks_of(rows)) == sum(row.practice for row in rows)


@given(st.sampled_from(STORED), st.integers(-99, 99), st.none() | st.integers(-99, 99))
def test_only_open_and_moved_depend_on_the_moment(stored, now, emptied):
    at = None if emptied is None else DUE + emptied * HOUR
    state = state_now(stored, DUE, at, DUE + now * HOUR)
    if stored not in ("open", "moved"):
        assert state == stored
    elif now < 0:
        assert state == ("moved" if stored == "moved" else "planned")
    else:
        assert state == ("no_answer" if at is not None and at >= DUE else "unknown")


@pytest.mark.parametrize("share", [completion, attempts])
def test_nothing_over_nothing_is_no_figure(share):
    assert share([]).rate is None and share([]).percent is None
