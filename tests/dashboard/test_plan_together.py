"""Planning together: what is suggested, what is repeated, made smaller or too much, and who changed what."""

from datetime import timedelta

import pytest

from server.assignments import actions as assignments
from server.assignments.queries import occurrences_of, of_client
from server.caseload import queries as caseload
from server.engagement import actions as engagement
from server.entries.actions import receive
from server.extensions import atomic
from tests.cast import NOW, THOUGHT_RECORD
from tests.dashboard.browser import find_form, typed_in, words
from tests.dashboard.conftest import HOSTILE

REASON = "You said that thoughts run away with you in the evening."
TYPED = {"reason": REASON, "when": "after tea"}


@pytest.fixture
def place(cast) -> str:
    return f"/staff/clients/{cast.anna.id}/assignments"


def agree(ben, place, worksheet=THOUGHT_RECORD, **fields):
    """Agree a task by the form; the newest assignment."""
    return ben.send(ben.page(f"{place}/new?worksheet={worksheet}"), "/assignments", 303, **{**TYPED, **fields})


def newest(cast):
    return of_client(cast.anna)[0]


def test_a_plan_says_when_before_it_is_agreed(ben, cast, place):
    page = ben.page(f"{place}/new?worksheet={THOUGHT_RECORD}")
    refused = ben.read(ben.send(page, "/assignments", 422, reason=REASON), 422)
    assert refused.select(".nhsuk-error-summary a")[0]["href"] == "#when" and of_client(cast.anna) == []
    ben.send(page, "/assignments", 303, reason=REASON, at="18:30")


def test_what_is_done_when_it_happens_needs_no_when(ben, cast, place):
    ben.send(ben.page(f"{place}/new?worksheet={THOUGHT_RECORD}"), "/assignments", 303, reason=REASON, rhythm="event")
    assert newest(cast).version.rhythm == {"kind": "event"}


def test_the_course_decides_what_is_suggested_first(ben, cast, place):
    page = ben.page(f"{place}/new")
    assert "Understanding my problem" in words(page.find(id="suggested").parent), "a course begins with these"
    page = ben.follow(ben.send(page, "/problem", 303, problem="generalised_anxiety"))
    part = page.find(id="suggested").parent
    assert words(part.h2) == "Suggested for generalised anxiety" and "Worry time" in words(part)
    assert caseload.open_episode(cast.anna.id).problem == "generalised_anxiety"
    agree(ben, place, "low-intensity-cbt/worry-time")
    titles = [words(one) for one in ben.page(f"{place}/new").select("#suggested ~ .staff-choices a")]
    assert titles and "Worry time" not in titles, "what is agreed now is not suggested"


def test_marks_of_sources_are_for_whoever_reads_the_file(ben, place):
    page = ben.page(f"{place}/new")
    page = ben.follow(ben.send(page, "/problem", 303, problem="social_anxiety"))
    said = words(page.find(id="suggested").parent)
    assert "Graded exposure, with experiments" in said and "[" not in said


def test_on_choosing_the_newest_stands_first_and_enter_alone_begins_nothing(ben, cast, place):
    a_walk(cast)
    agree(ben, place)
    page = ben.page(f"{place}/new")
    assert words(page.select_one(".staff-again__what bdi")) == "Looking at a thought"
    [focus] = page.find_all(autofocus=True)
    assert focus.name == "h2" and words(focus) == "Agreed before"


def test_a_problem_nobody_knows_is_refused(ben, place):
    page = ben.read(ben.send(ben.page(f"{place}/new"), "/problem", 422, problem="sadness"), 422)
    assert "Choose one from the list" in words(page)


def a_walk(cast, **more):
    """Agreed a week ago, to be done once."""
    plan = {"when": "after tea", "where": "in the park", "how_long": "20 minutes"}
    values = {"title": f"Walk {HOSTILE}", "reason": REASON, "plan": plan, "rhythm": {"kind": "once"}, **more}
    return cast.agree(None, now=NOW - timedelta(days=7), **values)


def test_what_was_to_be_done_once_is_carried_over_in_two_clicks(ben, cast, place):
    a_walk(cast)
    first = newest(cast)
    link = next(one for one in ben.page(f"{place}/new").select(".staff-way") if words(one).startswith("Carry over"))
    page = ben.page(link["href"])
    assert "Preview: nothing is agreed yet" in words(page) and page.find("button", autofocus=True)
    ben.send(page, "/assignments", 303)
    again, before = of_client(cast.anna)
    if again.assignment.id == first.assignment.id:
        again, before = before, again
    assert again.assignment.from_assignment == first.assignment.id
    assert again.version.plan["where"] == "in the park" and again.version.reason == REASON
    assert before.assignment.state == "ended", "nothing is asked for twice"
    left = occurrences_of(cast.anna.id, first.assignment.id)
    assert left and all(row.due_on < NOW.date() for row in left), "what was due before stays as it was"


def test_what_was_agreed_today_is_changed_and_not_carried_over(ben, cast, place):
    agree(ben, place, "", title="Walk", rhythm="once")
    page = ben.page(f"{place}/{newest(cast).assignment.id}")
    assert [words(one)[:12] for one in page.select(".staff-way")] == ["Make smaller"]


def test_what_has_ended_is_repeated_from_today(ben, cast, place):
    agree(ben, place, "", title="Walk", rhythm="once")
    first = newest(cast).assignment
    with atomic():
        assignments.end(assignment=first, by=cast.ben, now=NOW)
        engagement.refresh(client=cast.anna, assignment_ids=[first.id], now=NOW)
    page = ben.page(f"{place}/{first.id}")
    assert [words(one).partition(":")[0].strip() for one in page.select(".staff-way")] == ["Repeat", "Make smaller"]
    assert all(one.next_sibling.isspace() for one in page.select(".staff-way")), "two links, not one long word"
    page = ben.page(page.select(".staff-way")[0]["href"])
    assert page.find(id="from_date")["value"] == "2026-11-18"


def test_somebody_elses_task_cannot_be_repeated(ben, cast, anna, open_as):
    assert ben.fetch(f"/staff/clients/{cast.anna.id}/assignments/new?again=nonsense").status_code == 404
    page = ben.page(f"/staff/clients/{cast.anna.id}/assignments/new?worksheet={THOUGHT_RECORD}")
    ben.send(page, "/assignments", 404, **TYPED, again="018f0000-0000-7000-8000-000000000000")


def test_what_goes_on_is_made_smaller_in_two_clicks(ben, cast, place):
    agree(ben, place, how_long="30 minutes")
    first = newest(cast)
    page = ben.page(f"{place}/{first.assignment.id}")
    assert [words(one)[:12] for one in page.select(".staff-way")] == ["Make smaller"], "it goes on: nothing to repeat"
    page = ben.page(page.select(".staff-way")[0]["href"])
    assert "Made smaller: size small instead of usual and “15 minutes” instead of “30 minutes”" in words(page)
    assert "Preview: nothing is changed yet" in words(page) and "With this: 3 times a week." in words(page)
    assert words(page.find("button", autofocus=True)) == "Save the change"
    ben.send(page, "/change", 303)
    version = newest(cast).version
    assert (version.size, version.plan["how_long"], version.rhythm) == ("small", "15 minutes", first.version.rhythm)


def test_low_confidence_offers_a_smaller_step_that_keeps_all_that_was_typed(ben, cast, place):
    page = ben.page(f"{place}/new?worksheet={THOUGHT_RECORD}")
    page = ben.read(ben.send(page, "/preview", 200, **TYPED, confidence="6", obstacle=HOSTILE, how_long="20 minutes"))
    assert "Would a smaller step do?" in words(page) and words(page.find("button", autofocus=True)) == "Make it smaller"
    smaller = page.find("button", autofocus=True)["formaction"]
    page = ben.read(ben.fetch(smaller, "POST", data=form_data(page)))
    assert page.find("input", {"name": "size", "checked": True})["value"] == "small"
    assert page.find(id="obstacle")["value"] == HOSTILE.replace("\x07", "") and page.find(id="how_long")["value"] == (
        "10 minutes"
    )
    for _ in range(2):
        page = ben.read(ben.fetch(smaller, "POST", data=form_data(page)))
    assert page.find(id="how_long")["value"] == "5 minutes"
    assert page.find(id="times_per_week")["value"] == "2", "the smallest size is asked for less often"
    assert of_client(cast.anna) == []


def form_data(page):
    return typed_in(find_form(page, "/preview")[0])


def test_a_starter_sentence_works_without_a_script(ben, place):
    page = ben.page(f"{place}/new?worksheet={THOUGHT_RECORD}")
    starter = page.select("[data-start]")[0]
    page = ben.read(ben.fetch(starter["formaction"], "POST", data={**form_data(page), "reason": "Hello."}))
    assert page.find(id="reason").has_attr("autofocus") and not page.find(id="when").has_attr("autofocus")
    assert page.find(id="reason").text.strip() == "Hello. You told me that" and not page.select(".nhsuk-error-summary")


def test_a_load_above_the_cap_is_said_and_never_blocks(ben, cast, place):
    agree(ben, place, rhythm="daily")
    page = ben.page(f"{place}/new?worksheet=low-intensity-cbt/worry-diary")
    assert "Agreed now: 7 times a week." in words(page) and "cap" not in words(page)
    page = ben.read(ben.send(page, "/preview", 200, **TYPED, rhythm="per_week", times_per_week="2"))
    assert "With this: 9 times a week. Your service’s cap is 7." in words(page)
    ben.send(page, "/assignments", 303)


def test_what_is_repeated_is_no_load_beside_itself(ben, cast, place):
    again = a_walk(cast, until_date=NOW.date() + timedelta(days=3)).id
    assert "Agreed now: 1 time a week." in words(ben.page(f"{place}/new"))
    assert "With this: 1 time a week." in words(ben.page(f"{place}/new?again={again}"))


def test_a_service_sets_its_own_cap(open_as, cast):
    ada = open_as(cast.ada)
    page = ada.page("/staff/administration")
    assert page.find(id="weekly_cap")["value"] == "7"
    assert "from 1 to 50" in words(ada.read(ada.send(page, "/service", 422, weekly_cap="0"), 422))
    ada.send(page, "/service", 303, weekly_cap="3")
    assert ada.page("/staff/administration").find(id="weekly_cap")["value"] == "3"


def test_reminders_are_previewed_by_the_clients_own_hours(ben, cast, place):
    page = ben.page(f"{place}/new?worksheet={THOUGHT_RECORD}")
    page = ben.read(ben.send(page, "/preview", 200, **TYPED))
    assert "No reminder until they set a time on their phone." in words(page)


def test_staff_see_who_changed_what_as_differences(ben, cast, anna):
    place = f"{anna.home}/assignments/{anna.agreed}"
    ben.send(ben.page(f"{place}/change"), "/change", 303, where="in the park", at="18:30")
    with atomic():
        agreed = next(one for one in of_client(cast.anna) if one.assignment.id == anna.agreed)
        assignments.change(
            assignment=agreed.assignment, by=cast.anna, made_by="client", now=NOW,
            plan={**agreed.version.plan, "where": HOSTILE},
        )  # fmt: skip
    changes = [words(one) for one in ben.page(place).select(".staff-changes > li")]
    assert changes[0].startswith("Anna changed this on") and "Where: was in the park , now" in changes[0]
    assert changes[1].startswith("Ben Okafor changed this on") and "Time: was 13:30 , now 18:30" in changes[1]
    assert "Why" not in changes[1] and not ben.page(place).select(".staff-changes script")


def test_goals_stand_beside_what_is_suggested_unless_they_are_kept(ben, cast, place):
    cast.pair()
    goals = cast.agree("low-intensity-cbt/my-goals")
    answers = {"goals": [{"goal": f"Walk the dog {HOSTILE}", "can_do_now": 2}]}
    for kept in (True, False):
        with atomic():
            raw = cast.entry(goals.id, answers, form_key="low-intensity-cbt/my-goals", happened=NOW)
            raw["payload"]["kept"] = kept
            receive(client=cast.anna, device=cast.phone, revisions=[raw], now=NOW)
        page = ben.page(f"{place}/new")
        assert ("Their goals: Walk the dog" in words(page)) is not kept and not page.main.find("script")


@pytest.mark.parametrize(("mark", "smaller"), [("carry_over", False), ("make_smaller", True)])
def test_a_mark_on_what_is_over_leads_to_the_filled_in_form(ben, cast, anna, mark, smaller):
    walk = a_walk(cast)
    appointment = f"{anna.home}/appointments/{anna.today}"
    page = ben.page(appointment)
    answer = ben.fetch(f"{appointment}/assignments/{walk.id}/review", "POST", data={**tokens_of(page), "mark": mark})
    assert answer.status_code == 303 and f"again={walk.id}" in answer.headers["Location"]
    page = ben.follow(answer)
    assert words(page.h1).endswith("again") and ("Made smaller" in words(page)) is smaller
    ben.send(page, "/assignments", 303)
    made = of_client(cast.anna)[0].assignment
    assert (made.from_assignment, made.agreed_in) == (walk.id, anna.today)


def tokens_of(page) -> dict:
    return {name: page.find("input", {"name": name})["value"] for name in ("csrf", "author")}
