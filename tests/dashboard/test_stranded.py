"""Ben leaves with nobody standing in: Anna is counted, never named, and given to Cara, who is told of nothing else."""

from datetime import date, timedelta

import pytest

from server.caseload import cover, stranded
from server.caseload.queries import day_of, owners_of
from server.endings.actions import end_course
from server.errors import Refused
from server.extensions import atomic
from server.people import actions as people
from server.people.queries import practitioners_of
from tests.cast import NOW, PASSWORD
from tests.dashboard.browser import words

PLACE = "/staff/administration/without-practitioner"


def leave(cast) -> None:
    with atomic():
        people.disable_practitioner(practitioner=cast.ben, by=cast.ada, now=NOW)


def end_it(cast) -> None:
    with atomic():
        end_course(
            client=cast.anna, episode=cast.episode, reason="completed", last_day=date(2026, 11, 18),
            staying_well="on_paper", signposting="", by=cast.ben, now=NOW,
        )  # fmt: skip


def give(web, cast, status=303, **changes):
    fields = {"courses": [str(cast.episode.id)], "to": str(cast.cara.id), "reason": "Ben <b>left</b>", **changes}
    return web.send(web.page(PLACE), "/without-practitioner", status, **fields)


def test_who_leaves_is_told_how_many_clients_nobody_stands_in_for(open_as, cast, anna, time):
    ada, place = open_as(cast.ada), f"/staff/administration/accounts/{cast.ben.id}/disable"
    assert "There is nobody" in words(ada.page(PLACE))
    page = ada.page(place)
    assert "They have 1 open client . Nobody stands in for them." in words(page)
    with atomic():
        cover.give(
            practitioner=cast.ben, colleague=cast.cara, scope="all", from_at=NOW, until_at=NOW + timedelta(days=1),
            reason="Leave", by=cast.ben, now=NOW,
        )  # fmt: skip
    assert "A colleague can open them now." in words(ada.page(place))
    leave(cast)
    assert "There is nobody" in words(ada.page(PLACE))  # while Cara stands in
    time.now = NOW + timedelta(days=2)
    assert "Client 1" in words(open_as(cast.ada).page(PLACE))
    ada = open_as(cast.ada)
    assert "They have no open clients." in words(ada.page(f"/staff/administration/accounts/{cast.cara.id}/disable"))


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
    end_it(cast)
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
    with atomic():
        people.add_practitioner(
            service=cast.service, name="Lou", sign_in_name="lou", roles=["service_lead"], password=PASSWORD,
            by=cast.ada, now=NOW,
        )  # fmt: skip
    leave(cast)
    time.now = NOW + timedelta(days=30)
    with atomic():
        eva, _ = people.add_practitioner(
            service=cast.service, name="Eva", sign_in_name="eva", roles=["practitioner"], by=cast.ada, now=time.now
        )
        lou = next(one for one in practitioners_of(cast.ada) if one.name == "Lou")
    ada, lead, address = open_as(cast.ada), open_as(lou), f"/accounts/{eva.id}/known"
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
