"""An account that an administrator alone made or changed opens nobody else's clients until a second person knows it."""

from datetime import timedelta

import pytest

from server.caseload import cover, stranded, supervising
from server.errors import Refused
from server.extensions import atomic
from server.people import accounts, settling
from server.people import actions as people
from tests.cast import NOW

LATER = NOW + timedelta(days=30)  # the service is no longer new
ROLES = ["practitioner", "supervisor"]


def added(cast, name="Eva", roles=ROLES, by=None, now=LATER):
    with atomic():
        made, _ = people.add_practitioner(
            service=cast.service, name=name, sign_in_name=name, roles=roles, by=by or cast.ada, now=now
        )
    return made


def stand_in(cast, who, by, now=LATER):
    with atomic():
        return cover.give(
            practitioner=cast.ben, colleague=who, scope="all", from_at=now, until_at=now + timedelta(days=2),
            reason="Ill", by=by, now=now,
        )  # fmt: skip


def refused(act, field):
    with pytest.raises(Refused, match="bad-input") as no:
        act()
    assert no.value.fields[field] == settling.NOT_KNOWN


def test_an_administrator_opens_nobodys_clients_to_an_account_of_her_own_making(app, cast):
    eva = added(cast)
    refused(lambda: stand_in(cast, eva, cast.ada), "colleague")
    times = {"from_at": LATER, "until_at": None, "by": cast.ada, "now": LATER}
    refused(lambda: supervising.begin(supervisor=eva, supervisee=cast.ben, **times), "supervisor")
    with atomic():
        people.disable_practitioner(practitioner=cast.ben, by=cast.ada, now=LATER)
    courses = [cast.episode.id]
    refused(lambda: stranded.give(episode_ids=courses, to=eva, reason="Left", by=cast.ada, now=LATER), "to")
    stand_in(cast, eva, cast.ada, eva.settles_at)


def test_whose_clients_they_are_may_choose_anybody(app, cast):
    assert stand_in(cast, added(cast), cast.ben).colleague_id


@pytest.mark.parametrize("change", ["password", "role"])
def test_a_new_password_or_a_role_more_makes_it_unknown_again(app, cast, change):
    with atomic():
        if change == "password":
            people.reset_password(practitioner=cast.cara, by=cast.ada, now=LATER)
        else:
            accounts.change_roles(practitioner=cast.cara, roles=["practitioner", "trainee"], by=cast.ada, now=LATER)
    refused(lambda: stand_in(cast, cast.cara, cast.ada), "colleague")


def test_a_role_less_changes_nothing_and_anybody_may_give_one_up(app, cast):
    with atomic():
        people.add_practitioner(
            service=cast.service, name="Una", sign_in_name="una", roles=["administrator"], by="operator", now=NOW
        )
        accounts.change_roles(practitioner=cast.ada, roles=["practitioner", "administrator"], by="operator", now=LATER)
        accounts.change_roles(practitioner=cast.ada, roles=["practitioner"], by=cast.ada, now=LATER)
    assert cast.ada.roles == ["practitioner"] and settling.is_known(cast.ada, LATER)


def test_in_a_new_service_everybody_is_known(app, cast):
    stand_in(cast, added(cast, now=NOW + timedelta(days=13)), cast.ada)


def test_a_second_person_who_is_known_and_had_no_part_in_it_ends_the_waiting(app, cast):
    eva, new_lead = added(cast), added(cast, "Lee", ["service_lead"])
    lead = added(cast, "Lou", ["service_lead"], now=NOW)
    for who in (cast.ada, new_lead, eva, cast.ben):
        with pytest.raises(Refused, match="bad-input"):
            settling.confirm(practitioner=eva, by=who, now=LATER)
    with atomic():
        settling.confirm(practitioner=eva, by=lead, now=LATER)
    stand_in(cast, eva, cast.ada)
