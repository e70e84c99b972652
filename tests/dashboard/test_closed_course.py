"""A course that has ended takes no appointment, whichever way it is asked for."""

import pytest

from server.caseload import list_actions
from server.caseload.queries import meetings_of
from server.extensions import atomic
from tests.cast import NOW
from tests.dashboard.browser import words

WHEN = {"day": "2026-11-25", "at": "10:00", "mode": "telephone", "minutes": "30"}


@pytest.fixture
def ended(cast, anna):
    """Ben ended Anna's course today."""
    cast.end()
    return anna


def states(cast) -> list[str]:
    return [one.state for one in meetings_of([cast.episode.id])[cast.episode.id]]


@pytest.mark.parametrize("place", ["", "/{today}/move"])
def test_no_booking_and_no_move(ben, cast, ended, place):
    before = states(cast)
    address = f"{ended.home}/appointments{place.format(today=ended.today)}"
    answer = ben.fetch(address, "POST", data={**ben.tokens(), **WHEN})
    assert answer.status_code == 409
    assert "This course of treatment has ended" in words(ben.read(answer, 409))
    assert states(cast) == before and "planned" not in before


def test_the_form_for_a_booking_is_not_shown_either(ben, ended):
    page = ben.page(f"{ended.home}/appointments/new", 409)
    assert "This course of treatment has ended" in words(page) and page.find("input", {"name": "day"}) is None


def test_its_appointment_offers_no_form_that_would_be_refused(ben, ended):
    page = ben.page(f"{ended.home}/appointments/{ended.today}")
    assert "This course of treatment has ended." in words(page)
    offered = {form["action"].rpartition("/")[2] for form in page.find_all("form")}
    assert not offered & {"attendance", "move", "again"}


def test_who_came_is_not_written_down_afterwards(ben, cast, ended):
    before = states(cast)
    answer = ben.fetch(
        f"{ended.home}/appointments/{ended.today}/attendance", "POST", data={**ben.tokens(), "state": "attended"}
    )
    assert "This course of treatment has ended" in words(ben.read(answer, 422))
    assert states(cast) == before


def test_the_same_time_is_not_offered_and_not_booked(ben, cast, ended):
    page = ben.page(f"{ended.home}/appointments/{ended.opened}")
    assert page.find("input", {"name": "starts"}) is None
    data = {**ben.tokens(), "starts": "2026-11-25T09:30"}
    answer = ben.fetch(f"{ended.home}/appointments/{ended.opened}/again", "POST", data=data)
    assert answer.status_code == 409
    assert "planned" not in states(cast)


def test_a_list_books_nothing_there(cast, ended):
    with atomic():
        done = list_actions.take_in(text="ID,Date,Time\nTT-1001,25/11/2026,10:00\n", by=cast.ben, now=NOW)
    assert [one.what for one in done.outcomes] == ["refused"]
    assert "planned" not in states(cast)
