"""Behind each figure: its definition, what was counted, what was left out and why, as of when, and the last contact."""

import re
from datetime import timedelta

import pytest

from server.engagement.definitions import DEFINITIONS, TRIED_AND_DONE
from tests.cast import NOW
from tests.dashboard.browser import words
from tests.dashboard.conftest import send


def parts(page) -> dict[str, str]:
    """What stands beside each word of the panel."""
    panel = page.find("section", attrs={"aria-labelledby": "counted"})
    return {words(term): words(term.find_next("dd")) for term in panel.find_all("dt")}


def behind(ben, place: str, pattern: str = "interval="):
    return ben.page(ben.page(place).find("a", href=re.compile(pattern))["href"])


def test_the_rows_behind_a_figure_begin_with_how_it_is_counted(ben, anna):
    page = behind(ben, anna.home)
    said = parts(page)
    assert said["Counted"] == "7 times: 1 done, 1 partly done, 1 not done, 4 no answer"
    assert said["Left out"] == "1 not due yet"
    assert said["As of"] == "Wed 18 Nov, 09:30. Phone last in contact today at 06:30."
    assert TRIED_AND_DONE in words(page)
    below = [words(row) for row in page.find("tbody").find_all("tr")]
    assert len(below) == 7 + 1, "every time that is counted or left out has its row"


def test_what_is_not_known_is_counted_one_way_and_left_out_the_other(open_as, cast, time):
    cast.pair(NOW)
    agreed = cast.agree(None, title="Walk", rhythm={"kind": "daily", "times": 1})
    send(cast, [cast.answer(agreed.id, f"{NOW.date()}#1", "done")], NOW)
    time.now = NOW + timedelta(days=3)
    page = behind(open_as(cast.ben), f"/staff/clients/{cast.anna.id}")
    assert parts(page)["Counted"] == "3 times: 1 done, 2 not known"
    assert parts(page)["Also"] == "Without what is not known: 1 of 1 tried, 1 of 1 done."


def test_exemptions_are_left_out_and_let_in(ben, cast, anna):
    send(cast, [cast.answer(anna.agreed, anna.slots[4], "exempt", barrier="unwell_physical")], NOW)
    said = parts(behind(ben, anna.home))
    assert said["Counted"].startswith("6 times") and "1 not well enough" in said["Left out"]
    assert said["Also"] == "With “not well enough” counted too: 2 of 7 tried, 1 of 7 done."


def test_the_practice_rhythm_of_the_client_page_is_made_of_the_rows_behind_it(ben, anna):
    link = ben.page(anna.home).find("a", href=re.compile("rhythm=1"))
    page = ben.page(link["href"])
    assert f"{words(link)}." == words(page.find(class_="staff-figure"))
    tried, planned = (int(n) for n in re.findall(r"\d+", words(link)))
    rows = [words(row) for row in page.find("tbody").find_all("tr")]
    assert (planned, tried) == (len(rows), sum("Done" in row or "Partly done" in row for row in rows)) == (7, 2)


def test_no_rhythm_is_nought_without_the_last_contact(open_as, cast, time):
    cast.agree(None, title="Walk", rhythm={"kind": "daily", "times": 1})
    ben = open_as(cast.ben)
    assert "No planned day of the last four weeks has passed. No phone paired." in words(
        ben.page(f"/staff/clients/{cast.anna.id}")
    ).replace(" .", ".")
    time.now = NOW + timedelta(days=2)
    said = words(open_as(cast.ben).page(f"/staff/clients/{cast.anna.id}")).replace(" .", ".")
    assert "Something tried on none of 2 planned days in the last four weeks. No phone paired." in said


def test_times_for_any_day_of_a_week_are_called_times_and_no_days(open_as, cast, time):
    cast.agree(None, title="Walk", rhythm={"kind": "per_week", "times": 5})
    time.now = NOW + timedelta(days=8)
    home = f"/staff/clients/{cast.anna.id}"
    said = words(open_as(cast.ben).page(home))
    assert "Tried none of 5 planned times in the last four weeks" in said and "planned day" not in said
    cast.agree(None, title="Rest", rhythm={"kind": "daily", "times": 1})
    time.now = NOW + timedelta(days=9)
    said = words(open_as(cast.ben).page(home))
    assert re.search(r"Tried none of \d+ planned days and times in the last four weeks", said)


def test_what_got_in_the_way_leads_to_the_times_at_which_it_was_named(ben, anna):
    page = behind(ben, anna.home, "barriers=1")
    assert words(page.find(class_="staff-figure")) == "No private place."
    assert ["no private place" in words(row).lower() for row in page.tbody.find_all("tr")] == [True]


def test_one_task_of_an_appointment_leads_to_its_own_rows(ben, cast, anna):
    cast.agree(None, title="Walk", now=NOW - timedelta(days=7), rhythm={"kind": "daily", "times": 1})
    place = ben.page(f"{anna.home}/appointments/{anna.today}")
    links = place.find_all("a", href=re.compile("interval=.*assignment="))
    assert len(links) == 2
    for link in links:
        page = ben.page(link["href"])
        assert words(page.find(class_="staff-figure")).startswith(words(link).rstrip("."))
        assert len({words(row.find_all("td")[1]) for row in page.tbody.find_all("tr")}) == 1


def test_every_figure_has_its_place_on_the_page_of_definitions(ben, anna):
    page = ben.page("/staff/figures")
    assert [one["id"] for one in page.main.find_all("h2")] == ["states", *(one.code.lower() for one in DEFINITIONS)]
    for link in ("interval=", "rhythm=1", "barriers=1"):
        more = behind(ben, anna.home, link).find("a", string="How every figure is counted")["href"]
        assert page.find(id=more.partition("#")[2])


@pytest.mark.parametrize("question", ["interval=99", "interval=x", "interval=1&assignment=x"])
def test_rows_that_do_not_exist_are_missing(ben, anna, question):
    ben.page(f"{anna.home}/occurrences?{question}", 404)


@pytest.mark.parametrize("place", ["", "/occurrences?interval=1", "/occurrences?rhythm=1", "/appointments/"])
def test_f3_12_no_page_about_a_client_shows_a_percentage_or_a_score_of_engagement(ben, anna, place):
    said = words(ben.page(anna.home + place + (str(anna.today) if place == "/appointments/" else "")).main)
    assert "%" not in said and "Weighted engagement" not in said


@pytest.mark.parametrize("place", ["today", "caseload"])
def test_f3_12_nobody_is_ranked_by_a_figure(ben, anna, place):
    said = words(ben.page(f"/staff/{place}").main)
    assert "%" not in said and "rank" not in said.lower()
