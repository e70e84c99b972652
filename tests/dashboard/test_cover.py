"""Cover on the pages: Ben goes on leave, Cara stands in until the end moment, an administrator arranges it blindly."""

from datetime import timedelta

from server.extensions import atomic
from server.people import accounts
from tests.cast import NOW
from tests.dashboard.browser import words

DAY = timedelta(days=1)


def arrange(web, place="/staff/cover", status=303, **changes):
    first = NOW.date()
    fields = {
        "first": first.isoformat(), "last": (first + 2 * DAY).isoformat(), "reason": "Annual leave", **changes,
    }  # fmt: skip
    return web.send(web.page(place), place, status, **fields)


def test_a_colleague_sees_the_client_until_the_end_moment_and_not_after(open_as, cast, anna, time):
    ben, cara, dev = open_as(cast.ben), open_as(cast.cara), open_as(cast.dev)
    assert cara.fetch(anna.home).status_code == 404
    arrange(ben, colleague=str(cast.cara.id))
    page = words(cara.page("/staff/caseload"))
    assert "Anna" in page
    shown = cara.page(anna.home)
    assert "Anna" in words(shown)
    assert "secret thing" not in words(cara.page(f"{anna.home}/assignments/{anna.agreed}"))
    assert dev.fetch(anna.home).status_code == 404
    time.now = NOW.replace(hour=23, minute=59) + 2 * DAY  # the last minute of the last day, London
    assert open_as(cast.cara).fetch(anna.home).status_code == 200
    time.now += timedelta(minutes=1)
    assert open_as(cast.cara).fetch(anna.home).status_code == 404
    assert open_as(cast.ben).fetch(anna.home).status_code == 200


def test_it_can_be_ended_by_the_one_who_is_back_and_by_nobody_else(open_as, cast, anna):
    ben, cara = open_as(cast.ben), open_as(cast.cara)
    arrange(ben, colleague=str(cast.cara.id))
    page = ben.page("/staff/cover")
    ending = page.find("form", action=lambda one: one.endswith("/end"))["action"]
    dev = open_as(cast.dev)
    assert dev.fetch(ending, "POST", data=dev.tokens()).status_code == 404
    assert "Annual leave" in words(page)
    ben.send(page, "/end")
    assert cara.fetch(anna.home).status_code == 404
    assert "No cover now or to come" in words(ben.page("/staff/cover"))


def test_an_administrator_who_also_works_with_clients_does_not_give_a_caseload_to_herself(open_as, cast, anna):
    with atomic():
        accounts.change_roles(practitioner=cast.ada, roles=["administrator", "practitioner"], by=cast.ben, now=NOW)
    ada, place = open_as(cast.ada), "/staff/administration/cover"
    answer = arrange(ada, place, 422, away=str(cast.ben.id), colleague=str(cast.ada.id))
    assert "Nobody makes themself the cover." in words(ada.read(answer, 422))
    assert ada.fetch(anna.home).status_code == 404


def test_an_administrator_arranges_it_and_reads_no_name(open_as, cast, anna):
    ada, cara = open_as(cast.ada), open_as(cast.cara)
    page = words(ada.page("/staff/administration/cover"))
    assert "Anna" not in page and "Ben Okafor" in page
    arrange(ada, "/staff/administration/cover", away=str(cast.ben.id), colleague=str(cast.cara.id))
    assert cara.fetch(anna.home).status_code == 200
    page = words(ada.page("/staff/administration/cover"))
    assert "All clients (1 so far)" in page and "Anna" not in page
    assert ada.fetch(anna.home).status_code == 404
    ada.send(ada.page("/staff/administration/cover"), "/end")
    assert cara.fetch(anna.home).status_code == 404


def test_nobody_of_another_service_can_be_chosen_or_be_away(open_as, cast, anna):
    dev, ada = open_as(cast.dev), open_as(cast.ada)
    arrange(open_as(cast.ben), status=404, colleague=str(cast.dev.id))
    arrange(ada, "/staff/administration/cover", 422, away=str(cast.dev.id), colleague=str(cast.cara.id))
    assert dev.fetch(anna.home).status_code == 404


def test_what_is_missing_is_said_beside_its_field(open_as, cast):
    ben = open_as(cast.ben)
    answer = arrange(ben, status=422, colleague="", first="", reason="")
    page = words(ben.read(answer, 422))
    for sentence in ("Choose who stands in.", "Enter the first day.", "Say why, for the record."):
        assert sentence in page
    wrong = arrange(ben, status=422, colleague=str(cast.cara.id), last=(NOW.date() - DAY).isoformat())
    assert "The last day comes before the first." in words(ben.read(wrong, 422))
    chosen = arrange(ben, status=422, colleague=str(cast.cara.id), scope="chosen")
    assert "Choose at least one client." in words(ben.read(chosen, 422))


def test_who_is_covered_is_told_who_arranged_it_until_they_say_that_they_know(open_as, cast, anna):
    ada, ben, cara = open_as(cast.ada), open_as(cast.ben), open_as(cast.cara)
    arrange(ada, "/staff/administration/cover", away=str(cast.ben.id), colleague=str(cast.cara.id), reason="<b>Ill</b>")
    told = ben.page("/staff/today")
    assert "Ada Brooks arranged on" in words(told) and "that Cara Lindqvist stands in for you" in words(told)
    assert "<b>Ill</b>" in words(told)
    for web, place in ((cara, "/staff/today"), (ada, "/staff/administration")):
        assert "Somebody else arranged cover" not in words(web.page(place))
    form = told.find("form", action=lambda one: one.endswith("/known"))["action"]
    assert cara.fetch(form, "POST", data=cara.tokens()).status_code == 404
    ben.send(told, "/known")
    assert "Somebody else arranged cover" not in words(ben.page("/staff/today"))


def test_cover_that_one_arranged_oneself_is_no_news(open_as, cast, anna):
    ben = open_as(cast.ben)
    arrange(ben, colleague=str(cast.cara.id))
    assert "Somebody else arranged cover" not in words(ben.page("/staff/today"))
