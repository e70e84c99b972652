"""Who may need their practitioner first, and why."""

from datetime import UTC, datetime, timedelta

import pytest

from server.caseload.rules import Interval, Meeting
from server.engagement.attention import (
    ANSWERS,
    REASONS,
    Facts,
    for_supervision,
    newest_waiting,
    next_meeting,
    place_in_list,
    reason,
    reasons,
    to_look_at,
    too_late,
    waiting_for_review,
)
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
    return reasons(Facts(figures=figures, before=before, now=NOW, **{**values, **changes}))


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
        ({"flags": 1}, "flag_waiting"),
        ({"unreadable": 1}, "unreadable"),
        ({"late": 1}, "late_reading"),
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


def test_one_reason_further_up_comes_before_all_the_others_together():
    codes = [one.code for one in REASONS]
    for n, code in enumerate(codes):
        assert place_in_list([code]) < place_in_list(codes[n + 1 :])
    assert place_in_list(codes[-1:]) < place_in_list([])


def test_of_two_with_the_same_first_reason_the_next_one_decides():
    assert place_in_list(["no_phone", "no_appointment"]) < place_in_list(["no_phone"])


def test_a_week_without_contact_is_a_reason_from_its_end_on_and_not_before():
    assert why(told("done"), last_contact=NOW - timedelta(days=7)) == []
    assert why(told("done"), last_contact=NOW - timedelta(days=7, seconds=1)) == ["out_of_contact"]


def test_a_phone_that_fell_silent_brings_a_case_to_supervision_by_itself():
    silent = why(told(*["unknown"] * 11), last_contact=NOW - timedelta(days=18))
    assert for_supervision(silent) == ["out_of_contact"]


def test_an_appointment_of_today_is_not_none_until_it_is_recorded_or_its_day_is_over():
    def at(hours: float, state: str = "planned") -> Meeting:
        return Meeting("m", NOW + timedelta(hours=hours), state, "telephone", "treatment", "Europe/London", "p")

    assert next_meeting([at(-0.5)], NOW) == at(-0.5)
    assert next_meeting([at(-0.5), at(48)], NOW) == at(48)
    assert next_meeting([at(-0.5, "attended")], NOW) is None
    assert next_meeting([at(-0.5, "missed")], NOW) is None
    assert next_meeting([at(-9)], NOW) == at(-9)  # half past midnight of the same day
    assert next_meeting([at(-10)], NOW) is None  # the evening before
    in_summer = datetime(2026, 7, 1, 22, 50, tzinfo=UTC)  # ten to midnight where they meet
    begun = Meeting("m", in_summer, "planned", "telephone", "treatment", "Europe/London", "p")
    assert next_meeting([begun], in_summer + timedelta(minutes=9)) == begun
    assert next_meeting([begun], in_summer + timedelta(minutes=10)) is None


def test_every_reason_can_be_acted_on_and_its_answers_are_known():
    for one in REASONS:
        assert one.step
        assert set(one.answers) <= set(ANSWERS)
        assert reason(one.code) is one
    assert reason("no such reason") is None


def test_a_reason_begins_anew_with_a_new_interval_newer_work_or_another_silence():
    opened, newest = NOW - timedelta(days=6), NOW - timedelta(hours=1)
    contact = NOW - timedelta(days=20)
    facts = Facts(
        figures=Figures(()), before=None, now=NOW, interval_opened_at=opened, newest_waiting_at=newest,
        last_contact=contact,
    )  # fmt: skip
    assert reason("nothing_tried").since(facts) == opened
    assert reason("waiting_review").since(facts) == newest
    assert reason("out_of_contact").since(facts) == contact + timedelta(days=7)
    assert reason("no_phone").since(facts) is None


def test_the_newest_of_the_work_that_waits_is_told_by_when_it_arrived():
    early = told("done", happened_at=NOW - timedelta(days=5), arrived_at=NOW - timedelta(hours=2)).told
    late = told("done", happened_at=NOW - timedelta(days=6), arrived_at=NOW - timedelta(hours=1)).told
    assert newest_waiting([*early, *late], {}) == NOW - timedelta(hours=1)
    assert newest_waiting(early, {"a": NOW}) is None


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
