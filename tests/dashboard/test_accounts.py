"""Accounts: roles change from the next page on, a leaver is out within a minute, an administrator is always left."""

from datetime import timedelta

import pytest

from server.errors import Refused
from server.extensions import atomic
from server.people import accounts
from server.people import actions as people
from tests.cast import NOW
from tests.dashboard.browser import words


def roles_of(cast, who) -> str:
    return f"/staff/administration/accounts/{who.id}/roles"


def test_a_role_that_is_taken_away_closes_its_pages_at_once(open_as, cast, anna):
    ada, ben = open_as(cast.ada), open_as(cast.ben)
    assert ben.fetch(anna.home).status_code == 200
    page = ada.page(roles_of(cast, cast.ben))
    assert "They have 1 client now." in words(page)
    ada.send(page, "/roles", roles=["service_lead", "supervisor"])
    assert ben.fetch(anna.home).status_code == 404
    assert ben.fetch("/staff/caseload").status_code == 404
    ada.send(ada.page(roles_of(cast, cast.ben)), "/roles", roles=["trainee"])
    assert ben.fetch(anna.home).status_code == 200


def test_no_role_at_all_is_refused(open_as, cast):
    ada = open_as(cast.ada)
    page = ada.read(ada.send(ada.page(roles_of(cast, cast.ben)), "/roles", 422, drop=["roles"]), 422)
    assert "Choose at least one role." in words(page)


def test_nobody_gives_themself_a_role_and_an_administrator_is_left(open_as, cast):
    ada = open_as(cast.ada)
    for roles in (["practitioner"], ["administrator", "practitioner"]):
        answer = ada.send(ada.page(roles_of(cast, cast.ada)), "/roles", 422, roles=roles)
        assert "Nobody gives themself a role. Another administrator does it." in words(ada.read(answer, 422))
    ada.send(ada.page(roles_of(cast, cast.ben)), "/roles", roles=["practitioner", "administrator"])
    ben = open_as(cast.ben)
    ben.send(ben.page(roles_of(cast, cast.ada)), "/roles", roles=["practitioner"])
    assert ada.fetch("/staff/administration").status_code == 404


def test_one_who_is_disabled_or_elsewhere_counts_for_nothing(both, cast):
    with atomic():
        for service, name in ((cast.service, "Gone"), (cast.other_service, "Elsewhere")):
            made, _ = people.add_practitioner(
                service=service, name=name, sign_in_name=name, roles=["administrator"], by="test", now=NOW
            )
            if name == "Gone":
                people.disable_practitioner(practitioner=made, by=cast.ada, now=NOW)
    with pytest.raises(Refused, match="bad-input") as no, atomic():
        accounts.change_roles(practitioner=cast.ada, roles=["researcher"], by=cast.ben, now=NOW)
    assert no.value.fields["roles"].startswith("This is the last administrator.")


def test_a_leaver_is_out_everywhere_within_a_minute(open_as, cast, anna, time):
    first, second, ada = open_as(cast.ben), open_as(cast.ben), open_as(cast.ada)
    ada.send(ada.page(f"/staff/administration/accounts/{cast.ben.id}/disable"), "/disable")
    time.now = NOW + timedelta(seconds=59)
    for web in (first, second):
        assert web.fetch(anna.home).headers["Location"].startswith("/staff/sign-in")


def test_nobody_changes_an_account_of_another_service(open_as, cast):
    ada = open_as(cast.ada)
    assert ada.fetch(roles_of(cast, cast.dev)).status_code == 404
    data = {**ada.tokens(), "roles": ["researcher"]}
    assert ada.fetch(roles_of(cast, cast.dev), "POST", data=data).status_code == 404
