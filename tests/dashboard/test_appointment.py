"""The appointment: review marks, what was done on paper or told, who came, the next date, the summary."""

from datetime import timedelta

import pytest

from server.assignments.queries import occurrence_of, occurrences_of, of_client
from server.caseload import actions as caseload
from server.caseload.queries import meeting_of, meetings_of
from server.errors import Refused
from server.extensions import atomic
from server.people import actions as people
from server.reviews.queries import of_client as reviews_of
from tests.cast import NOW
from tests.dashboard.browser import words
from tests.dashboard.conftest import scores, send


@pytest.fixture
def place(anna) -> str:
    return f"{anna.home}/appointments/{anna.today}"


def test_it_opens_on_the_last_intervals_work(ben, place):
    said = words(ben.page(place))
    assert "Since Wed 11 Nov" in said and "2 of 7 tried, 1 of those done" in said
    assert "What facts fit this thought?" in said
    assert "In the way: no private place. Plan a place, like a walk or the car" in said


def test_a_question_from_before_the_last_appointment_is_not_lost(ben, cast, anna, place):
    asked = cast.revision({"kind": "agenda"}, {"text": "What is a trigger?"}, happened=NOW - timedelta(days=20))
    send(cast, [asked], NOW - timedelta(hours=2))
    asked_for = ben.page(place).find("section", {"aria-labelledby": "questions"})
    assert "What is a trigger?" in words(asked_for) and "Can we talk about sleep?" in words(asked_for)


def test_the_latest_scores_stand_there_with_item_9_and_the_way_to_enter_more(ben, cast, anna, place):
    scores(cast, NOW.date() - timedelta(days=1), **{"phq-9": [1, 2, 1, 2, 1, 2, 1, 2, 3]})
    page = ben.page(place)
    assert "PHQ-9 15" in words(page), "the newest of two"
    assert page.find("a", string="Enter scores")
    assert "9" in words(page.find(class_="staff-risk"))


def test_a_task_of_which_nothing_was_due_is_one_line_that_can_still_be_marked(ben, cast, anna, place):
    idle = cast.agree(None, title="Ring the surgery", rhythm={"kind": "event"})
    task = ben.page(place).find(id=f"task-{idle.id}")
    assert words(task.h3) == "Ring the surgery Whenever it happens. Nothing due yet, 1 to come."
    assert not task.find("p", string="Nothing has come yet.") and "Mark it as looked at" in words(task)


def test_a_task_agreed_in_this_very_call_stands_after_what_there_is_to_look_at(ben, cast, anna, place):
    now = cast.agree(None, title="Ring the surgery", rhythm={"kind": "event"}, agreed_in=anna.today)
    assert [one["id"] for one in ben.page(place).select("article[id^=task-]")] == [
        f"task-{anna.agreed}", f"task-{now.id}",
    ]  # fmt: skip


def test_the_newest_entry_nobody_looked_at_is_open_and_older_ones_say_what_changed_in_a_line(ben, cast, anna, place):
    for day in (3, 2, 1):
        send(cast, [cast.entry(anna.agreed, happened=NOW - timedelta(days=day))], NOW - timedelta(hours=2))
    task = ben.page(place).find(id=f"task-{anna.agreed}")
    lines = task.select("details.staff-folded:not(.staff-in-the-way)")
    shown = [one for one in task.find_all("article", class_="staff-entry") if not one.find_parent("details")]
    assert len(shown) == 1 and shown[0].h4.a.text.startswith("Tue 17 Nov"), "the newest of five"
    assert words(lines[0].summary).startswith("Mon 16 Nov") and "done. Change in" in words(lines[0].summary)
    assert words(lines[1].summary) == "3 older entries and the times without an entry"
    assert all(one.find("article", class_="staff-entry") for one in lines), "the whole entry is one press away"


def test_an_entry_that_was_looked_at_is_folded(ben, cast, anna, place):
    send(cast, [cast.entry(anna.agreed, happened=NOW - timedelta(days=1))], NOW - timedelta(hours=2))
    ben.send(ben.page(place), "/review", 303, mark="reviewed")
    task = ben.page(place).find(id=f"task-{anna.agreed}")
    assert [one for one in task.find_all("article", class_="staff-entry") if not one.find_parent("details")] == []


def test_what_they_wrote_without_a_worksheet_and_what_was_in_the_way_is_never_folded(ben, cast, anna, place):
    task = ben.page(place).find(id=f"task-{anna.agreed}")
    said = task.find(string=lambda text: text and "desrever" in text)
    assert said.find_parent("li") and not said.find_parent("details")
    [barrier] = task.select("details.staff-in-the-way > summary")
    assert words(barrier).startswith("In the way: no private place. Plan a place")
    assert "You could say" not in words(barrier)


def test_silent_times_of_one_week_stand_on_one_line_after_what_was_said(ben, cast, anna, place, time):
    weekly = cast.agree(None, title="Walk", now=NOW - timedelta(days=7), rhythm={"kind": "per_week", "times": 3})
    slot = occurrences_of(cast.anna.id, weekly.id)[2].slot
    send(cast, [cast.answer(weekly.id, slot, "not_today", outcome="keep", barrier="forgot")], NOW)
    rows = [words(row) for row in ben.page(place).find(id=f"task-{weekly.id}").select("ul.nhsuk-list > li")]
    assert len(rows) == 2 and "Not done" in rows[0]
    assert rows[1] == "Wed 11 Nov to Tue 17 Nov (2 times) No answer"


def test_a_mark_is_kept_with_the_line_the_client_can_read(ben, cast, anna, place):
    page = ben.page(place)
    answer = ben.send(page, "/review", 303, mark="carry_over", line="Well spotted.", note="Ask about work.")
    assert answer.headers["Location"].endswith(f"#task-{anna.agreed}")
    made = reviews_of(cast.anna)[0]
    assert (made.mark, made.line, made.note) == ("carry_over", "Well spotted.", "Ask about work.")
    assert made.appointment_id == anna.today
    said = words(ben.page(place))
    assert "They can read: Well spotted." in said and "Note for staff: Ask about work." in said
    assert "Looking at a thought : 1 new" not in words(ben.page("/staff/today"))


def test_a_review_without_a_mark_says_so_and_keeps_what_was_typed(ben, place):
    page = ben.read(ben.send(ben.page(place), "/review", 422, line="Well <b>spotted</b>."), 422)
    assert page.find(class_="nhsuk-error-summary").find("a")["href"] == "#review-1-mark"
    assert page.find(id="review-1-line").text == "Well <b>spotted</b>."
    assert page.find(id="review-1-mark")


def test_stop_ends_the_task_and_smaller_leads_to_the_form_for_it(ben, cast, anna, place):
    answer = ben.send(ben.page(place), "/review", 303, mark="make_smaller")
    form = ben.follow(answer)
    assert form.find("input", {"name": "size", "checked": True})["value"] == "small"
    ben.send(ben.page(place), "/review", 303, mark="stop")
    assert of_client(cast.anna)[0].assignment.state == "ended"


def test_work_on_paper_counts_and_says_where_it_comes_from(ben, cast, anna, place):
    slot = anna.slots[0]
    page = ben.page(place)
    ben.send(page, "/record", 303, slot=slot, told="done", medium="paper", helped_by="interpreter")
    row = occurrence_of(cast.anna.id, anna.agreed, slot)
    assert (row.state, row.medium, row.entered_by, row.helped_by) == ("done", "paper", "practitioner", "interpreter")
    said = words(ben.page(f"{anna.home}/occurrences"))
    assert "On paper, written down by staff, with an interpreter" in said
    assert "3 of 7 tried, 2 of those done" in words(ben.page(place))


@pytest.mark.parametrize(
    ("told", "barrier", "state"),
    [("not_today", "forgot", "not_done"), ("tried", "too_hard", "tried"), ("exempt", "", "exempt")],
)
def test_what_was_told_becomes_a_state(ben, cast, anna, place, told, barrier, state):
    slot = anna.slots[0]
    ben.send(ben.page(place), "/record", 303, slot=slot, told=told, barrier=barrier, medium="phone_call")
    row = occurrence_of(cast.anna.id, anna.agreed, slot)
    assert (row.state, row.medium) == (state, "phone_call")


def test_recording_needs_an_answer_and_a_real_time(ben, place):
    page = ben.read(ben.send(ben.page(place), "/record", 422), 422)
    assert "Choose what became of it." in words(page)
    ben.send(ben.page(place), "/record", 404, slot="w9#9", told="done")


def test_an_attended_appointment_ends_the_interval(ben, cast, anna, place, time):
    time.now = NOW + timedelta(hours=3)
    ben.fetch("/staff/sign-in")
    ben.sign_in(cast.ben)
    ben.send(ben.page(place), "/attendance", 303, state="attended")
    assert meetings_of([cast.episode.id])[cast.episode.id][-1].state == "attended"
    said = words(ben.page(place))
    assert "Wed 11 Nov to Wed 18 Nov" in said, "the page stays with the work that was looked at"
    assert "Attended" in said


def test_did_they_come_needs_an_answer(ben, place):
    page = ben.read(ben.send(ben.page(place), "/attendance", 422), 422)
    assert "Choose what became of this appointment." in words(page)


@pytest.mark.parametrize("state", ["attended", "missed"])
def test_nobody_can_have_come_to_an_appointment_that_lies_ahead_or_stayed_away(ben, cast, anna, state):
    ahead = cast.meet(NOW + timedelta(days=7), None, NOW)
    there = f"{anna.home}/appointments/{ahead.id}"
    said = words(ben.read(ben.send(ben.page(there), "/attendance", 422, state=state), 422))
    assert "Say from its day on whether they came" in said
    assert meetings_of([cast.episode.id])[cast.episode.id][-1].state == "planned"
    with pytest.raises(Refused) as no, atomic():
        caseload.record_attendance(appointment=ahead, episode=cast.episode, state=state, by=cast.ben, now=NOW)
    assert no.value.code == "not-yet"


def test_an_appointment_that_lies_ahead_can_be_cancelled_and_one_of_this_day_begun_early(ben, cast, anna, place):
    ahead = cast.meet(NOW + timedelta(days=7), None, NOW)
    ben.send(ben.page(f"{anna.home}/appointments/{ahead.id}"), "/attendance", state="cancelled_by_client")
    ben.send(ben.page(place), "/attendance", state="attended")
    states = [m.state for m in meetings_of([cast.episode.id])[cast.episode.id]]
    assert states[-2:] == ["attended", "cancelled_by_client"]


def test_same_time_next_week_is_one_click(ben, cast, place):
    ben.send(ben.page(place), "/again", 303)
    last = meetings_of([cast.episode.id])[cast.episode.id][-1]
    assert last.starts_at == NOW + timedelta(days=7, hours=2)
    assert "Next appointment: Wed 25 Nov, 11:30" in words(ben.page(place))


def test_same_time_next_week_means_the_clock_on_the_wall(ben, cast, anna):
    spring = cast.meet(NOW.replace(year=2027, month=3, day=24, hour=10, minute=0), None)
    page = ben.page(f"{anna.home}/appointments/{spring.id}")
    assert "Same time next week: Wed 31 Mar, 10:00" in words(page)
    ben.send(page, "/again", 303)
    hours = {m.starts_at.hour for m in meetings_of([cast.episode.id])[cast.episode.id] if m.starts_at.month == 3}
    assert hours == {9, 10}, "ten o'clock by the sun, and ten o'clock in British Summer Time"


def test_once_next_week_is_booked_the_button_offers_the_week_after_and_says_so(ben, cast, place):
    page = ben.page(place)
    for _ in range(2):  # pressed twice on the same page: once is meant
        ben.send(page, "/again", 303)
    assert len([m for m in meetings_of([cast.episode.id])[cast.episode.id] if m.state == "planned"]) == 2
    assert "Same time in 2 weeks: Wed 2 Dec, 11:30" in words(ben.page(place))
    assert "An earlier week is booked already." in words(ben.page(place))


def test_a_time_that_another_client_has_is_said(ben, cast, place):
    with atomic():
        bea = people.add_client(service=cast.service, preferred_name="Bea", by=cast.ben, now=NOW)
        episode = caseload.take_on(client=bea, practitioner=cast.ben, by=cast.ben, now=NOW)
        caseload.book(
            episode=episode, practitioner=cast.ben, zone="Europe/London", by=cast.ben, now=NOW,
            starts_local=(NOW + timedelta(days=7, hours=2)).replace(tzinfo=None),
        )  # fmt: skip
    assert "You have another client then." in words(ben.page(place))


def test_an_appointment_is_booked_and_moved(ben, cast, anna, place):
    page = ben.page(f"{anna.home}/appointments/new")
    assert page.find(id="day")["value"] == "2026-11-25"
    ben.follow(ben.send(page, "/appointments", 303, day="2026-12-02", at="14.15", mode="video"))
    last = meetings_of([cast.episode.id])[cast.episode.id][-1]
    assert (last.starts_at.day, last.starts_at.hour, last.starts_at.minute, last.mode) == (2, 14, 15, "video")
    ben.send(ben.page(place), "/move", 303, day="19/11/2026", at="9:00", mode="in_person")
    moved = next(m for m in meetings_of([cast.episode.id])[cast.episode.id] if m.appointment_id == str(anna.today))
    assert (moved.starts_at.day, moved.starts_at.hour, moved.mode) == (19, 9, "in_person")


def test_a_booking_with_mistakes_keeps_what_was_typed(ben, anna):
    page = ben.page(f"{anna.home}/appointments/new")
    page = ben.read(ben.send(page, "/appointments", 422, day="32/13/2026", at="late", minutes="0"), 422)
    assert page.find(id="day")["value"] == "32/13/2026" and page.find(id="at")["value"] == "late"
    said = words(page.find(class_="nhsuk-error-summary"))
    assert "Enter a real date" in said and "Enter a real time" in said and "from 5 to 240" in said


def test_the_summary_has_the_figures_and_no_name(ben, anna, place):
    ben.send(ben.page(place), "/review", 303, mark="reviewed", line="Well spotted.")
    text = ben.page(place).find(id="summary").text
    assert "2 of 7 tried, 1 of those done" in text and "looked at together. Well spotted." in text
    assert "In the way: no private place" in text and "Anna" not in text and "TT-1001" not in text


def test_an_ended_course_opens_the_last_appointment_at_which_they_met(ben, cast, anna):
    cast.meet(NOW + timedelta(days=6), "cancelled_by_service", NOW)
    with atomic():
        _, was = meeting_of(cast.episode, anna.today)
        caseload.record_attendance(
            appointment=was, episode=cast.episode, state="cancelled_by_client", by=cast.ben, now=NOW
        )
    button = ben.page(anna.home).find("a", string=lambda text: text and text.startswith("Open the appointment"))
    assert button.text == "Open the appointment of Wed 11 Nov, 09:30"
