"""Handing over on the pages: Ben gives Anna to Cara from Monday on; the summary goes along, and the phone says so."""

from datetime import timedelta

from tests.cast import NOW
from tests.dashboard.browser import words

MONDAY = "2026-11-23"


def give(web, anna, status=303, **changes):
    place = f"{anna.home}/hand-over"
    return web.send(web.page(place), "/hand-over", status, **{"day": MONDAY, **changes})


def test_from_that_day_on_she_is_the_colleagues_with_all_that_was_agreed(open_as, cast, anna, time):
    ben, cara = open_as(cast.ben), open_as(cast.cara)
    give(ben, anna, to=str(cast.cara.id), note="She prefers the afternoon.")
    page = words(ben.page(anna.home))
    assert "Cara Lindqvist looks after them from Monday 23 November 2026 on, after Ben Okafor." in page
    assert cara.fetch(anna.home).status_code == 404
    time.now = NOW + timedelta(days=5)
    ben, cara = open_as(cast.ben), open_as(cast.cara)
    assert ben.fetch(anna.home).status_code == 404
    summary = cara.page(f"{anna.home}/hand-over").find("pre").text
    for part in (
        "Agreed now",
        "Looking at a thought (every day)",
        "In the way: no private place",
        "- Can we talk about sleep?",
    ):
        assert part in summary, summary
    assert "No staying-well plan yet" in summary and "She prefers the afternoon." in summary
    assert "Anna" not in summary and "secret thing" not in summary
    assert "Looking at a thought" in words(cara.page(anna.home))


def test_her_phone_is_told_who_looks_after_this_and_from_when(app, open_as, cast, anna):
    give(open_as(cast.ben), anna, to=str(cast.cara.id))
    phone = app.test_client()
    phone.set_cookie("phone", cast.token)
    pulled = phone.get("/api/v1/sync/pull", headers={"X-Sync-Protocol": "1"}).json["changes"]
    [told] = [one["body"] for one in pulled if one["kind"] == "handover"]
    assert (told["to"], told["was"], told["from"]) == ("Cara Lindqvist", "Ben Okafor", MONDAY)


def test_what_does_not_fit_is_said_beside_its_field(open_as, cast, anna):
    ben = open_as(cast.ben)
    page = words(ben.read(give(ben, anna, 422, day="2026-01-01", to=str(cast.cara.id)), 422))
    assert "Choose a day from today on, within three months." in page
    page = words(ben.read(give(ben, anna, 422, to=str(cast.ben.id)), 422))
    assert "Choose a colleague who works with clients." in page
    assert "Choose who takes over." in words(ben.read(give(ben, anna, 422, to=""), 422))
    give(ben, anna, 404, to=str(cast.dev.id))


def test_who_only_broke_the_glass_gives_nobody_away(open_as, cast, anna):
    cara = open_as(cast.cara)
    cara.send(cara.page("/staff/urgent"), "/urgent", number="TT-1001", hours="1", reason="She rang")
    page = words(cara.read(give(cara, anna, 422, to=str(cast.cara.id)), 422))
    assert "Only who looks after or covers this client can hand them over." in page


def test_whoever_covers_can_hand_over_for_somebody_who_left(open_as, cast, anna):
    ada, cara = open_as(cast.ada), open_as(cast.cara)
    ada.send(ada.page(f"/staff/administration/accounts/{cast.ben.id}/disable"), "/disable")
    fields = {"away": str(cast.ben.id), "colleague": str(cast.cara.id), "first": "2026-11-18", "last": "2026-11-20"}
    ada.send(ada.page("/staff/administration/cover"), "/administration/cover", reason="Has left", **fields)
    give(cara, anna, to=str(cast.cara.id), day="2026-11-18")
    assert "Cover for" not in words(cara.page("/staff/caseload"))


def test_the_caseload_says_that_the_hand_over_was_done(open_as, cast, anna):
    ben = open_as(cast.ben)
    page = ben.follow(give(ben, anna, to=str(cast.cara.id), day="2026-11-18"))
    assert page.h1.text == "Caseload" and words(page.find(class_="staff-saved")).startswith("Handed over.")


def test_the_record_says_who_could_open_it_when_and_why(open_as, cast, anna, time):
    ben, cara = open_as(cast.ben), open_as(cast.cara)
    fields = {"colleague": str(cast.cara.id), "first": "2026-11-18", "last": "2026-11-20", "reason": "Annual leave"}
    ben.send(ben.page("/staff/cover"), "/cover", **fields)
    cara.page(anna.home)
    give(ben, anna, to=str(cast.cara.id))
    time.now = NOW + timedelta(hours=10)
    ben = open_as(cast.ben)
    ben.send(ben.page("/staff/cover"), "/end")
    page = ben.page(f"{anna.home}/audit")
    ways = [[words(cell) for cell in row.find_all(["th", "td"])] for row in page.find("table").find_all("tr")[1:]]
    assert [(way[0], way[1], way[2], way[4]) for way in ways] == [
        ("Cara Lindqvist", "Their practitioner", "To come", ""),
        ("Cara Lindqvist", "Cover", "Over", "Annual leave"),
        ("Ben Okafor", "Their practitioner", "Now", ""),
    ]
    assert "Cara Lindqvist (1 page)" in words(page)
