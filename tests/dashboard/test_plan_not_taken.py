"""A practitioner reads what a client also wrote of a plan that both had changed."""

from datetime import timedelta

from server.api.sync import take_in
from server.assignments import actions, queries
from server.extensions import atomic
from tests.cast import NOW
from tests.dashboard.browser import words

HOUR = timedelta(hours=1)
HOSTILE = "<script>Visitors</script>"


def test_what_a_client_also_wrote_is_on_the_page_of_the_task(ben, cast):
    cast.pair()
    assignment_id = cast.agree().id
    with atomic():
        held = queries.of_assignment(cast.anna, assignment_id)
        plan = {**held.version.plan, "obstacle": "Rain"}
        actions.change(assignment=held.assignment, plan=plan, by=cast.ben, now=NOW)
    subject = {"kind": "plan", "assignment_id": str(assignment_id)}
    said = cast.revision(subject, {"plan": {"obstacle": HOSTILE}, "seen": 1, "parts": ["obstacle"]}, NOW - HOUR)
    with atomic():
        take_in(cast.anna, cast.phone, [said], NOW + HOUR)
    page = words(ben.page(f"/staff/clients/{cast.anna.id}/assignments/{assignment_id}"))
    assert "Anna also wrote on" in page and f"What could get in the way: {HOSTILE}" in page
