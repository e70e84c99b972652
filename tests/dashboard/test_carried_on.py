"""What goes on of something earlier says so with its day: a course that was handed over, a task carried over."""

from datetime import timedelta

from server.caseload import handing_over
from server.extensions import atomic
from tests.cast import NOW
from tests.dashboard.browser import words


def test_an_appointment_after_a_hand_over_says_whose_client_it_was_and_since_when(open_as, cast, anna):
    with atomic():
        handing_over.hand_over(
            episode=cast.episode, to=cast.cara, from_day=NOW.date(), appointments="go", summary="All well.",
            by=cast.ben, now=NOW,
        )  # fmt: skip
    said = words(open_as(cast.cara).page(f"{anna.home}/appointments/{anna.today}"))
    assert "Cara Lindqvist has looked after them from Wednesday 18 November 2026 on, after Ben Okafor." in said


def test_a_task_agreed_once_more_says_from_which_day_on_it_goes_on(ben, cast, anna):
    again = cast.agree(None, title="Walk", rhythm={"kind": "event"}, from_assignment=anna.agreed)
    for place in ("", f"/appointments/{anna.today}"):
        said = words(ben.page(anna.home + place).find(id=f"task-{again.id}"))
        assert "Carried on since Wed 18 Nov from a task agreed on Wed 11 Nov." in said


def test_a_task_carried_over_says_so_at_the_next_appointment(ben, cast, anna):
    ben.send(ben.page(f"{anna.home}/appointments/{anna.today}"), "/review", 303, mark="carry_over")
    following = cast.meet(NOW + timedelta(days=7), None, NOW)
    here, then = (
        words(ben.page(f"{anna.home}/appointments/{one}").find(id=f"task-{anna.agreed}"))
        for one in (anna.today, following.id)
    )
    assert "Carried over on Wed 18 Nov." in then
    assert "Carried over on" not in here and "Carry over to next time." in here
