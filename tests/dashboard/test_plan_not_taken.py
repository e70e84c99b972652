"""A practitioner reads what a client also wrote of a plan that both had changed."""

from datetime import timedelta

from server.api.sync import take_in
from server.assignments import actions, queries
from server.extensions import atomic
from tests.cast import NOW
from tests.dashboard.browser import words

HOUR = timedelta(hours=1)
HOSTILE = "<script>Visitors</script>"


def both_change(cast):
    """Ben changes the obstacle of a plan; Anna, who had not seen that, wrote another. Gives the assignment's id."""
    cast.pair()
    assignment_id = cast.agree().id
    with atomic():
        held = queries.of_assignment(cast.anna, assignment_id)
        actions.change(assignment=held.assignment, plan={**held.version.plan, "obstacle": "Rain"}, by=cast.ben, now=NOW)
    subject = {"kind": "plan", "assignment_id": str(assignment_id)}
    said = cast.revision(subject, {"plan": {"obstacle": HOSTILE}, "seen": 1, "parts": ["obstacle"]}, NOW - HOUR)
    with atomic():
        take_in(cast.anna, cast.phone, [said], NOW + HOUR)
    return assignment_id


def test_what_a_client_also_wrote_is_on_the_page_of_the_task(ben, cast):
    assignment_id = both_change(cast)
    page = words(ben.page(f"/staff/clients/{cast.anna.id}/assignments/{assignment_id}"))
    assert "Anna also wrote on" in page and f"What could get in the way: {HOSTILE}" in page


def test_beside_the_plan_and_in_the_appointment_it_stands_outside_of_folds(ben, cast):
    assignment_id = both_change(cast)
    meeting = cast.meet(NOW + HOUR, None, NOW)
    for place in ("", f"/appointments/{meeting.id}"):
        task = ben.page(f"/staff/clients/{cast.anna.id}{place}").find(id=f"task-{assignment_id}")
        said = task.find(class_="staff-not-taken")
        assert "Not taken into the plan: Anna also wrote on Wed 18 Nov, 08:30" in words(said)
        assert f"What could get in the way: {HOSTILE}" in words(said) and not said.find_parent("details")


def test_it_waits_until_the_plan_is_changed_again_or_the_task_was_looked_at(ben, cast, time):
    assignment_id = both_change(cast)
    home = f"/staff/clients/{cast.anna.id}"
    time.now = NOW + 2 * HOUR
    ben.sign_in(cast.ben)
    meeting = cast.meet(NOW + 3 * HOUR, None, NOW)
    assert ben.page(home).find(class_="staff-not-taken")
    ben.send(ben.page(f"{home}/appointments/{meeting.id}"), "/review", 303, mark="reviewed")
    assert ben.page(home).find(class_="staff-not-taken") is None
    assert HOSTILE in words(ben.page(f"{home}/assignments/{assignment_id}")), "the page of the task keeps it"
