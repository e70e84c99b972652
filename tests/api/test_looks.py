"""Who looked: what a client is told of it, and what not."""

from datetime import timedelta

import pytest

from server.api.looks import WHAT
from server.audit import actions as audit
from server.caseload.urgent import open_urgently
from server.extensions import atomic
from server.people import actions as people
from server.people import pairing
from tests.cast import NOW

HEADERS = {"X-Sync-Protocol": "1"}


@pytest.fixture
def phone(both, cast):
    cast.pair()
    web = both.test_client()
    web.set_cookie("phone", cast.token)
    return web


def look(by, client, page="show_entry", at=NOW) -> None:
    with atomic():
        audit.record("client.seen", by=by, about=client, client_id=client.id, detail={"page": page}, now=at)


def looks(phone) -> list[dict]:
    answer = phone.get("/api/v1/looks", headers=HEADERS)
    assert answer.status_code == 200
    return answer.json["looks"]


def test_a_client_is_told_who_looked_at_what_newest_first(phone, cast):
    look(cast.ben, cast.anna, at=NOW - timedelta(days=2))
    look(cast.cara, cast.anna, "show_client", at=NOW)
    assert looks(phone) == [
        {"at": "2026-11-18T09:30:00.000Z", "by": "Cara Lindqvist", "what": "client"},
        {"at": "2026-11-16T09:30:00.000Z", "by": "Ben Okafor", "what": "entry"},
    ]


def test_many_looks_of_one_day_are_told_once_by_the_clients_own_day(phone, cast):
    late = NOW.replace(month=7, hour=23, minute=15)  # past midnight in London
    for at in (late - timedelta(hours=1), late, late + timedelta(minutes=10)):
        look(cast.ben, cast.anna, at=at)
    assert [one["at"][11:16] for one in looks(phone)] == ["23:25", "22:15"]


def test_a_look_at_a_record_that_was_not_theirs_is_told_as_such(phone, cast):
    with atomic():
        open_urgently(number="TT-1001", reason="She rang", hours=1, by=cast.cara, now=NOW)
    assert looks(phone) == [{"at": "2026-11-18T09:30:00.000Z", "by": "Cara Lindqvist", "what": "urgent"}]


def test_what_happened_besides_looks_is_not_told(phone, cast):
    cast.agree()
    assert looks(phone) == []


def test_a_client_hears_of_no_look_at_somebody_else(phone, cast, both):
    with atomic():
        bea = people.add_client(service=cast.service, preferred_name="Bea", by=cast.ben, now=NOW)
        _, code = pairing.invite(client=bea, by=cast.ben, now=NOW)
        paired = pairing.pair(code=code, details={"platform": "android"}, now=NOW)
    look(cast.ben, cast.anna)
    hers = both.test_client()
    hers.set_cookie("phone", paired.token)
    assert looks(hers) == []
    assert both.test_client().get("/api/v1/looks").status_code == 401


def test_no_more_than_a_hundred_are_told(phone, cast):
    for ago in range(105):
        look(cast.ben, cast.anna, at=NOW - timedelta(days=105 - ago))
    told = looks(phone)
    assert (len(told), told[0]["at"][:10]) == (100, "2026-11-17")


def test_pages_about_a_part_are_told_as_that_part(app):
    pages = {
        rule.endpoint.partition(".")[2]: rule.arguments
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("dashboard.") and "client_id" in rule.arguments
    }
    for argument, what in (("entry_id", "entry"), ("appointment_id", "appointment"), ("assignment_id", "plan")):
        shown = {name for name, arguments in pages.items() if argument in arguments and name.startswith("show_")}
        assert shown and {WHAT.get(name) for name in shown} == {what}
    assert set(WHAT) <= set(pages)  # no page is told of that is not there
