"""Measures that clients fill in, on staff pages: where they are offered, whose they are, and gone when taken back."""

import pytest

from server.measures.imported import FAMILY
from tests.dashboard.browser import words
from tests.dashboard.test_measures import section
from tests.measures.test_from_clients import after, filled, holding, removed, rows, sync
from tests.safety.sheets import switched_on


@pytest.fixture
def home(cast) -> str:
    return f"/staff/clients/{cast.anna.id}"


def offered(ben, home) -> list[str]:
    page = ben.page(f"{home}/assignments/new")
    return [name for name in ("phq-9", "gad-7") if f"worksheet={FAMILY}/{name}" in str(page).replace("%2F", "/")]


def test_a_measure_is_offered_only_where_the_client_may_fill_it_in(app, ben, cast, home):
    assert offered(ben, home) == []
    holding(app, "phq-9", "gad-7")
    assert offered(ben, home) == ["gad-7"]
    switched_on(app, cast)
    assert offered(ben, home) == ["phq-9", "gad-7"]


@pytest.fixture
def agreed(app, cast):
    holding(app, "phq-9")
    switched_on(app, cast)
    cast.pair()
    return cast.agree(f"{FAMILY}/phq-9")


def test_the_client_page_says_that_the_client_filled_it_in(ben, cast, home, agreed):
    sync(cast, filled(cast, agreed, "111111112"))
    said = section(ben.page(home))
    assert "10 of 27 , moderate" in said and "filled in by the client" in said
    assert "Item 9 was scored 2. Follow your service’s own procedure for it." in said
    assert "tells nobody" not in said  # a flag waits on Today
    assert "Risk: red" in words(ben.page("/staff/today"))
    one = words(ben.page(f"{home}/measures/{rows()[0].id}"))
    assert "Filled in by the client, arrived" in one and "Entered by" not in one
    assert "by the client" in words(ben.page(f"{home}/measures"))


def test_what_the_client_changed_and_took_back_is_told_without_the_scores_of_it(ben, cast, home, agreed):
    raw = filled(cast, agreed)
    sync(cast, raw)
    changed = after(cast, agreed, raw, "333333330")
    sync(cast, changed)
    first, second = rows()
    assert "The client changed these answers." in words(ben.page(f"{home}/measures/{first.id}"))
    sync(cast, removed(cast, agreed, changed))
    listed = words(ben.page(f"{home}/measures"))
    assert "The client removed this entry, or keeps it for now." in listed and "24 of 27" not in listed
    page = ben.page(f"{home}/measures/{second.id}")
    assert "The client removed this entry" in words(page) and "24 of 27" not in words(page)
    assert not page.find("dl", class_="staff-items")
    assert "9 of 27" not in listed and "8 of 27" not in words(ben.page(f"{home}/measures/{first.id}"))
    ben.page(f"{home}/measures/{first.id}/correct", 404)
    assert "No scores yet." in section(ben.page(home))


def test_another_practitioner_of_the_service_sees_none_of_it(open_as, cast, home, agreed):
    sync(cast, filled(cast, agreed))
    for path in (f"{home}/measures", f"{home}/measures/{rows()[0].id}"):
        assert open_as(cast.cara).fetch(path).status_code == 404
