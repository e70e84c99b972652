"""A client says that a plan is right, or changes it; both sides see who changed what."""

from datetime import timedelta

import pytest

from server.api import wire
from server.api.changes import changes_of
from server.api.sync import take_in
from server.assignments import actions, queries
from server.assignments.models import Assignment
from server.audit import queries as audit
from server.extensions import atomic, db
from tests.cast import NOW

HOUR = timedelta(hours=1)
HEADERS = {"X-Sync-Protocol": "1"}


def said(cast, payload, at):
    """Something Anna says of the plan, an hour before it arrives; how it was taken."""
    subject = {"kind": "plan", "assignment_id": str(cast.made["agreed"].id)}
    with atomic():
        received = take_in(cast.anna, cast.phone, [cast.revision(subject, payload, at)], at + HOUR)
    return [(one.status, one.code) for one in received.receipts]


def agreed(cast):
    return queries.of_assignment(cast.anna, cast.made["agreed"].id)


def changed(cast, moment, **parts):
    with atomic():
        held = agreed(cast)
        assignment = db.session.get(Assignment, held.assignment.id)
        actions.change(assignment=assignment, plan={**held.version.plan, **parts}, by=cast.ben, now=moment)


def test_yes_that_is_our_plan_is_kept_with_its_moment(anna):
    assert said(anna, {"confirmed": True, "version": 1}, NOW + HOUR) == [("stored", None)]
    version = agreed(anna).version
    assert version.confirmed_at == NOW + HOUR and version.number == 1
    assert any(one.verb == "assignment.confirmed" for one in audit.about_client(anna.anna.id))


def test_it_is_about_the_version_that_was_on_the_screen(anna):
    changed(anna, NOW + HOUR, when="after lunch")
    said(anna, {"confirmed": True, "version": 1}, NOW + 2 * HOUR)
    first, second = queries.versions_of(anna.anna, anna.made["agreed"].id)
    assert first.confirmed_at and second.confirmed_at is None


def test_the_first_yes_holds_and_a_version_that_never_was_changes_nothing(anna):
    said(anna, {"confirmed": True, "version": 1}, NOW + HOUR)
    said(anna, {"confirmed": True, "version": 1}, NOW + 5 * HOUR)
    assert said(anna, {"confirmed": True, "version": 99}, NOW + 6 * HOUR) == [("stored", None)]
    assert agreed(anna).version.confirmed_at == NOW + HOUR


@pytest.mark.parametrize(
    "payload",
    [{}, {"confirmed": "yes", "version": 1}, {"confirmed": True}, {"confirmed": True, "version": "1"}, {"plan": "x"}],
)
def test_a_confirmation_that_makes_no_sense_is_kept_aside_and_never_refused(anna, payload):
    assert said(anna, payload, NOW + HOUR) == [("quarantined", "unreadable")]
    assert agreed(anna).version.confirmed_at is None


def test_a_plan_that_the_client_made_needs_no_yes(anna):
    said(anna, {"plan": {"when": "before bed"}}, NOW + HOUR)
    said(anna, {"confirmed": True, "version": 2}, NOW + 2 * HOUR)
    assert agreed(anna).version.made_by == "client" and agreed(anna).version.confirmed_at is None


def test_the_phone_is_told_who_changed_what(anna, app):
    changed(anna, NOW + HOUR, at="18:30", confidence=3)
    said(anna, {"plan": {"where": "in the park"}}, NOW + 2 * HOUR)
    mine, theirs = changes_of(anna.anna, [agreed(anna)])[anna.made["agreed"].id]
    assert (mine["by"], mine["who"]) == ("client", "Anna")
    assert [one["now"] for one in mine["parts"] if one["part"] == "where"] == ["in the park"]
    assert (theirs["by"], theirs["who"], theirs["at"]) == ("practitioner", anna.ben.name, wire.moment(NOW + HOUR))
    assert [one["part"] for one in theirs["parts"]] == ["at"], "how sure somebody is stays in the appointment"


def test_what_never_changed_has_no_changes(anna):
    assert changes_of(anna.anna, [agreed(anna)]) == {}


def test_only_the_newest_changes_are_told(anna):
    for n in range(8):
        changed(anna, NOW + (n + 1) * HOUR, where=f"place {n}")
    told = changes_of(anna.anna, [agreed(anna)])[anna.made["agreed"].id]
    assert [one["parts"][0]["now"] for one in told] == [f"place {n}" for n in (7, 6, 5, 4, 3)]


def test_no_answer_to_a_phone_says_how_definite_a_plan_is(anna, app):
    changed(anna, NOW + HOUR, where="in the park")
    said(anna, {"confirmed": True, "version": 2}, NOW + 2 * HOUR)
    phone = app.test_client()
    phone.set_cookie("phone", anna.token)
    answers = [
        phone.get(rule.rule, headers=HEADERS)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and "GET" in rule.methods and not rule.arguments
    ]
    pulled = next(one for one in answers if one.request.path.endswith("/sync/pull")).get_json()
    task = next(one["body"] for one in pulled["changes"] if one["kind"] == "assignment")
    assert task["changes"][0]["parts"] == [
        {"part": "where", "was": task["changes"][0]["parts"][0]["was"], "now": "in the park"}
    ]
    assert len(answers) > 3 and not any("specific" in one.text for one in answers)
    assert "specific" not in str(wire.assignment(agreed(anna), "Ben"))
