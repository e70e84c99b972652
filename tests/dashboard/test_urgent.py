"""Break-glass on the pages: Cara opens Anna for a reason; Ben and Ada are told until they say that they know."""

from datetime import timedelta

from server.caseload.urgent import TRIES
from tests.cast import NOW
from tests.dashboard.browser import words

WHY = "Anna rang the service in distress"


def break_glass(web, status=303, **changes):
    fields = {"number": "TT-1001", "hours": "1", "reason": WHY, **changes}
    return web.send(web.page("/staff/urgent"), "/urgent", status, **fields)


def test_the_record_opens_for_as_long_as_was_asked(open_as, cast, anna, time):
    cara = open_as(cast.cara)
    assert cara.fetch(anna.home).status_code == 404
    assert "Anna" in words(cara.follow(break_glass(cara)))
    assert "secret thing" not in words(cara.page(f"{anna.home}/assignments/{anna.agreed}"))
    time.now = NOW + timedelta(hours=1)
    assert open_as(cast.cara).fetch(anna.home).status_code == 404


def test_those_who_have_to_know_are_told_until_they_say_so(open_as, cast, anna):
    cara, ben, ada = open_as(cast.cara), open_as(cast.ben), open_as(cast.ada)
    break_glass(cara)
    page = words(ben.page("/staff/today"))
    assert "Cara Lindqvist opened the record of Anna" in page and WHY in page
    hers = words(ada.page("/staff/administration"))
    assert "Cara Lindqvist opened a client’s record" in hers
    assert "Anna" not in hers
    ben.send(ben.page("/staff/today"), "/known")
    assert "Cara Lindqvist" not in words(ben.page("/staff/today"))
    assert "Cara Lindqvist opened" in words(ada.page("/staff/administration"))
    ada.send(ada.page("/staff/administration"), "/known")
    assert "Cara Lindqvist opened" not in words(ada.page("/staff/administration"))


def test_nobody_else_hears_of_it_or_can_say_that_they_know(open_as, cast, anna):
    cara, ben, dev = open_as(cast.cara), open_as(cast.ben), open_as(cast.dev)
    break_glass(cara)
    known = ben.page("/staff/today").find("form", action=lambda one: one.endswith("/known"))["action"]
    for web in (cara, dev):
        assert "opened the record" not in words(web.page("/staff/today"))
        assert web.fetch(known, "POST", data=web.tokens()).status_code == 404


def test_a_wrong_number_and_one_of_another_service_look_the_same_and_count(open_as, cast, anna):
    dev, cara = open_as(cast.dev), open_as(cast.cara)
    said = [
        words(web.read(break_glass(web, 422, number=number), 422).find(class_="nhsuk-error-summary"))
        for web, number in ((cara, "TT-7777"), (dev, "TT-1001"))
    ]
    assert said[0] == said[1] and "There is no client with this number in your service." in said[0]
    for _ in range(TRIES - 1):
        break_glass(cara, 422, number="TT-8888")
    assert break_glass(cara, 429).status_code == 429
    assert cara.fetch(anna.home).status_code == 404


def test_without_a_reason_nothing_opens(open_as, cast, anna):
    cara = open_as(cast.cara)
    page = words(cara.read(break_glass(cara, 422, number="TT-1001", reason=" "), 422))
    assert "Say why this cannot wait." in page
    assert cara.fetch(anna.home).status_code == 404
