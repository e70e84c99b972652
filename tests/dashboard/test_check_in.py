"""The appointment in its order: what was noticed, the check-in by both, the takeaway, and the summary of it."""

from datetime import timedelta

import pytest

from server.api import wire
from server.api.sync import take_in
from server.assignments.queries import intervals_of, of_assignment
from server.entries.personal import takeaways_of
from server.extensions import atomic
from server.reviews.ratings import rating_of, ratings_of
from tests.cast import NOW, full_thought_record
from tests.dashboard.browser import words
from tests.dashboard.conftest import send

CHECK_IN = "check-ins/practice-check-in"


@pytest.fixture
def place(anna) -> str:
    return f"{anna.home}/appointments/{anna.today}"


@pytest.fixture
def checked_in(cast, anna):
    """Anna filled in the check-in the day before."""
    agreed = cast.agree(CHECK_IN, now=NOW - timedelta(days=7), rhythm={"kind": "per_appointment"})
    answers = {"amount": "half", "helped": "some", "hard": 3, "clear": 4, "learned": "Mornings are easier."}
    entry = cast.entry(agreed.id, answers, happened=NOW - timedelta(days=1), form_key=CHECK_IN, form_version=1)
    send(cast, [entry], NOW - timedelta(hours=2))
    return entry


def part(page, name: str) -> str:
    return words(page.find("section", {"aria-labelledby": name}))


def test_the_page_runs_as_the_appointment_does(ben, cast, anna, place, checked_in):
    heads = [words(one) for one in ben.page(place).main.find_all("h2")]
    order = ["About me", "Could not be read or placed", "They want to talk about",
             "Work to look at together Since Wed 11 Nov", "Practice check-in", "Next task", "What they take away",
             "Summary to copy", "This appointment and the next"]  # fmt: skip
    assert heads == order


def test_what_was_noticed_stands_above_the_entries(ben, place, checked_in):
    page = ben.page(place)
    assert "“ Mornings are easier. ” How the practice went, Tue 17 Nov" in part(page, "learned")
    assert page.text.index("What they noticed") < page.text.index("What was happening?")


def test_both_sides_of_the_check_in_stand_side_by_side(ben, cast, place, checked_in):
    page = ben.page(place)
    assert "How much did it help? Some" in part(page, "check-in")
    assert "help? Some" in page.find("section", {"aria-labelledby": "check-in"}).text, "question and answer stand apart"
    ben.send(ben.page(place), "/rating", amount="2", quality="3")
    said = part(ben.page(place), "check-in")
    assert "How much was done About half" in said and "How well Well" in said and "Saved" not in said
    interval = intervals_of([cast.episode], NOW)[cast.episode.id][-1]
    held = rating_of(ratings_of(cast.anna), interval)
    assert (held.amount, held.quality) == (2, 3)


def test_a_rating_made_in_an_appointment_is_about_the_time_before_it(ben, cast, anna, place, time):
    ben.send(ben.page(place), "/rating", amount="0")
    time.now = NOW + timedelta(hours=3)
    ben.sign_in(cast.ben)
    ben.send(ben.page(place), "/attendance", state="attended")
    before, after = intervals_of([cast.episode], time.now)[cast.episode.id]
    assert rating_of(ratings_of(cast.anna), before).amount == 0
    assert rating_of(ratings_of(cast.anna), after) is None


@pytest.mark.parametrize("wrong", ["5", "-1", "x"])
def test_a_rating_is_from_nought_to_four(ben, cast, place, wrong):
    ben.send(ben.page(place), "/rating", 422, amount=wrong)
    assert ratings_of(cast.anna) == []


def test_the_takeaway_is_theirs_whoever_writes_it_down_and_the_last_word_holds(ben, cast, anna, place, time):
    ben.send(ben.page(place), "/takeaway", words="A thought is <b>not</b> a fact.")
    said = part(ben.page(place), "takeaway")
    assert "A thought is <b>not</b> a fact. ” Written down by staff" in said
    value = {"appointment_id": str(anna.today), "text": "I can wait."}
    raw = cast.revision({"kind": "setting"}, {"name": "takeaway", "value": value}, NOW + timedelta(minutes=2))
    with atomic():
        take_in(cast.anna, cast.phone, [raw], NOW + timedelta(minutes=2), NOW + timedelta(minutes=2))
    assert "I can wait. ” Written by the client" in part(ben.page(place), "takeaway")


def test_a_takeaway_stands_on_the_task_agreed_in_that_appointment_and_on_no_other(ben, cast, anna, place):
    here = cast.agree(None, title="Walk", agreed_in=anna.today, rhythm={"kind": "daily", "times": 1})
    elsewhere = cast.agree(None, title="Swim", rhythm={"kind": "daily", "times": 1})
    ben.send(ben.page(place), "/takeaway", words="A thought is <b>not</b> a fact.")
    tasks = [words(ben.page(f"/staff/clients/{cast.anna.id}/assignments/{one.id}").main) for one in (here, elsewhere)]
    shown = "What they took away “ A thought is <b>not</b> a fact. ” (written down by staff)"
    assert shown in tasks[0] and "What they took away" not in tasks[1]
    told = [wire.assignment(of_assignment(cast.anna, one.id), "Ben")["agreed_in"] for one in (here, elsewhere)]
    assert told == [str(anna.today), None]


def test_a_takeaway_of_an_appointment_that_is_not_hers_is_stored_and_shown_nowhere(cast, anna):
    value = {"appointment_id": str(cast.ben.id), "text": "mine?"}
    raw = cast.revision({"kind": "setting"}, {"name": "takeaway", "value": value})
    with atomic():
        assert take_in(cast.anna, cast.phone, [raw], NOW, NOW).receipts[0].status == "stored"
    assert takeaways_of(cast.anna) == {}


def test_the_summary_has_everything_and_no_name(ben, cast, anna, place, checked_in):
    ben.send(ben.page(place), "/takeaway", words="One step\nis enough.")
    ben.send(ben.page(place), "/rating", amount="2", quality="3")
    ben.send(ben.page(place), "/again")
    cast.agree(None, title="Walk", agreed_in=anna.today, rhythm={"kind": "daily", "times": 1})
    said = ben.page(place).find(id="summary").text
    for line in ("- Looking at a thought (every day): 2 of 7 tried", "In the way: no private place",
                 "Phone last in contact today at", "Check-in by the client: How much of what we planned",
                 "As the practitioner sees it: how much was done: about half; how well: well",
                 "Takes away: “One step is enough.”", "Next task: Walk (every day). When: after lunch",
                 "Scores: PHQ-9 12 of 27", "Next appointment: Wed 25 Nov, 11:30"):  # fmt: skip
        assert line in said, line
    assert "Anna" not in said


def test_an_entry_stands_beside_her_own_mean_once_three_came_before(ben, cast, anna, place):
    for day, after in ((4, 60), (3, 50), (2, 40)):
        answers = {**full_thought_record(), "feeling_before": 80, "feeling_after": after}
        send(cast, [cast.entry(anna.agreed, answers, happened=NOW - timedelta(days=day))], NOW - timedelta(hours=2))
    page = ben.page(place)
    first = page.find("article", class_="staff-entry")
    assert "Change in the feeling: -40 points, 80 to 40." in words(first)
    assert "Their own average so far: -28.3 points, 80 to 51.7 (mean of 3 earlier entries)" in words(first)
    assert first.svg["aria-hidden"] == "true", "the words beside it say all that is drawn"
    older = page.find_all("details", class_="staff-folded")
    assert "own average" not in words(older[-1]), "of fewer than three there is none"
