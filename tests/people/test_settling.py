"""An account that an administrator alone made or changed opens nobody else's clients until a second person knows it."""

from datetime import timedelta

import pytest

from server.caseload import stranded, supervising, urgent
from server.errors import Refused
from server.extensions import atomic
from server.people import accounts, settling
from server.people import actions as people
from tests.cast import NOW

LATER = NOW + timedelta(days=30)  # the service is no longer new
ROLES = ["practitioner", "supervisor"]


def added(cast, name="Eva", roles=ROLES, by=None, now=LATER):
    return cast.add(name, *roles, by=by or cast.ada, now=now)


def stand_in(cast, who, by, now=LATER):
    return cast.stand_in(who, now + timedelta(days=2), now, by=by)


def refused(act, field):
    with pytest.raises(Refused, match="bad-input") as no:
        act()
    assert no.value.fields[field] == settling.NOT_KNOWN


def refused_to(act, field):
    with pytest.raises(Refused, match="bad-input") as no:
        act()
    assert no.value.fields == {field: settling.YOU_NOT_KNOWN}


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
    cast.add("Una", "administrator", by="operator")
    with atomic():
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


def test_nobody_who_is_not_known_yet_makes_or_changes_an_account(app, cast):
    quin, una = added(cast, "Quin", ["administrator"]), added(cast, "Una", ["administrator", "researcher"], now=NOW)
    lou = added(cast, "Lou", ["service_lead"], now=NOW)
    refused_to(lambda: added(cast, "Rob", by=quin), "sign_in_name")
    refused_to(lambda: people.reset_password(practitioner=cast.cara, by=quin, now=LATER), "password")
    roles = {"roles": ["trainee", "practitioner"], "by": quin, "now": LATER}
    refused_to(lambda: accounts.change_roles(practitioner=cast.cara, **roles), "roles")
    assert settling.is_known(cast.cara, LATER)
    with atomic():
        people.reset_password(practitioner=una, by=cast.ada, now=LATER)
        accounts.change_roles(practitioner=una, roles=["researcher"], by=una, now=LATER)  # one's own goes freely
        settling.confirm(practitioner=quin, by=lou, now=LATER)
    assert added(cast, "Rob", by=quin)


def test_everybody_who_made_or_changed_an_account_meanwhile_is_no_second_person(app, cast):
    eva, una = added(cast), added(cast, "Una", ["administrator"], now=NOW)
    lou = added(cast, "Lou", ["service_lead"], now=NOW)
    with atomic():
        people.reset_password(practitioner=eva, by=una, now=LATER)
    for who in (cast.ada, una):
        with pytest.raises(Refused, match="bad-input"):
            settling.confirm(practitioner=eva, by=who, now=LATER)
    with atomic():
        settling.confirm(practitioner=eva, by=lou, now=LATER)
        people.reset_password(practitioner=eva, by=una, now=LATER + timedelta(days=1))
        settling.confirm(practitioner=eva, by=cast.ada, now=LATER + timedelta(days=1))  # she changed nothing since
    assert settling.is_known(eva, LATER + timedelta(days=1))


def test_who_made_an_account_is_no_other_person_because_somebody_else_changed_it_later(app, cast):
    """Fourteen days make it known, not somebody else's: nor does a role that a second administrator gives it then."""
    eva, una = added(cast), added(cast, "Una", ["administrator"], now=NOW)
    settled = eva.settles_at
    with atomic():
        accounts.change_roles(practitioner=eva, roles=[*ROLES, "researcher"], by=una, now=settled)
    with pytest.raises(Refused, match="bad-input"):
        settling.confirm(practitioner=eva, by=cast.ada, now=settled)
    with pytest.raises(Refused, match="made or changed"):
        settling.must_be_two(eva, cast.ada, eva.settles_at)


def test_an_account_that_is_not_known_yet_opens_nobodys_clients_to_anybody(app, cast):
    quin = added(cast, "Quin", ["administrator"])
    refused_to(lambda: stand_in(cast, cast.cara, quin), "colleague")
    sue = added(cast, "Sue", ["supervisor"], now=NOW)
    times = {"from_at": LATER, "until_at": None, "by": quin, "now": LATER}
    refused_to(lambda: supervising.begin(supervisor=sue, supervisee=cast.ben, **times), "supervisor")
    with atomic():
        people.disable_practitioner(practitioner=cast.ben, by=cast.ada, now=LATER)
    courses = [cast.episode.id]
    refused_to(lambda: stranded.give(episode_ids=courses, to=cast.cara, reason="x", by=quin, now=LATER), "to")


def test_whoever_is_not_known_yet_gives_their_own_clients(app, cast):
    with atomic():
        people.reset_password(practitioner=cast.ben, by=cast.ada, now=LATER)
    assert not settling.is_known(cast.ben, LATER)
    assert stand_in(cast, cast.cara, cast.ben).colleague_id


def test_an_account_that_is_not_known_yet_breaks_no_glass(app, cast):
    eva, lou = added(cast), added(cast, "Lou", ["service_lead"], now=NOW)
    for number in ("TT-1001", "TT-9999"):  # nor does it learn which numbers there are
        ask = {"number": number, "reason": "x", "hours": 1, "by": eva, "now": LATER}
        refused_to(lambda ask=ask: urgent.open_urgently(**ask), "number")
    with atomic():
        settling.confirm(practitioner=eva, by=lou, now=LATER)
        assert urgent.open_urgently(number="TT-1001", reason="x", hours=1, by=eva, now=LATER).id == cast.anna.id
