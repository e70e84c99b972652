"""The page on which a course ends, what it says before and after, and coming back."""

import re
from datetime import timedelta

from server.caseload.models import Episode
from server.caseload.queries import meetings_of, open_episode
from server.endings.queries import ended_courses
from server.endings.rules import PLAN
from server.entries.queries import last_contacts
from server.extensions import atomic, db
from tests.cast import NOW
from tests.dashboard.browser import words
from tests.dashboard.conftest import HOSTILE, scores, send

ANSWERS = {"reason": "completed", "staying_well": "on_paper", "signposting": "", "came": "cancelled_by_service"}


def end(ben, anna, status=303, **changes):
    return ben.send(ben.page(f"{anna.home}/ending"), "/ending", status, **{**ANSWERS, **changes})


def summary(page) -> str:
    return page.find(id="summary").text


def test_before_the_end_it_says_what_will_happen_and_which_scores_are_missing(ben, anna):
    said = words(ben.page(f"{anna.home}/ending"))
    assert "Reminders stop today." in said
    assert "0 of 1 measure that started have a first and a later score." in said
    assert "PHQ-9: 12 of 27" in said and "no last score" in said
    assert "They can read on their phone until" in said and "90 days" in said
    assert "Not agreed yet." in said


def test_one_press_ends_it_and_the_page_says_so(ben, anna, cast):
    said = words(ben.follow(end(ben, anna)))
    assert "The course has ended. Reminders have stopped." in said
    assert "Finished as planned" in said and "Yes, on paper" in said
    assert open_episode(cast.anna.id) is None
    assert "This course of treatment ended on" in words(ben.page(anna.home))


def test_it_asks_what_became_of_todays_own_appointment_and_writes_that_down(ben, anna, cast):
    page = ben.page(f"{anna.home}/ending")
    assert "Did they come today, at 11:30?" in words(page) and "These appointments are cancelled" not in words(page)
    again = ben.read(end(ben, anna, 422, came=""), 422)
    assert "Say what became of today’s appointment." in words(again.find(class_="nhsuk-error-summary"))
    assert open_episode(cast.anna.id) is not None
    text = summary(ben.follow(end(ben, anna, came="attended")))
    assert "Appointments: 2 attended" in text and "cancelled" not in text


def test_who_came_this_morning_has_not_come_this_afternoon(ben, anna, cast):
    begun = cast.meet(NOW - timedelta(minutes=20))
    page = words(ben.page(f"{anna.home}/ending"))
    assert "Did they come today, at 09:10?" in page and "cancelled: Wed 18 Nov, 11:30." in page
    end(ben, anna, came="attended")
    states = {one.appointment_id: one.state for one in meetings_of([cast.episode.id])[cast.episode.id]}
    assert states.pop(str(begun.id)) == "attended"
    assert sorted(states.values()) == ["attended", "cancelled_by_service"]  # the first of the course, and 11:30


def test_today_says_of_whoever_was_there_that_the_course_has_ended(ben, anna):
    end(ben, anna, came="attended")
    visit = words(ben.page("/staff/today").find(class_="staff-visit"))
    assert "Agreed course ended" in visit and "nothing at the moment" not in visit


def test_a_day_without_an_appointment_is_not_asked_about(ben, cast):
    page = ben.page(f"/staff/clients/{cast.anna.id}/ending")
    assert page.find(id="came") is None
    assert "has ended" in words(ben.follow(ben.send(page, "/ending", **{**ANSWERS, "came": ""})))


def test_nothing_ends_without_a_reason_and_what_was_typed_stays(ben, anna, cast):
    page = ben.page(f"{anna.home}/ending")
    answer = ben.send(page, "/ending", 422, last_day="2026-11-17", signposting="See your GP.")
    said = ben.read(answer, 422)
    assert "Choose why it ends." in words(said.find(class_="nhsuk-error-summary"))
    assert said.find(id="signposting").text.strip() == "See your GP."
    assert open_episode(cast.anna.id) is not None


def test_a_last_day_ahead_is_refused_with_a_sentence(ben, anna):
    ahead = (NOW + timedelta(days=1)).date().isoformat()
    said = words(ben.read(end(ben, anna, 422, last_day=ahead), 422))
    assert "The last day cannot lie ahead." in said


def test_a_second_press_in_another_window_says_that_it_has_ended(ben, anna):
    page = ben.page(f"{anna.home}/ending")
    ben.send(page, "/ending", **ANSWERS)
    assert "ended" in words(ben.read(ben.send(page, "/ending", 409, **ANSWERS), 409))


def test_the_summary_counts_this_course_and_holds_no_name(ben, anna, cast):
    scores(cast, NOW.date() - timedelta(days=7), **{"gad-7": [1, 1, 1, 1, 1, 1, 1]})
    scores(cast, NOW.date(), **{"gad-7": [0, 0, 0, 0, 0, 0, 1]})
    before = summary(ben.page(f"{anna.home}/ending"))
    assert "not ended yet" in before
    text = summary(ben.follow(end(ben, anna, reason="stepped_up")))
    assert "Reason for ending: stepped up" in text
    assert "Appointments: 1 attended, 1 cancelled by the service" in text
    assert "1 task agreed." in text
    assert "PHQ-9: 12 of 27" in text and "only, so no change can be shown" in text
    assert "GAD-7: 7 of 21" in text and "It fell by 6: reliable improvement" in text
    assert "Staying-well plan: made, on paper" in text
    assert "Anna" not in text


def test_the_summary_before_the_end_counts_as_if_it_ended_today(ben, cast):
    began = NOW - timedelta(days=14)
    with atomic():
        open_episode(cast.anna.id).opened_on = began.date()
    cast.agree(now=began, rhythm={"kind": "daily", "times": 3})
    page = ben.page(f"/staff/clients/{cast.anna.id}/ending")
    work = re.search("Work between appointments: .*", summary(page))[0]
    assert "42 due" in work and "not due yet" not in work
    ben.send(page, "/ending", **ANSWERS)
    after = summary(ben.page(f"/staff/clients/{cast.anna.id}/ending"))
    assert work in after


def test_hostile_words_are_shown_as_words(ben, anna):
    answer = end(ben, anna, signposting=HOSTILE)
    page = ben.follow(answer)
    assert '<script>alert("x")</script>' in words(page)
    assert page.find("script", string=lambda text: text and "alert(" in text) is None


def test_a_course_that_ended_is_found_again_by_its_own_practitioner_and_by_nobody_else(ben, anna, cast, open_as):
    assert "None yet." in words(ben.page("/staff/caseload/ended"))
    end(ben, anna, reason="moved_away")
    row = ben.page("/staff/caseload/ended").find("tbody").find("tr")
    assert "Anna" in words(row) and "Moved away" in words(row)
    assert row.find("a")["href"] == f"{anna.home}/ending"
    for who in (cast.cara, cast.dev):
        assert "Anna" not in words(open_as(who).page("/staff/caseload/ended"))


def test_a_reason_that_nobody_wrote_down_is_said_to_be_not_recorded_on_every_page(ben, anna, cast):
    end(ben, anna)
    with atomic():
        db.session.get(Episode, cast.episode.id).close_reason = None
    page = ben.page(f"{anna.home}/ending")
    assert "Why Not recorded" in words(page) and "Reason for ending: not recorded" in summary(page)
    assert "not recorded" in words(ben.page("/staff/caseload/ended").find("tbody"))


def test_somebody_comes_back_to_an_empty_course_and_the_page_shows_the_last_one(ben, anna, cast, time, open_as):
    with atomic():
        open_episode(cast.anna.id).opened_on = NOW.date() - timedelta(days=14)
    end(ben, anna)
    time.now = NOW + timedelta(days=70)
    ben = open_as(cast.ben)
    page = ben.page(f"{anna.home}/ending")
    home = ben.follow(ben.send(page, "/again"))
    said = words(home)
    assert "Last time" in said and "Nothing is agreed at the moment." in said
    assert re.search(r"Last scores: PHQ-9 12 of 27 on [^.;]*, the only one\.", said)
    assert "This begins with the first task or appointment." in said  # no interval of the course before
    assert last_contacts([cast.anna.id])[cast.anna.id].paired
    assert len(ended_courses(cast.anna)) == 1


def test_the_staying_well_plan_of_the_course_before_is_not_taken_for_one_of_this(ben, anna, cast, time, open_as):
    made = cast.agree(PLAN, now=NOW - timedelta(days=1), rhythm={"kind": "once"})
    entry = cast.entry(made.id, {"plan_well": "Football"}, form_key=PLAN)
    send(cast, [entry], NOW)
    page = ben.page(f"{anna.home}/ending")
    assert "Filled in on" in words(page) and chosen_plan(page) == "on_phone"
    end(ben, anna)
    time.now = NOW + timedelta(days=70)
    ben = open_as(cast.ben)
    ben.send(ben.page(f"{anna.home}/ending"), "/again")
    page = ben.page(f"{anna.home}/ending")
    assert "Not agreed yet." in words(page) and "Agree it now" in words(page) and chosen_plan(page) is None


def chosen_plan(page) -> str | None:
    """What the form starts from."""
    option = page.find(id="staying_well").find("option", selected=True)
    return option["value"] or None if option else None
