"""Today in fifteen seconds: at most sixty words a client, what to look at first, nobody without a last contact."""

import re
from datetime import timedelta

import pytest

from server import clock
from server.dashboard import presenters
from server.entries.personal import write_down
from server.extensions import atomic
from server.people import actions as people
from server.reminders import actions
from tests.cast import NOW
from tests.conftest import Demonstration
from tests.dashboard.browser import Browser, words
from tests.dashboard.conftest import send
from tests.dashboard.spoken import spoken

MOST_WORDS = 60
WISH = {"name": "reminder", "on": True, "at": "13:30", "weekdays": [0, 1, 2, 3, 4, 5, 6], "level": 1}


@pytest.fixture(params=["ruth", "tom"])
def visits(request, demonstration, demo_app, monkeypatch) -> list:
    """What stands on Today for each practitioner of the demonstration, and on the days round it."""
    monkeypatch.setattr(clock, "now", lambda: Demonstration.now)
    account = next(one for one in demonstration.access.sign_ins if one.sign_in_name == request.param)
    web = Browser(demo_app)
    fields = {"sign_in_name": account.sign_in_name, "password": account.password}
    assert web.http.post("/staff/sign-in", data=fields).status_code == 303
    days = [Demonstration.now.date() + timedelta(days=n) for n in (-7, 0, 1, 2)]
    return [one for day in days for one in web.page(f"/staff/today?day={day}").find_all(class_="staff-visit")]


def test_no_client_of_the_demonstration_takes_more_than_sixty_words(visits):
    assert len(visits) >= 8
    counts = {words(one): len(re.findall(r"\S*\w\S*", words(one))) for one in visits}
    worst = max(counts, key=counts.get)
    assert counts[worst] <= MOST_WORDS, f"{counts[worst]}: {worst}"


def test_everybody_has_a_last_contact_and_no_nought_is_without_one(visits):
    for one in visits:
        said = {words(row.dt): words(row.dd) for row in one.dl.find_all("div")}
        assert re.search(
            r"\d\d:\d\d|not in contact yet|no phone paired, last seen|no phone paired$", said["App contact"]
        )
        assert "Agreed" in said and said["In the way"]


def test_what_to_look_at_first_leads_to_its_place_on_the_appointment(ben, cast, anna):
    first = ben.page("/staff/today").find(class_="staff-visit__first").a
    assert first.text == "Something unreadable" and first["href"].endswith("#unreadable")
    ben.send(ben.page(anna.home), f"{anna.quarantined}/seen")
    first = ben.page("/staff/today").find(class_="staff-visit__first").a
    assert words(first) == "Looking at a thought : not done" and first["href"].endswith(f"#task-{anna.agreed}")
    assert ben.page(first["href"]).find(id=f"task-{anna.agreed}")


def test_whose_reminders_wait_stands_in_one_line_with_the_place_to_ask(ben, open_as, cast, anna):
    with atomic():
        people.change_safe_contact(client=cast.anna, safe_contact={}, by=cast.ben, now=NOW)
        actions.set_rule(client=cast.anna, payload=WISH, now=NOW)
    line = ben.page("/staff/today").find(id="unasked")
    assert words(line) == "Reminders wait until you ask, while they are alone, how to reach them safely: Anna ."
    assert line.a["href"] == f"{anna.home}/safe-contact" and "staff-quiet" not in line.get("class", [])
    assert not line.find_previous(class_="staff-visits"), "it stands above the appointments"
    assert open_as(cast.cara).page("/staff/today").find(id="unasked") is None
    page = ben.page(line.a["href"])
    ben.send(page, "/safe-contact", 303, asked_alone="yes", voicemail="none")
    assert ben.page("/staff/today").find(id="unasked") is None


def test_nothing_to_look_at_is_said_in_words(ben, cast, time):
    cast.meet(NOW + timedelta(hours=2), None, NOW)
    said = words(ben.page("/staff/today").find(class_="staff-visit"))
    assert "Look first Nothing new to read" in said and "Agreed nothing at the moment" in said
    assert "App contact no phone paired" in said


def test_none_tried_never_stands_without_the_last_contact(ben, cast, time):
    cast.meet(NOW - timedelta(days=7), "attended", NOW - timedelta(days=7))
    cast.meet(NOW + timedelta(hours=2), None, NOW)
    cast.agree(now=NOW - timedelta(days=7), rhythm={"kind": "daily", "times": 1})
    cast.pair(NOW - timedelta(days=7))
    send(cast, [], NOW - timedelta(minutes=10))
    said = words(ben.page("/staff/today").find(class_="staff-visit"))
    assert "None of 7 tried or done . 7 no answer. 1 to come." in said and "App contact today 09:20" in said


def test_where_something_was_in_the_way_there_was_an_answer(ben, cast, time):
    began = NOW - timedelta(days=2)
    cast.meet(began, "attended", began)
    cast.meet(NOW + timedelta(hours=2), None, NOW)
    task = cast.agree(now=began, rhythm={"kind": "daily", "times": 1})
    cast.pair(began)
    smaller = cast.answer(task.id, f"{began.date()}#1", "not_today", outcome="smaller", barrier="forgot")
    send(cast, [smaller], NOW - timedelta(minutes=10))
    said = words(ben.page("/staff/today").find(class_="staff-visit"))
    assert "None of 2 tried or done" in said and "In the way" in said
    assert ". 1 put off, 1 no answer." in said, said


@pytest.mark.parametrize("text", ["Wed 4 Nov, 09:00", "Mondays and Fridays", "Sat"])
def test_a_weekday_keeps_its_capital_inside_a_sentence(text):
    assert presenters.inside(text) == text
    assert presenters.inside("Monthly, from Wed") == "monthly, from Wed"


def test_an_old_contact_begins_with_its_weekday(ben, cast, time):
    cast.meet(NOW - timedelta(days=20), "attended", NOW - timedelta(days=20))
    cast.meet(NOW + timedelta(hours=2), None, NOW)
    cast.pair(NOW - timedelta(days=20))
    send(cast, [], NOW - timedelta(days=14))
    said = words(ben.page("/staff/today").find(class_="staff-visit"))
    assert "App contact Wed 4 Nov, 09:30 (14 days ago)" in said
    assert "Wed 4 Nov, 09:30 " in words(ben.page("/staff/caseload").tbody), "the days are counted where there is room"
    assert "days ago" not in words(ben.page("/staff/caseload").tbody)


def test_an_appointment_with_an_interpreter_says_so_in_a_word(ben, cast, anna):
    assert "Interpreter" not in words(ben.page("/staff/today"))
    with atomic():
        write_down(client=cast.anna, name="about_me", value={"interpreter": "yes"}, by=cast.ben, now=NOW)
    assert "Interpreter" in words(ben.page("/staff/today").find(class_="staff-visit").h2)


def test_it_is_said_in_the_order_of_the_questions(ben, anna):
    said = spoken(ben.page("/staff/today"))
    wanted = [
        "11:30",
        "heading 2: Anna born 02/03/1994",
        "Agreed",
        "Since 11 Nov",
        "In the way",
        "App contact",
        "Look first",
    ]
    assert [line for line in said if line in wanted] == wanted
