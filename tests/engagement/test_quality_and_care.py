"""M5 and M15 to M18: quality, the practitioner's side, reach, the effect of a prompt and pairs of scores."""

from datetime import timedelta
from decimal import Decimal

import pytest

from server.caseload.rules import Interval
from server.engagement.rules import (
    Decision,
    Look,
    Prompt,
    Rating,
    Share,
    Task,
    care,
    follows,
    hours_to_review,
    minutes_to_entry,
    pairing,
    prompt_effect,
    quality,
    reach,
    responded,
    reviewed,
)
from server.measures.rules import Dated
from server.measures.rules.scoring import ScaleScore
from tests.engagement.occurrences import DAY, DUE, HOUR, told

OPENS, CLOSES = DUE - 7 * DAY, DUE + HOUR
INTERVAL = Interval(2, OPENS, CLOSES, "first", "second")


def test_m5_keeps_its_four_parts_apart():
    found = quality(
        helped=[3, None, 4],  # *too early to say* is no number
        by_practitioner=[],
        entries=[(4, 8), (8, 8), (0, 0), (None, None)],
        changes=[("facing-fears/reduction", 40.0), ("facing-fears/reduction", 60.0), ("thought-record/feeling", None)],
    )
    assert found.helped == Rating(3.5, 2)
    assert found.by_practitioner == Rating(None, 0)
    assert found.completeness == Rating(0.75, 2)
    assert found.changes == {"facing-fears/reduction": Rating(50, 2), "thought-record/feeling": Rating(None, 0)}


def test_m15_counts_a_look_in_the_appointment_that_closed_the_interval_and_not_in_the_one_that_opened_it():
    work = [told("done", 1), told("not_done", 1, assignment="b"), told("planned", 1, assignment="c")]
    assert reviewed(work, [Look("a", CLOSES + HOUR, "second")], INTERVAL) == Share(1, 2)
    assert reviewed(work, [Look("a", OPENS + HOUR, "first")], INTERVAL) == Share(0, 2)
    assert reviewed(work, [Look("b", OPENS + HOUR), Look("c", OPENS + HOUR)], INTERVAL) == Share(1, 2)


def test_m15_time_to_review_counts_those_still_waiting():
    work = [
        told("done", 1, arrived_at=DUE - 30 * HOUR),
        told("done", 2, arrived_at=DUE - 20 * HOUR),  # of the same task: the first counts
        told("tried", 1, assignment="b", arrived_at=DUE - 10 * HOUR),
        told("no_answer", 1, assignment="c"),  # nothing to look at
    ]
    assert hours_to_review(work, [Look("a", DUE)], DUE) == 30
    assert hours_to_review(work, [Look("a", DUE), Look("b", DUE - 4 * HOUR)], DUE) == 6
    assert hours_to_review(work, [], DUE) is None
    assert hours_to_review(work, [Look("a", DUE - 40 * HOUR)], DUE) is None, "looked at before anything came"


def test_m15_a_response_counts_for_what_was_said_not_done():
    work = [told("not_done", 1), told("not_done", 2), told("no_answer", 3)]
    assert responded(work, [("a", "2026-11-08#1"), ("a", "2026-11-08#3")]) == Share(1, 2)


def test_m15_of_one_interval():
    found = care(
        tasks=[Task("a", 6, True), Task("b", None, False)],
        told=[told("not_done", 1, arrived_at=DUE)],
        looks=[Look("a", DUE + HOUR)],
        answered=[("a", "2026-11-08#1")],
        interval=Interval(2, OPENS, None, "first", None),
        until=DUE + DAY,
    )
    assert (found.specificity, found.reason) == (Rating(6, 1), Share(1, 2))
    assert (found.reviewed, found.hours_to_review, found.responded) == (Share(1, 1), 1, Share(1, 1))


def test_m16_counts_each_step_out_of_the_one_before():
    prompts = [Prompt(DUE, True, DUE + HOUR), Prompt(DUE + DAY, True), Prompt(DUE + 2 * DAY, False)]
    found = reach([True, True, False], prompts, [DUE + DAY + HOUR, DUE + 3 * DAY])
    assert (found.permitted, found.accepted, found.opened) == (Share(2, 3), Share(2, 3), Share(1, 2))
    # the second turning-off came after a reminder that never went out, and two days after the last that did
    assert found.turned_off == Share(1, 2)


def test_m17_weighs_each_decision_by_the_chance_of_what_was_done():
    decisions = [
        Decision(0.5, True, True), Decision(0.5, True, False), Decision(0.8, True, True),
        Decision(0.5, False, False), Decision(0.8, False, True),
    ]  # fmt: skip
    # sent: weights 2, 2, 1.25, followed 2 + 1.25 of 5.25; not sent: weights 2, 5, followed 5 of 7
    found = prompt_effect(decisions)
    assert found.with_prompt == pytest.approx(3.25 / 5.25)
    assert found.without == pytest.approx(5 / 7)
    assert found.difference == pytest.approx(3.25 / 5.25 - 5 / 7)


@pytest.mark.parametrize(
    "decisions",
    [[], [Decision(1, True, True)], [Decision(0.5, True, True)], [Decision(0.5, True, True), Decision(0, False, True)]],
)
def test_m17_says_nothing_where_a_reminder_was_not_left_to_chance(decisions):
    assert prompt_effect(decisions) is None


@pytest.mark.parametrize(("after", "within_an_hour"), [(0, True), (60, True), (61, False), (-1, False)])
def test_m17_an_entry_follows_within_the_window_and_never_before(after, within_an_hour):
    entry = DUE + timedelta(minutes=after)
    assert follows(DUE, [entry], HOUR) is within_an_hour
    assert minutes_to_entry(DUE, [entry]) == (after if after >= 0 else None)


def dated(day: int, value: int | None) -> Dated:
    score = ScaleScore("total", None if value is None else Decimal(value), Decimal(27), None, "not_known")
    return Dated((DUE + day * DAY).date(), score)


def test_m18_says_how_many_are_paired_and_that_they_began_worse():
    courses = [
        [dated(0, 18), dated(28, 9)],
        [dated(0, 10)],
        [dated(0, 8), dated(28, None)],  # the last one could not be scored
        [dated(0, None)],  # never began
        [dated(0, 12), dated(0, 14)],  # one day, corrected: no pair
    ]
    found = pairing(courses)
    assert found.share == Share(1, 4)
    assert (found.first_of_all, found.first_of_paired, found.last_of_paired) == (12.5, 18, 9)
    assert pairing([]).first_of_all is None
