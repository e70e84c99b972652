"""Supervision on the pages: Eva supervises Ben, sees figures of his clients, and Anna's words once he brings her."""

from datetime import timedelta

import pytest

from server.assignments import queries as assignments
from server.assignments.actions import end
from server.audit.queries import about_client
from server.caseload import handing_over, supervising
from server.endings import actions as endings
from server.extensions import atomic
from server.supervision.queries import answers_of
from tests.cast import NOW
from tests.dashboard.browser import words

DAY = timedelta(days=1)
THEIR_WORDS = ("secret thing", "no private place", "my empty cup", "look at a thought from the outside")
ASKED = "Is exposure too early?"


@pytest.fixture
def eva(cast, anna):
    """Supervises Ben."""
    made = cast.add("Eva Lund", "supervisor")
    with atomic():
        supervising.begin(supervisor=made, supervisee=cast.ben, from_at=NOW, until_at=None, by=cast.ada, now=NOW)
    return made


@pytest.fixture
def case(anna) -> str:
    return f"/staff/supervision/clients/{anna.id}"


def bring(web, anna, question=ASKED, **more):
    return web.send(web.page(f"{anna.home}/supervision"), "/supervision", question=question, **more)


def decide(web, case, **changes):
    fields = {"words": "Wait one more week.", "who": "supervisee", "by_day": "2026-11-25", **changes}
    return web.send(web.page(case), case.rpartition("/")[2], **fields)


def test_figures_are_there_and_words_are_not_until_the_case_is_brought(open_as, cast, anna, eva, case):
    web = open_as(eva)
    shown = words(web.page(case))
    assert "Anna" in shown
    assert "1 of" in shown
    assert "PHQ-9: 12" in shown
    assert not any(one in shown for one in (*THEIR_WORDS, "Looking at a thought"))
    bring(open_as(cast.ben), anna)
    shown = words(web.page(case))
    assert ASKED in shown
    assert "my empty cup" in shown
    assert "no private place" in shown
    assert "Looking at a thought" in shown
    assert "secret thing" not in shown  # kept for now: never
    assert "keeps this entry for now" in shown


def test_a_decision_closes_it_again_and_stands_on_both_sides(open_as, cast, anna, eva, case, time):
    ben, web = open_as(cast.ben), open_as(eva)
    bring(ben, anna)
    agenda = words(web.follow(decide(web, case)))
    assert "Wait one more week." in agenda
    assert "Ben Okafor, by Wed 25 Nov" in agenda
    assert "my empty cup" not in words(web.page(case))
    hers = words(ben.page(anna.home))
    assert "Wait one more week." in hers
    assert "You, by Wed 25 Nov" in hers
    ben.send(ben.page(anna.home), "/decided", state="done")
    assert "Wait one more week. You. Done." in words(ben.page(anna.home))
    assert "Done." in words(web.page(f"/staff/supervision/{cast.ben.id}"))


def test_the_agenda_says_the_question_and_reading_it_there_is_a_look(open_as, cast, anna, eva):
    ben, web, agenda = open_as(cast.ben), open_as(eva), f"/staff/supervision/{cast.ben.id}"
    web.page(agenda)
    assert not [one for one in about_client(anna.id) if one.detail.get("page") == "show_agenda"]
    bring(ben, anna, "Too early <b>or</b> not?")
    brought = web.page(agenda).find(id="brought").find_next("tbody")
    assert "Too early <b>or</b> not?" in words(brought)
    looks = [one for one in about_client(anna.id) if one.detail.get("page") == "show_agenda"]
    assert [one.actor_id for one in looks] == [str(eva.id)]
    ben.send(ben.page(f"{anna.home}/supervision"), "/back")
    assert "Too early" not in words(web.page(agenda))


def test_what_is_taken_back_is_closed_again(open_as, cast, anna, eva, case):
    ben = open_as(cast.ben)
    bring(ben, anna)
    ben.send(ben.page(f"{anna.home}/supervision"), "/back")
    shown = words(open_as(eva).page(case))
    assert not any(one in shown for one in (*THEIR_WORDS, ASKED))
    assert "Taken back." in words(ben.page(f"{anna.home}/supervision"))


def test_no_question_answers_a_reason_that_supervision_cannot_answer(open_as, cast, anna, eva):
    ben = open_as(cast.ben)
    bring_it = f"{anna.home}/supervision"
    data = {**ben.tokens(), "question": ASKED, "reason": "flag_waiting"}
    assert ben.fetch(bring_it, "POST", data=data).status_code == 422
    assert answers_of(cast.episode.id) == []


def test_nobody_else_finds_any_of_it(open_as, cast, anna, eva, case):
    agenda = f"/staff/supervision/{cast.ben.id}"
    bring(open_as(cast.ben), anna)
    other, beside = cast.add("Gil", "supervisor", service=cast.other_service), cast.add("Hal", "supervisor")
    for who in (cast.cara, cast.dev, cast.ada, cast.ben, other, beside):
        web = open_as(who)
        for place in (case, agenda, f"{agenda}/work"):
            assert web.fetch(place).status_code == 404, (who.name, place)
        for place in (case, f"{agenda}/decided"):
            assert web.fetch(place, "POST", data=web.tokens()).status_code == 404, (who.name, place)
    assert "Anna" not in words(open_as(beside).page("/staff/supervision"))
    web = open_as(eva)
    for place in (anna.home, f"{anna.home}/entries", f"{anna.home}/supervision", f"{anna.home}/reasons"):
        assert web.fetch(place).status_code == 404, place


def test_after_the_pair_ends_there_is_nothing(open_as, cast, anna, eva, case):
    ada, web = open_as(cast.ada), open_as(eva)
    assert "Anna" in words(web.page(f"/staff/supervision/{cast.ben.id}"))
    ada.send(ada.page("/staff/administration/supervision"), "/end")
    for place in (case, f"/staff/supervision/{cast.ben.id}"):
        assert web.fetch(place).status_code == 404
    assert "You supervise nobody now." in words(web.page("/staff/supervision"))


def test_an_administrator_makes_pairs_and_reads_no_client(open_as, cast, anna, eva):
    ada = open_as(cast.ada)
    two = cast.add("Hal Moe", "supervisor")
    place = "/staff/administration/supervision"
    fields = {"supervisor": str(two.id), "supervisee": str(cast.ben.id)}
    shown = words(ada.follow(ada.send(ada.page(place), place, **fields)))
    assert "Hal Moe Ben Okafor Wednesday 18 November 2026 Open" in shown
    assert "Anna" not in shown
    refused = ada.read(ada.send(ada.page(place), place, 422, **fields), 422)
    assert "These two are a pair already. End that first." in words(refused)
    assert "Anna" in words(open_as(two).page(f"/staff/supervision/{cast.ben.id}"))


def test_a_case_is_due_by_the_days_that_the_service_sets(open_as, cast, anna, eva, time):
    ada, web = open_as(cast.ada), open_as(eva)
    agenda = f"/staff/supervision/{cast.ben.id}"
    decide(web, f"/staff/supervision/clients/{anna.id}", who="nobody", by_day="")
    assert ", due (open since" not in words(web.page(agenda))
    ada.send(ada.page("/staff/administration/supervision"), "/days", days="7")
    time.now = NOW + 6 * DAY
    assert ", due (open since" not in words(open_as(eva).page(agenda))
    time.now = NOW + 7 * DAY
    assert "Wed 18 Nov, due (open since" in words(open_as(eva).page(agenda))


def test_the_note_to_copy_has_the_local_number_and_no_name_of_a_client(open_as, cast, anna, eva, case):
    web = open_as(eva)
    page = web.follow(decide(web, case))
    note = page.find("textarea", id="note-text").text
    assert "Case TT-1001: Wait one more week. Ben Okafor, by Wed 25 Nov. Open." in note
    assert "Anna" not in note


def test_a_supervisee_and_their_supervisor_see_the_same_of_their_own_side(open_as, cast, anna, eva):
    theirs = open_as(eva).page(f"/staff/supervision/{cast.ben.id}/work").find("dl")
    assert "Parts of a plan filled in" in words(theirs)
    assert words(theirs) == words(open_as(cast.ben).page("/staff/caseload/own-work").find("dl"))


def test_each_look_at_a_case_is_written_down(open_as, cast, anna, eva, case):
    open_as(eva).page(case)
    record = words(open_as(cast.ben).page(f"{anna.home}/audit"))
    assert "Eva Lund" in record


def test_a_reason_brought_to_supervision_steps_back_on_the_caseload(open_as, cast, anna, eva):
    ben = open_as(cast.ben)
    page = ben.page(f"{anna.home}/supervision?reason=waiting_review")
    ben.send(page, "/supervision", question=ASKED)
    line = words(ben.page("/staff/caseload").find("tbody"))
    assert "Work waits to be looked at: brought to supervision, Wed 18 Nov" in line


def test_without_a_supervisor_nothing_can_be_brought(open_as, cast, anna):
    ben = open_as(cast.ben)
    assert "Nobody supervises this case." in words(ben.page(f"{anna.home}/supervision"))
    answer = ben.fetch(f"{anna.home}/supervision", "POST", data={**ben.tokens(), "question": ASKED})
    assert answer.status_code == 422


def test_a_decision_needs_words_somebody_and_a_day_ahead(open_as, cast, eva, case):
    web = open_as(eva)
    data = {**web.tokens(), "who": "supervisee", "by_day": "2026-11-01", "words": "Ring her."}
    shown = words(web.read(web.fetch(case, "POST", data=data), 422))
    assert "Choose a day from today on." in shown
    data = {**web.tokens(), "who": "nobody", "by_day": "2026-12-01", "words": "Ring her."}
    assert "Say who does it by this day" in words(web.read(web.fetch(case, "POST", data=data), 422))
    assert web.fetch(case, "POST", data=web.tokens()).status_code == 422


def test_what_was_brought_is_nothing_for_the_supervisor_of_who_has_the_client_next(
    open_as, cast, anna, eva, case, time
):
    ben = open_as(cast.ben)
    bring(ben, anna)
    gil = cast.add("Gil Ash", "supervisor")
    with atomic():
        supervising.begin(supervisor=gil, supervisee=cast.cara, from_at=NOW, until_at=None, by=cast.ada, now=NOW)
        handing_over.hand_over(
            episode=cast.episode, to=cast.cara, from_day=(NOW + 2 * DAY).date(), appointments="go", summary="",
            by=cast.ben, now=NOW,
        )  # fmt: skip
    assert ASKED in words(open_as(eva).page(case))  # until then it is hers to read
    time.now = NOW + 3 * DAY
    shown = words(open_as(gil).page(case))
    assert "Anna" in shown and not any(one in shown for one in (*THEIR_WORDS, ASKED))
    cara = open_as(cast.cara)
    bring(cara, anna, "Anything else?")
    assert "Anything else?" in words(open_as(gil).page(case))


def test_a_case_that_is_brought_shows_nothing_of_a_course_before(open_as, cast, anna, eva, case, time):
    cast.end()
    time.now = NOW + DAY
    with atomic():
        endings.start_again(client=cast.anna, practitioner=cast.ben, problem=None, by=cast.ben, now=time.now)
    bring(open_as(cast.ben), anna)
    shown = words(open_as(eva).page(case))
    assert ASKED in shown
    assert not any(one in shown for one in (*THEIR_WORDS, "Looking at a thought"))


def test_where_nothing_is_agreed_the_agenda_says_so_as_the_caseload_does(open_as, cast, anna, eva):
    with atomic():
        for one in assignments.of_client(cast.anna):
            end(assignment=one.assignment, by=cast.ben, now=NOW)
    web = open_as(cast.ben)
    assert "Nothing agreed" in words(web.page("/staff/caseload"))
    agenda = words(open_as(eva).page(f"/staff/supervision/{cast.ben.id}"))
    assert "Nothing agreed" in agenda
    assert "Nothing was due" not in agenda
