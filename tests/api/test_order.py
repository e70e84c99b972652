"""Choices and plans hold in the order in which they were said, not in which they arrive."""

from datetime import timedelta

import pytest

from server.api.sync import take_in
from server.assignments import actions, queries
from server.assignments.models import Assignment
from server.extensions import atomic, db
from tests.cast import NOW

HOUR = timedelta(hours=1)


@pytest.fixture
def anna(app, cast):
    """Anna, with a phone and a thought record agreed."""
    cast.pair()
    cast.made["agreed"] = cast.agree()
    return cast


def arrive(cast, *revisions, at):
    with atomic():
        received = take_in(cast.anna, cast.phone, revisions, at)
    assert {receipt.status for receipt in received.receipts} == {"stored"}


def choice(cast, said, at):
    return cast.revision({"kind": "research"}, {"choice": said}, at)


def planned(cast, when, at):
    subject = {"kind": "plan", "assignment_id": str(cast.made["agreed"].id)}
    return cast.revision(subject, {"plan": {"when": when}}, at)


def plan_of(cast):
    return queries.of_assignment(cast.anna, cast.made["agreed"].id).version.plan["when"]


def test_an_older_yes_to_research_that_arrives_later_changes_nothing(anna):
    no, yes = choice(anna, "no", NOW + 5 * HOUR), choice(anna, "yes", NOW + HOUR)
    arrive(anna, no, at=NOW + 5 * HOUR)
    arrive(anna, yes, at=NOW + 9 * HOUR)
    assert anna.anna.research == "no"
    arrive(anna, choice(anna, "yes", NOW + 10 * HOUR), at=NOW + 11 * HOUR)
    assert anna.anna.research == "yes"


def test_choices_of_one_batch_hold_in_the_order_they_were_said(anna):
    arrive(anna, choice(anna, "no", NOW + 2 * HOUR), choice(anna, "yes", NOW + HOUR), at=NOW + 3 * HOUR)
    assert anna.anna.research == "no"


def test_an_offline_plan_that_is_older_than_what_was_agreed_since_changes_nothing(anna):
    with atomic():
        assignment = db.session.get(Assignment, anna.made["agreed"].id)
        actions.change(assignment=assignment, plan={"when": "as agreed by phone"}, by=anna.ben, now=NOW + 5 * HOUR)
    arrive(anna, planned(anna, "as I thought before", NOW + HOUR), at=NOW + 6 * HOUR)
    assert plan_of(anna) == "as agreed by phone"
    arrive(anna, planned(anna, "after supper", NOW + 7 * HOUR), at=NOW + 8 * HOUR)
    assert plan_of(anna) == "after supper"


def test_two_offline_plans_hold_in_the_order_they_were_said(anna):
    first, second = planned(anna, "first", NOW + HOUR), planned(anna, "second", NOW + 2 * HOUR)
    arrive(anna, first, at=NOW + 5 * HOUR)
    arrive(anna, second, at=NOW + 6 * HOUR)
    assert plan_of(anna) == "second"
    arrive(anna, planned(anna, "between", NOW + HOUR * 1.5), at=NOW + 7 * HOUR)
    assert plan_of(anna) == "second"
