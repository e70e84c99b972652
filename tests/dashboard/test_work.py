"""What practitioners see of the work: Today, caseload, client, each time, entries, the appointment."""

import re
from datetime import timedelta

import pytest

from server.assignments.queries import intervals_of, occurrences_of
from server.audit.queries import about_client
from server.extensions import atomic
from server.people import queries as people
from server.worksheets.library import library
from server.worksheets.structure import Problem
from tests.cast import NOW
from tests.dashboard.browser import words
from tests.dashboard.conftest import HOSTILE, send
from tests.engagement.occurrences import of_interval


def test_today_says_in_a_line_what_was_done_and_what_got_in_the_way(ben, anna):
    said = words(ben.page("/staff/today"))
    assert "11:30" in said and "Anna" in said and "Looking at a thought" in said
    assert "2 of 7 tried, 1 done" in said
    assert "1 not done, 4 no answer" in said
    assert "In the way no private place" in said
    assert "App contact today 06:30" in said
    assert "Look first Something unreadable +1 task, 2 questions" in said


def test_what_is_not_known_is_not_shown_as_not_done(ben, cast, time):
    cast.pair(NOW - timedelta(days=7))
    cast.meet(NOW - timedelta(days=7), "attended", NOW - timedelta(days=7))
    cast.agree(now=NOW - timedelta(days=7), rhythm={"kind": "daily", "times": 1})
    said = words(ben.page("/staff/caseload"))
    assert "7 due, nothing known yet" in said and "0 of 7" not in said
    assert "Phone paired, not in contact yet" in said


def test_the_figures_on_a_page_are_those_of_the_rules(ben, cast, anna):
    interval = intervals_of([cast.episode], NOW)[cast.episode.id][-1]
    figures = of_interval(cast.anna, interval, NOW)
    said = words(ben.page(f"{anna.home}/occurrences?interval={interval.number}"))
    assert f"{figures.tried.count} of {figures.tried.of} tried, {figures.done.count} of those done" in said


def test_a_figure_leads_to_its_rows_and_each_row_says_where_it_comes_from(ben, anna):
    today = ben.page("/staff/today")
    link = today.find("a", class_="staff-figure")["href"]
    page = ben.page(link)
    said = words(page)
    assert "Its time has passed, the phone has since sent all it held, and nothing was said." in said
    assert "In the way: no private place" in said
    assert "Not done" in said and "Said in the app" in said  # nobody ticked that as done
    assert page.find("a", string="Read the entry")


def test_the_caseload_says_why_somebody_is_at_the_top(ben, cast, anna):
    page = ben.page("/staff/caseload")
    rows = page.find("tbody").find_all("tr")
    assert "Anna" in rows[0].get_text() and "Something they sent could not be read" in words(rows[0])
    assert "Work waits to be looked at" in words(rows[0])


def test_the_client_page_shows_four_weeks_of_dots_with_words(ben, anna):
    page = ben.page(anna.home)
    dots = page.find_all("a", class_="staff-dot")
    assert {"staff-dot--done", "staff-dot--partial", "staff-dot--not_done", "staff-dot--no_answer"} <= {
        name for dot in dots for name in dot["class"]
    }
    for dot in dots:
        assert dot["title"] and dot["title"] in dot.get_text()
        place, _, row = dot["href"].partition("#")
        assert ben.page(place).find(id=row), "a dot leads to its row"
        break
    said = words(page)
    assert "Plan a place, like a walk" in said, "each barrier has a way to respond"
    assert "You could say: “Where could you" in said
    assert "Reminders are not switched on." in said and "Android phone, in the browser" in said
    assert "Can we talk about sleep?" in said


def test_an_entry_is_read_question_by_question_with_its_figures(ben, anna):
    said = words(ben.page(f"{anna.home}/entries/{anna.entry}"))
    assert "What was happening?" in said and "80 out of 100" in said and "Change in the feeling: -35 points" in said


def test_an_entry_kept_for_now_counts_and_its_text_is_nowhere(ben, anna):
    for path in (f"{anna.home}/entries", f"{anna.home}/appointments/{anna.today}", anna.home):
        assert "secret thing" not in ben.fetch(path).text
    assert "keeps this entry for now" in words(ben.page(f"{anna.home}/entries"))


def test_a_hostile_entry_shows_as_text_everywhere(ben, cast, anna):
    long = "a\nb " + "w" * 5000
    fields = {"situation": HOSTILE, "balanced": long, "feeling": "\u200f\u0627\u202e"}
    send(cast, [cast.entry(anna.agreed, fields, slot=anna.slots[4], happened=NOW - timedelta(days=1))], NOW)
    place = f"{anna.home}/appointments/{anna.today}"
    for path in (f"{anna.home}/entries", place, f"{anna.home}/occurrences", anna.home, "/staff/today"):
        answer = ben.fetch(path)
        page = ben.read(answer)
        assert "alert(" not in "".join(script.text for script in page.find_all("script"))
        assert not page.main.find("script") and not page.main.find("b")
        assert "\u202e" not in answer.text and "\x07" not in answer.text
    shown = [one for one in ben.page(place).find_all("bdi") if "<script>" in one.text]
    assert shown and all(one["dir"] == "auto" for one in shown)
    assert long in ben.page(place).get_text(), "line ends are kept, and nothing is cut off"


def test_a_hostile_name_shows_as_text_everywhere(ben, cast):
    page = ben.page("/staff/clients/new")
    fields = {"preferred_name": "<script>alert(1)</script>", "date_of_birth": "1/2/1990"}
    invitation = ben.follow(ben.send(page, "/staff/clients", 303, **fields))
    home = invitation.find("a", string="Back to the client")["href"]
    for path in ("/staff/caseload", home, f"{home}/invitation", f"{home}/assignments/new", f"{home}/audit"):
        answer = ben.fetch(path)
        assert "<script>alert" not in answer.text and "&lt;script&gt;alert" in answer.text, path


def test_every_page_about_a_client_is_written_down_once(ben, cast, anna):
    before = [e for e in about_client(cast.anna.id) if e.verb == "client.seen"]
    ben.fetch(anna.home)
    ben.fetch(f"{anna.home}/entries")
    seen = [e for e in about_client(cast.anna.id) if e.verb == "client.seen"]
    assert [e.detail["page"] for e in seen[: len(seen) - len(before)]] == ["list_entries", "show_client"]
    assert seen[0].actor_id == str(cast.ben.id)
    record = words(ben.page(f"{anna.home}/audit"))
    assert "Ben Okafor looked at what they sent" in record  # as their own phone has it
    assert "The client’s phone sent what they wrote" in record
    assert "client: seen" not in record and "entries: received" not in record


def test_a_page_shown_again_because_of_a_mistake_is_a_look_too(ben, cast, anna):
    page = ben.page(f"{anna.home}/appointments/{anna.today}")
    ben.send(page, "/review", 422)
    assert about_client(cast.anna.id)[0].detail == {"page": "review"}


def test_what_could_not_be_read_is_shown_until_somebody_saw_it(ben, anna):
    page = ben.page(anna.home)
    assert "Could not be read" in words(page)
    ben.send(page, "/seen", 303)
    assert "Could not be read" not in words(ben.page(anna.home))


def test_a_lost_phone_is_ended(ben, anna):
    ben.send(ben.page(f"{anna.home}/devices/{anna.device}/end"), "/revoke", 303)
    assert "Ended by staff" in words(ben.page(anna.home))


def test_a_phone_whose_sign_in_was_copied_says_when_it_was_ended_and_then_why(ben, cast, anna):
    with atomic():
        device = people.devices_of(cast.anna)[0]
        device.copied_at = device.ended_at = NOW
    assert re.search(r"Ended [^.]*\d\d:\d\d because its sign-in was used on two phones", words(ben.page(anna.home)))


@pytest.mark.parametrize("day", ["2026-11-25", "nonsense", "2026-99-99"])
def test_another_day_can_be_looked_at(ben, anna, day):
    ben.page(f"/staff/today?day={day}")
    assert "You have no appointments on this day" in words(ben.page("/staff/today?day=2026-11-25"))


def test_the_pages_answer_to_head_and_options(ben, anna):
    for path in ("/staff/today", "/staff/caseload", anna.home):
        assert ben.fetch(path, "HEAD").status_code == 200
        assert ben.fetch(path, "OPTIONS").status_code == 200
    assert ben.fetch("/staff/static/staff.css").status_code == 200
    assert ben.fetch("/staff/static/../guard.py").status_code == 404


def test_today_says_that_the_client_asked_something(ben, anna):
    assert "2 questions" in words(ben.page("/staff/today"))


def test_a_moved_time_that_stayed_silent_is_not_called_ticked(ben, cast, anna, time):
    moved = cast.answer(anna.agreed, anna.slots[5], "not_today", outcome="another_day", moved_to="2026-11-17")
    send(cast, [moved], NOW - timedelta(hours=2))
    rows = ben.page(f"{anna.home}/occurrences").find("tbody").find_all("tr")
    row = next(words(row) for row in rows if "Moved to" in words(row))
    assert "Moved, no answer after" in row and "icked" not in row


def test_tasks_of_one_name_are_told_apart(ben, cast, anna):
    cast.agree(now=NOW - timedelta(days=6), rhythm={"kind": "daily", "times": 1})
    assert len(ben.page(anna.home).find_all("article", class_="staff-card")) == 2
    ben.page(f"{anna.home}/appointments/{anna.today}")


@pytest.mark.parametrize(
    ("outcome", "later", "in_contact", "words_shown"),
    [
        ("smaller", 0, True, "Made smaller, not due yet"),
        ("smaller", 2, True, "Made smaller, no answer after"),
        ("smaller", 2, False, "Made smaller, not known after"),
        ("another_day", 3, True, "Moved, no answer after"),
    ],
)
def test_what_was_made_smaller_or_moved_is_not_called_no_answer(
    ben, cast, time, open_as, outcome, later, in_contact, words_shown
):
    cast.pair(NOW - timedelta(days=1))
    meeting = cast.meet(NOW + timedelta(days=4), None)
    agreed = cast.agree(rhythm={"kind": "once"}, until_date=NOW.date())
    slot = occurrences_of(cast.anna.id, agreed.id)[0].slot
    moved = {"moved_to": (NOW + timedelta(days=1)).date().isoformat()} if outcome == "another_day" else {}
    said = cast.answer(agreed.id, slot, "not_today", outcome=outcome, barrier="forgot", words="It slipped.", **moved)
    send(cast, [said], NOW)
    time.now = NOW + timedelta(days=later)
    if in_contact:
        send(cast, [], time.now)
    web = open_as(cast.ben)
    home = f"/staff/clients/{cast.anna.id}"
    for place in (f"{home}/occurrences", f"{home}/appointments/{meeting.id}"):
        shown = words(web.page(place))
        assert words_shown in shown and "It slipped." in shown
        assert "No answer" not in shown and "Not known" not in shown
    dot = web.page(home).find("a", class_="staff-dot")
    assert words_shown.lower() in dot["title"]


def test_an_administrator_reads_which_worksheet_is_left_out_and_why(app, open_as, cast, monkeypatch):
    broken = Problem("ours/walk.v1.yaml", 3, "title", "shape", "<b>This</b> is no title.")
    monkeypatch.setattr(library(), "problems", [broken])
    said = open_as(cast.ada).page("/staff/administration").get_text(" ", strip=True)
    assert "Worksheets that are left out" in said and "ours/walk.v1.yaml:3: title: <b>This</b> is no title." in said


def test_that_nothing_happened_is_no_barrier_to_write_down(ben, anna):
    page = ben.page(f"{anna.home}/appointments/{anna.today}")
    offered = {one["value"] for one in page.select("select[name=barrier] option")}
    assert "forgot" in offered and "no_trigger" not in offered


def test_something_else_in_its_place_is_never_shown_as_the_task_itself(ben, cast, anna):
    walk = cast.answer(anna.agreed, anna.slots[4], "not_today", outcome="swap", words="went for a walk")
    send(cast, [walk], NOW - timedelta(hours=1))
    pages = f"{anna.home}/occurrences", f"{anna.home}/appointments/{anna.today}"
    for said in map(words, map(ben.page, pages)):
        assert "Tried something else instead" in said and "went for a walk" in said
        assert "icked only" not in said and "only ticked" not in said
    assert "1 of the 3 with something else instead" in words(ben.page(pages[1]))
    assert "3 of 7 tried (1 swapped), 1 done" in words(ben.page("/staff/today"))


def test_another_task_in_its_place_is_named(ben, cast, anna):
    other = cast.agree(now=NOW - timedelta(days=7), rhythm={"kind": "once"}, worksheet=None, title="Feed the ducks")
    swap = cast.answer(anna.agreed, anna.slots[4], "not_today", outcome="swap", swap_assignment_id=str(other.id))
    send(cast, [swap], NOW - timedelta(hours=1))
    rows = ben.page(f"{anna.home}/occurrences?assignment={anna.agreed}").find("tbody").find_all("tr")
    (row,) = [words(row) for row in rows if "Tried something else instead" in words(row)]
    assert "Feed the ducks" in row
