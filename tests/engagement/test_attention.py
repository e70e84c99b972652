"""Who may need their practitioner first, and why."""

from datetime import UTC, datetime, timedelta

import pytest

from server.caseload.rules import Interval
from server.engagement.attention import reasons, to_look_at, too_late, waiting_for_review, weight
from server.engagement.rules import Figures, Told

NOW = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)


def told(*states: str, **more) -> Figures:
    due = NOW - timedelta(days=1)
    return Figures(
        tuple(Told("a", f"2026-11-{n:02}#1", state, due.date(), due, **more) for n, state in enumerate(states))
    )


def why(figures: Figures, before: Figures | None = None, **changes) -> list[str]:
    values = {
        "agreed": 1,
        "unreadable": 0,
        "waiting": 0,
        "paired": True,
        "last_contact": NOW - timedelta(hours=2),
        "next_at": NOW + timedelta(days=2),
    }
    return reasons(figures=figures, before=before, now=NOW, **{**values, **changes})


def test_somebody_who_does_well_is_not_flagged():
    assert why(told("done", "tried", "no_answer")) == []


def test_two_intervals_with_nothing_tried_are_a_reason():
    assert why(told("no_answer"), told("not_done", "no_answer")) == ["two_intervals_nothing"]


def test_one_interval_is_a_reason_only_with_three_times_or_more():
    assert why(told("no_answer", "not_done")) == []
    assert why(told("no_answer", "not_done", "no_answer")) == ["nothing_tried"]


@pytest.mark.parametrize("before", [None, told("unknown", "unknown", "unknown")])
def test_a_silence_that_may_be_a_phone_without_signal_is_not_nothing_tried(before):
    assert why(told("unknown", "unknown", "unknown"), before) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"unreadable": 1}, "unreadable"),
        ({"waiting": 2}, "waiting_review"),
        ({"last_contact": NOW - timedelta(days=8)}, "out_of_contact"),
        ({"last_contact": None}, "out_of_contact"),
        ({"paired": False, "last_contact": None}, "no_phone"),
        ({"agreed": 0}, "nothing_agreed"),
        ({"next_at": None}, "no_appointment"),
    ],
)
def test_each_other_reason_stands_alone(changes, code):
    assert why(told("done"), **changes) == [code]


def test_the_weightiest_reason_outweighs_all_others_together():
    assert weight(["unreadable"]) > weight(["two_intervals_nothing", "nothing_tried", "waiting_review", "no_phone"])
    assert weight([]) == 0


def test_work_waits_until_somebody_looked_at_it_after_it_was_done():
    done = told("done", happened_at=NOW - timedelta(hours=5)).told
    assert waiting_for_review(done, {}) == {"a"}
    assert waiting_for_review(done, {"a": NOW - timedelta(days=1)}) == {"a"}
    assert waiting_for_review(done, {"a": NOW}) == set()
    assert waiting_for_review(told("no_answer", "exempt", "planned").told, {}) == set()


def test_work_that_arrives_after_the_look_waits_however_early_it_was_done():
    done = told("done", happened_at=NOW - timedelta(days=5), arrived_at=NOW + timedelta(days=1)).told
    assert waiting_for_review(done, {"a": NOW}) == {"a"}
    assert waiting_for_review(done, {"a": NOW + timedelta(days=2)}) == set()


def test_what_came_too_late_for_its_interval_waits_in_the_one_it_came_in():
    first = Interval(1, NOW - timedelta(days=7), NOW, None, "b")
    second = Interval(2, NOW, None, "b", None)
    late = told("done", "no_answer", happened_at=NOW - timedelta(days=5), arrived_at=NOW + timedelta(days=1)).told
    assert too_late(late, second) == [late[0]]
    assert to_look_at(Figures(()), late, second) == [late[0]]
    assert too_late(late, first) == too_late(late, None) == []
    assert (
        too_late(told("done", happened_at=NOW - timedelta(days=5), arrived_at=NOW - timedelta(days=4)).told, second)
        == []
    )
