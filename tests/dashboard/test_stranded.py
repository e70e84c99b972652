"""Ben leaves with nobody standing in: Anna is counted, never named, and given to Cara, who is told of nothing else."""

from datetime import timedelta

import pytest

from server.caseload import roads, stranded, supervising
from server.caseload.queries import day_of, owners_of
from server.errors import Refused
from server.extensions import atomic
from server.people import accounts
from server.people import actions as people
from server.people.queries import practitioners_of
from tests.cast import NOW
from tests.dashboard.browser import words

SERVICE = "/staff/service"
PLACE = "/staff/administration/without-practitioner"


def leave(cast) -> None:
    with atomic():
        people.disable_practitioner(practitioner=cast.ben, by=cast.ada, now=NOW)


def give(web, cast, status=303, **changes):
    fields = {"courses": [str(cast.episode.id)], "to": str(cast.cara.id), "reason": "Ben <b>left</b>", **changes}
    return web.send(web.page(PLACE), "/without-practitioner", status, **fields)


def test_who_leaves_is_told_how_many_clients_nobody_stands_in_for(open_as, cast, anna, time):
    ada, place = open_as(cast.ada), f"/staff/administration/accounts/{cast.ben.id}/disable"
    assert "There is nobody" in words(ada.page(PLACE))
    page = ada.page(place)
    assert "They have 1 open client . Nobody stands in for them." in words(page)
    cast.stand_in(cast.cara, NOW + timedelta(days=1))
    assert "A colleague can open them now." in words(ada.page(place))
    leave(cast)
    assert "There is nobody" in words(ada.page(PLACE))  # while Cara stands in
    time.now = NOW + timedelta(days=2)
    assert "Client 1" in words(open_as(cast.ada).page(PLACE))
    ada = open_as(cast.ada)
    assert "They have no open clients." in words(ada.page(f"/staff/administration/accounts/{cast.cara.id}/disable"))


def test_who_leaves_is_told_whom_they_stand_in_for_and_the_cover_says_that_they_cannot_sign_in(open_as, cast, anna):
    ada = open_as(cast.ada)
    place = f"/staff/administration/accounts/{cast.cara.id}/disable"
    assert "stand in" not in words(ada.page(place))
    cast.stand_in(cast.cara, NOW + timedelta(days=7), from_at=NOW + timedelta(days=5))
    page = ada.page(place)
    assert "Ben Okafor, Mon 23 Nov to Wed 25 Nov (to come). All clients (1 so far)." in words(page)
    assert "cannot sign in" not in words(ada.page("/staff/administration/cover"))
    ada.send(page, "/disable")
    for web, address in ((ada, "/staff/administration/cover"), (open_as(cast.ben), "/staff/cover")):
        assert "Cara Lindqvist (cannot sign in)" in words(web.page(address))


def test_whom_only_cover_reaches_is_told_before_it_ends(open_as, cast, anna, time):
    cast.stand_in(cast.cara, NOW + timedelta(days=1))
    ada = open_as(cast.ada)
    assert "Here when cover ends" not in words(ada.page(PLACE)), "Ben is still here"
    leave(cast)
    page = ada.page(PLACE)
    assert "1 client of Ben Okafor: Cara Lindqvist until Thu 19 Nov." in words(page) and "Anna" not in words(page)
    time.now = NOW + timedelta(days=2)
    page = words(open_as(cast.ada).page(PLACE))
    assert "Here when cover ends" not in page and "Client 1" in page


def test_cover_of_a_colleague_who_lost_the_role_reaches_nobody(open_as, cast, anna):
    cast.stand_in(cast.cara, NOW + timedelta(days=1))
    with atomic():
        accounts.change_roles(practitioner=cast.cara, roles=["service_lead"], by=cast.ada, now=NOW)
    leave(cast)
    page = words(open_as(cast.ada).page(PLACE))
    assert "Client 1" in page and "Here when cover ends" not in page


def test_all_open_courses_are_given_at_once_and_todays_appointment_is_said(open_as, cast, anna):
    leave(cast)
    ada = open_as(cast.ada)
    page = ada.page(PLACE)
    assert "1 of them has an appointment today." in words(page) and "Wed 18 Nov, 11:30 Today" in words(page)
    assert "All 1 open course above" in words(page) and "Courses that have ended" not in words(page)
    ada.send(page, "/without-practitioner", to=str(cast.cara.id), reason="Ben left", every="yes")
    assert "There is nobody" in words(ada.page(PLACE))


def test_ended_courses_stand_apart_and_are_not_in_all(open_as, cast, anna):
    cast.end()
    leave(cast)
    page = open_as(cast.ada).page(PLACE)
    assert "Courses that have ended" in words(page) and "Open courses" not in words(page)
    assert page.find(id="every") is None


def test_an_open_course_is_given_on_and_read_by_nobody_on_the_way(app, open_as, cast, anna):
    ada, cara = open_as(cast.ada), open_as(cast.cara)
    done = ada.send(ada.page(f"/staff/administration/accounts/{cast.ben.id}/disable"), "/disable")
    page = ada.follow(done)
    assert page.h1.text == "Clients without a practitioner"
    assert "Ben Okafor" in words(page) and "Wed 18 Nov, 11:30" in words(page)
    assert "Anna" not in words(page) and "secret thing" not in words(page)
    assert "Nobody can open 1 course of treatment." in words(ada.page("/staff/administration"))
    assert cara.fetch(anna.home).status_code == 404
    assert "There is nobody" in words(ada.follow(give(ada, cast)))
    assert ada.fetch(anna.home).status_code == 404
    assert "Looking at a thought" in words(cara.page(anna.home))
    assert "Ben <b>left</b>" in words(cara.page(f"{anna.home}/audit"))
    assert "Ben <b>left</b>" in cara.page(f"{anna.home}/hand-over").find("pre").text
    assert [visit.client.id for visit in day_of(cast.cara, NOW.date(), NOW)] == [anna.id]
    assert owners_of([cast.episode.id], NOW)[cast.episode.id].name == "Cara Lindqvist"


def test_her_phone_is_told_as_of_any_hand_over(app, open_as, cast, anna):
    leave(cast)
    give(open_as(cast.ada), cast)
    phone = app.test_client()
    phone.set_cookie("phone", cast.token)
    pulled = phone.get("/api/v1/sync/pull", headers={"X-Sync-Protocol": "1"}).json["changes"]
    [told] = [one["body"] for one in pulled if one["kind"] == "handover"]
    assert (told["to"], told["was"]) == ("Cara Lindqvist", "Ben Okafor")
    assert "left" not in str(told)


def test_an_ended_course_can_be_begun_again_by_whoever_it_was_given_to(open_as, cast, anna):
    cast.end()
    leave(cast)
    ada, cara = open_as(cast.ada), open_as(cast.cara)
    assert "Ended Wednesday 18 November 2026" in words(ada.page(PLACE))
    assert cara.fetch(f"{anna.home}/ending").status_code == 404
    give(ada, cast)
    cara.send(cara.page(f"{anna.home}/ending"), "/again")
    assert "Anna" in words(cara.page("/staff/caseload"))


def test_somebody_without_a_role_for_clients_strands_them_too(open_as, cast, anna):
    ada = open_as(cast.ada)
    ada.send(ada.page(f"/staff/administration/accounts/{cast.ben.id}/roles"), "/roles", roles=["researcher"])
    assert "Client 1" in words(ada.page(PLACE))
    give(ada, cast)
    ada.send(ada.page(f"/staff/administration/accounts/{cast.ben.id}/roles"), "/roles", roles=["practitioner"])
    assert open_as(cast.ben).fetch(anna.home).status_code == 404


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"courses": []}, "Choose at least one."),
        ({"reason": ""}, "Say why, for the record."),
        ({"to": ""}, "Choose who looks after them."),
        ({"to": "ben"}, "Choose a colleague who works with clients."),
        ({"to": "ada"}, "Nobody gives clients to themself."),
        ({"courses": ["dev"]}, "Somebody looks after one of these by now."),
    ],
)
def test_what_does_not_fit_is_said_and_changes_nothing(open_as, cast, anna, changes, said):
    leave(cast)
    ada = open_as(cast.ada)
    ids = {"ben": str(cast.ben.id), "ada": str(cast.ada.id), "dev": str(cast.dev.id)}
    fields = {
        name: [ids.get(one, one) for one in value] if isinstance(value, list) else ids.get(value, value)
        for name, value in changes.items()
    }
    assert said in words(ada.read(give(ada, cast, 422, **fields), 422))
    assert "Client 1" in words(ada.page(PLACE))


def test_a_new_starter_takes_over_once_the_service_lead_knows_the_account(open_as, cast, anna, time):
    cast.add("Lou", "service_lead", by=cast.ada)
    leave(cast)
    time.now = NOW + timedelta(days=30)
    eva = cast.add("Eva", "practitioner", by=cast.ada, now=time.now, password=None)
    lou = next(one for one in practitioners_of(cast.ada) if one.name == "Lou")
    ada, lead, address = open_as(cast.ada), open_as(lou), f"/accounts/{eva.id}/known"
    marked = "Eva (new or changed, nobody else knows this account yet; has not chosen a password yet)"
    for web, place in ((ada, PLACE), (open_as(cast.ada), "/staff/administration/cover")):
        assert marked in words(web.page(place))
    assert "Cara Lindqvist (" not in words(ada.page(PLACE))
    assert "This account is new or was changed." in words(ada.read(give(ada, cast, 422, to=str(eva.id)), 422))
    page = words(ada.page("/staff/administration"))
    assert "New or changed" in page and "I know Eva" not in page
    tokens = ada.tokens()
    assert ada.fetch(f"/staff/administration{address}", "POST", data=tokens).status_code == 409
    assert ada.fetch(f"/staff/service{address}", "POST", data=tokens).status_code == 404
    told = lead.page("/staff/service")
    assert "Ada Brooks added or changed the account of Eva (Practitioner)." in words(told)
    lead.send(told, address)
    give(ada, cast, to=str(eva.id))
    page = words(lead.page("/staff/service"))
    assert "Ada Brooks gave 1 client of Ben Okafor to Eva." in page and "I know Eva" not in page
    assert "Anna" not in page


def test_nobody_of_another_service_gets_anybody(open_as, cast, anna):
    leave(cast)
    give(open_as(cast.ada), cast, 404, to=str(cast.dev.id))
    assert stranded.stranded(cast.dev, NOW) == []
    with pytest.raises(Refused), atomic():
        stranded.give(episode_ids=[cast.episode.id], to=cast.dev, reason="x", by=cast.dev, now=NOW)


def test_whom_somebody_looks_after_cannot_be_given_away(open_as, cast, anna):
    with pytest.raises(Refused, match="bad-input"), atomic():
        stranded.give(episode_ids=[cast.episode.id], to=cast.cara, reason="x", by=cast.ada, now=NOW)


@pytest.fixture
def lead(cast, open_as):
    """The first page of Lou, who leads the service, as words."""
    lou_id = cast.add("Lou", "service_lead").id
    return lambda: words(open_as(next(one for one in practitioners_of(cast.ada) if one.id == lou_id)).page(SERVICE))


GAVE = "Ada Brooks gave 1 client of Ben Okafor to Cara Lindqvist."


@pytest.mark.parametrize("ended", [False, True])
def test_the_lead_reads_for_thirty_days_what_was_given_whatever_the_giver_is_by_then(cast, lead, anna, time, ended):
    if ended:
        cast.end()
    leave(cast)
    with atomic():
        stranded.give(episode_ids=[cast.episode.id], to=cast.cara, reason="x", by=cast.ada, now=NOW)
    if ended:
        cast.add("Una", "administrator")
        with atomic():
            accounts.change_roles(practitioner=cast.ada, roles=["researcher"], by="test", now=NOW)
    assert GAVE in lead()
    time.now = NOW + timedelta(days=29)
    assert GAVE in lead()
    time.now = NOW + timedelta(days=31)
    assert GAVE not in lead()


def test_the_lead_reads_of_cover_until_it_is_over_and_of_supervision(cast, lead, anna, time):
    begins, ends = NOW + timedelta(days=31), NOW + timedelta(days=120)
    cast.stand_in(cast.cara, ends, from_at=begins, by=cast.ada)
    sue = cast.add("Sue", "supervisor")
    with atomic():
        supervising.begin(supervisor=sue, supervisee=cast.ben, from_at=NOW, until_at=None, by=cast.ada, now=NOW)
    covered = "Ada Brooks arranged that Cara Lindqvist stands in for Ben Okafor"
    supervised = "Ada Brooks arranged that Sue supervises Ben Okafor from Wed 18 Nov (1 client)."
    assert covered in lead() and supervised in lead()
    time.now = ends - timedelta(days=1)
    assert covered in lead() and supervised not in lead()
    time.now = ends + timedelta(days=1)
    assert covered not in lead()


def test_nobody_who_had_a_course_before_comes_back_to_it(cast, open_as, anna):
    eva = cast.add("Eva", "practitioner")
    with atomic():
        roads.give(episode=cast.episode, practitioner=cast.cara, role="own", by=cast.ben, now=NOW)
        for one in (cast.ben, cast.cara):
            accounts.change_roles(practitioner=one, roles=["researcher"], by=cast.ada, now=NOW)
    with atomic():
        stranded.give(episode_ids=[cast.episode.id], to=eva, reason="x", by=cast.ada, now=NOW)
        for one in (cast.ben, cast.cara):
            accounts.change_roles(practitioner=one, roles=["practitioner"], by=cast.ada, now=NOW)
    assert [open_as(one).fetch(anna.home).status_code for one in (cast.ben, cast.cara)] == [404, 404]
