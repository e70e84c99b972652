"""Both sides changed a plan: what the other side left alone is taken up, and no word of the client's is lost."""

from datetime import timedelta

import pytest

from server.api.changes import changes_of
from server.api.sync import take_in
from server.assignments import actions, queries
from server.assignments.models import Assignment
from server.dashboard.changes import history_of
from server.extensions import atomic, db
from tests.cast import NOW

HOUR = timedelta(hours=1)


def agreed(cast):
    return queries.of_assignment(cast.anna, cast.made["agreed"].id)


def ben_changes(cast, at, **parts):
    with atomic():
        held = agreed(cast)
        assignment = db.session.get(Assignment, held.assignment.id)
        actions.change(assignment=assignment, plan={**held.version.plan, **parts}, by=cast.ben, now=at)


def anna_says(cast, plan, at, arrives, **more):
    subject = {"kind": "plan", "assignment_id": str(cast.made["agreed"].id)}
    with atomic():
        received = take_in(cast.anna, cast.phone, [cast.revision(subject, {"plan": plan, **more}, at)], arrives)
    assert [one.status for one in received.receipts] == ["stored"]


def plan_of(cast, *parts):
    return [agreed(cast).version.plan.get(part) for part in parts]


def left_out(cast):
    told = changes_of(cast.anna, [agreed(cast)]).get(cast.made["agreed"].id, [])
    return [(one["who"], part["part"], part["now"]) for one in told for part in one["not_taken"]]


def test_a_part_that_the_practitioner_left_alone_is_taken_up_though_she_changed_it_before_him(both, anna):
    ben_changes(anna, NOW + 2 * HOUR, when="after supper")
    anna_says(anna, {"obstacle": "Visitors"}, NOW + HOUR, NOW + 3 * HOUR)
    assert plan_of(anna, "obstacle", "when") == ["Visitors", "after supper"]
    assert left_out(anna) == []


def test_of_a_part_that_both_changed_the_practitioners_holds_and_hers_is_shown_on_both_sides(both, anna):
    ben_changes(anna, NOW + 2 * HOUR, when="after supper")
    anna_says(anna, {"when": "before bed", "obstacle": "Visitors"}, NOW + HOUR, NOW + 3 * HOUR)
    assert plan_of(anna, "obstacle", "when") == ["Visitors", "after supper"]
    assert left_out(anna) == [("Anna", "when", "before bed")]
    [shown] = [one for one in history_of(anna.anna, agreed(anna)) if one["not_taken"]]
    assert [(part["label"], part["now"]) for part in shown["not_taken"]] == [("When", "before bed")]


def test_a_whole_plan_from_a_phone_that_had_not_seen_his_change_takes_nothing_back(anna):
    whole = {**agreed(anna).version.plan, "obstacle": "Visitors"}
    ben_changes(anna, NOW + HOUR, when="after supper")
    anna_says(anna, whole, NOW + 2 * HOUR, NOW + 3 * HOUR, seen=1, parts=["obstacle"])
    assert plan_of(anna, "obstacle", "when") == ["Visitors", "after supper"]
    assert left_out(anna) == []


def test_what_she_takes_back_before_it_was_sent_is_taken_back(anna):
    before = agreed(anna).version.plan.get("obstacle") or ""
    anna_says(anna, {"obstacle": "Visitors"}, NOW + HOUR, NOW + 3 * HOUR, seen=1, parts=["obstacle"])
    anna_says(anna, {"obstacle": before}, NOW + 2 * HOUR, NOW + 3 * HOUR, seen=1, parts=["obstacle"])
    assert plan_of(anna, "obstacle") == [before]


def test_the_phone_is_told_of_what_was_not_taken_though_the_plan_stayed(anna):
    ben_changes(anna, NOW + 2 * HOUR, when="after supper")
    told = agreed(anna).version.feed_seq
    anna_says(anna, {"when": "before bed"}, NOW + HOUR, NOW + 3 * HOUR)
    assert agreed(anna).version.number == 2
    db.session.expire_all()
    assert agreed(anna).version.feed_seq > told


def test_what_he_changes_after_hers_arrived_makes_nothing_of_hers_left_out(anna):
    anna_says(anna, {"when": "before bed"}, NOW + HOUR, NOW + 2 * HOUR)
    ben_changes(anna, NOW + 3 * HOUR, when="after supper")
    assert plan_of(anna, "when") == ["after supper"]
    assert left_out(anna) == []


@pytest.mark.parametrize("nonsense", [{"seen": "1", "parts": "when"}, {"seen": True}, {"seen": 99}, {"parts": [None]}])
def test_what_makes_no_sense_of_what_was_seen_is_never_refused(anna, nonsense):
    anna_says(anna, {"obstacle": "Visitors"}, NOW + HOUR, NOW + 2 * HOUR, **nonsense)
    assert left_out(anna) == []
