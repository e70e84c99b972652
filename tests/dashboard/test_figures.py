"""Figures in words: the same on every page, never more than is known, and a shape and plain words for each state."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from server.assignments.models import Occurrence
from server.assignments.queries import occurrences_of
from server.dashboard.presenters import STATES
from server.extensions import db
from tests.cast import NOW
from tests.dashboard.browser import words
from tests.dashboard.conftest import send


def not_due(text: str) -> int:
    """How many are not due yet, as a sentence of figures says it."""
    found = re.search(r"(\d+) not due yet|(\d+) to come", text)
    return int(found[1] or found[2]) if found else 0


@pytest.mark.parametrize("booked", [(), (2,), (2, 9), (30,)])
def test_the_figure_and_the_rows_behind_it_are_the_same_on_every_page(ben, cast, time, booked):
    opened = NOW - timedelta(days=3)
    cast.meet(opened, "attended", opened)
    cast.agree(now=opened, rhythm={"kind": "daily", "times": 1})
    cast.agree(None, title="Walk", now=opened, rhythm={"kind": "per_week", "times": 2})
    meetings = [cast.meet(NOW + timedelta(days=days), None, NOW) for days in booked]
    today = cast.meet(NOW + timedelta(hours=1), None, NOW)
    home = f"/staff/clients/{cast.anna.id}"
    places = [home, "/staff/today", "/staff/caseload", *(f"{home}/appointments/{one.id}" for one in [today, *meetings])]
    figures = [ben.page(place).find("a", href=re.compile("occurrences.interval=")) for place in places]
    behind = ben.page(figures[0]["href"])
    sentence = words(behind.find(class_="staff-figure"))
    shown = [words(row) for row in behind.find("tbody").find_all("tr")]
    assert not_due(sentence) == sum("Not due yet" in row for row in shown) > 0
    for place, figure in zip(places, figures, strict=True):
        assert figure["href"] == figures[0]["href"]
        assert words(figure.parent).startswith(sentence[:-1].partition(".")[0]), place
        if place != "/staff/caseload":  # one line for each client: what is not due yet is a click away
            assert not_due(words(figure.parent)) == not_due(sentence), place


def test_a_figure_is_said_in_short_sentences(ben, anna):
    figure = ben.page(anna.home).find("a", class_="staff-figure").parent
    said = "2 of 7 tried, 1 of those done. Others: 1 said not done, 4 without an answer. Not counted: 1 not due yet."
    assert words(figure).replace(" .", ".") == said


@pytest.mark.parametrize(("ticked", "said"), [(1, "1 of the 3 only ticked."), (2, "2 of the 4 only ticked.")])
def test_what_was_only_ticked_says_of_how_many(ben, cast, anna, ticked, said):
    for slot in anna.slots[4 : 4 + ticked]:
        send(cast, [cast.answer(anna.agreed, slot, "done", happened=NOW - timedelta(days=1))], NOW)
    assert said in words(ben.page(anna.home))


def test_beside_a_known_barrier_no_figure_says_that_nothing_is_known(open_as, cast, time):
    cast.pair(NOW - timedelta(days=1))
    agreed = cast.agree(None, title="Walk", rhythm={"kind": "once"}, until_date=NOW.date())
    slot = occurrences_of(cast.anna.id, agreed.id)[0].slot
    send(cast, [cast.answer(agreed.id, slot, "not_today", outcome="smaller", barrier="forgot")], NOW)
    home = f"/staff/clients/{cast.anna.id}"
    said = words(open_as(cast.ben).page(home))
    assert "1 to come, after a “not today”" in said and "In the way: forgot." in said
    time.now = NOW + timedelta(days=2)  # and the phone was not heard of since
    said = words(open_as(cast.ben).page(home))
    assert "1 due, not known if any was done" in said and "nothing known yet" not in said


def test_not_well_enough_is_said_once(ben, cast, anna):
    send(cast, [cast.answer(anna.agreed, anna.slots[4], "exempt", barrier="unwell_physical")], NOW)
    for place in (f"{anna.home}/appointments/{anna.today}", f"{anna.home}/occurrences"):
        row = next(tag for tag in ben.page(place).find_all("strong", class_="nhsuk-tag") if "well" in tag.text).parent
        assert words(row).lower().count("not well enough") == 1, place
    assert "In the way no private place App" in words(ben.page("/staff/today")), "it counts among what is left out"


def test_that_nothing_happened_got_in_nobodys_way(ben, cast, anna):
    said = cast.answer(anna.agreed, anna.slots[4], "not_today", outcome="keep", barrier="no_trigger")
    send(cast, [said], NOW)
    assert "nothing happened to record" not in words(ben.page("/staff/today")).lower()
    appointment = words(ben.page(f"{anna.home}/appointments/{anna.today}"))
    assert "Nothing happened to record. Leave it as an answer" in appointment
    assert "In the way: nothing happened" not in appointment
    assert "Nothing happened to record" not in words(ben.page(anna.home))


def test_in_the_demonstration_nothing_to_record_is_no_barrier(demo_app):
    named = set(db.session.scalars(select(Occurrence.barrier)))
    states = set(db.session.scalars(select(Occurrence.state)))
    assert "no_trigger" not in named and len(named) > 5
    assert "nothing_happened" in states


def test_two_phones_are_told_apart(ben, cast, anna):
    cast.pair(NOW - timedelta(days=1))
    page = ben.page(anna.home)
    cards = [words(card) for card in page.find_all(class_="staff-card") if "Paired" in card.get_text()]
    assert [card[:7] for card in cards] == ["Phone 2", "Phone 1"]
    assert page.find("a", string="End access of phone 1") and page.find("a", string="End access of phone 2")


def test_each_dot_has_a_shape_of_its_own_and_the_legend_names_it(ben, cast, anna):
    page = ben.page(anna.home)
    drawn = {str(one.svg) for one in page.find_all("a", class_="staff-dot")}
    legend = page.find("ul", class_="staff-legend").find_all("li")
    assert drawn == {str(one.svg) for one in legend} and len(drawn) == len(legend) > 3
    assert all(words(one) for one in legend)


def test_every_state_has_a_shape_of_its_own(app):
    with app.test_request_context():
        shape = app.jinja_env.get_template("dashboard/_dots.html").module.shape
    assert len({str(shape(mark.shape)) for mark in STATES.values()}) == len(STATES)


@pytest.mark.parametrize("word", ["interval", "laid out", "push service", "done rule", "time between, and"])
def test_no_word_of_ours_is_left_on_a_page(ben, cast, anna, word):
    for place in ("", f"/appointments/{anna.today}", "/occurrences", "/assignments/new?worksheet="):
        page = ben.page(anna.home + place)
        assert word not in words(page.main).lower(), place
