"""Who supervises whom: what a pair opens, who comes to it meanwhile, and that all of it ends with the pair."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from server.caseload import actions as caseload
from server.caseload import queries, supervising
from server.caseload.handing_over import hand_over
from server.errors import Missing, Refused
from server.extensions import atomic
from server.people import accounts
from server.people import actions as people
from tests.cast import NOW

DAY = timedelta(days=1)


@pytest.fixture
def eva(cast):
    """Supervises Ben from now on."""
    one = cast.add("Eva Lund", "supervisor")
    with atomic():
        pair = begin(cast, one, cast.ben)
    return SimpleNamespace(account=one, pair=pair)


def begin(cast, supervisor, supervisee, from_at=NOW, until_at=None):
    return supervising.begin(
        supervisor=supervisor, supervisee=supervisee, from_at=from_at, until_at=until_at, by=cast.ada, now=NOW
    )


def cases(who, of, at=NOW):
    return [line.client.id for line in supervising.cases_of(who, of, at)]


def new_client(cast, practitioner, at=NOW):
    with atomic():
        client = people.add_client(
            service=cast.service, preferred_name="Bea", date_of_birth=date(1980, 1, 1), by=practitioner, now=at
        )
        caseload.take_on(client=client, practitioner=practitioner, by=practitioner, now=at)
    return client


def test_a_pair_opens_the_way_to_each_open_case_and_to_nothing_else(both, cast, eva):
    other = new_client(cast, cast.cara)
    assert cases(eva.account, cast.ben) == [cast.anna.id]
    assert supervising.case_of(eva.account, cast.anna.id, NOW)[2].id == cast.ben.id
    with pytest.raises(Missing):
        supervising.case_of(eva.account, other.id, NOW)
    with pytest.raises(Missing):  # she supervises: she does not work with her
        queries.client_of(eva.account, cast.anna.id, NOW)
    assert queries.clients_of(eva.account, NOW) == []


def test_who_comes_to_the_supervisee_meanwhile_is_there_too(app, cast, eva):
    bea = new_client(cast, cast.ben, NOW + DAY)
    assert cases(eva.account, cast.ben, NOW + 2 * DAY) == [cast.anna.id, bea.id]


def test_after_the_pair_ends_there_is_nothing(app, cast, eva):
    with atomic():
        supervising.end(pair=eva.pair, by=cast.ada, now=NOW + DAY)
    later = NOW + DAY + timedelta(seconds=1)
    assert cases(eva.account, cast.ben, later) == []
    assert supervising.supervisees_of(eva.account, later) == []
    new_client(cast, cast.ben, NOW + 2 * DAY)
    assert cases(eva.account, cast.ben, NOW + 3 * DAY) == []
    with pytest.raises(Missing):
        supervising.case_of(eva.account, cast.anna.id, later)
    with pytest.raises(Missing):
        supervising.supervisee_of(eva.account, cast.ben.id, later)


def test_a_pair_with_days_begins_and_ends_by_itself(app, cast):
    one = cast.add("Eva Lund", "supervisor")
    with atomic():
        begin(cast, one, cast.ben, NOW + DAY, NOW + 3 * DAY)
    assert cases(one, cast.ben) == []
    assert cases(one, cast.ben, NOW + DAY) == [cast.anna.id]
    assert cases(one, cast.ben, NOW + 3 * DAY) == []
    assert supervising.supervisees_of(one, NOW + 3 * DAY) == []


def test_a_client_handed_over_leaves_with_the_day(both, cast, eva):
    monday = date(2026, 11, 23)
    with atomic():
        hand_over(
            episode=cast.episode, to=cast.cara, from_day=monday, appointments="go", summary="", by=cast.ben, now=NOW
        )
    assert cases(eva.account, cast.ben) == [cast.anna.id]
    assert cases(eva.account, cast.ben, NOW + 7 * DAY) == []
    two = cast.add("Finn Berg", "supervisor")
    with atomic():
        begin(cast, two, cast.cara)
    assert cases(two, cast.cara) == []
    assert cases(two, cast.cara, NOW + 7 * DAY) == [cast.anna.id]


def test_a_discharged_client_is_no_case_any_more(app, cast, eva):
    with atomic():
        caseload.discharge(episode=cast.episode, reason="completed", by=cast.ben, now=NOW)
    assert cases(eva.account, cast.ben) == []
    with pytest.raises(Missing):
        supervising.case_of(eva.account, cast.anna.id, NOW)


def test_without_the_role_the_row_of_access_opens_nothing(app, cast, eva):
    with atomic():
        accounts.change_roles(practitioner=eva.account, roles=["practitioner"], by=cast.ada, now=NOW)
    assert cases(eva.account, cast.ben) == []
    assert supervising.supervisors_of([cast.episode.id], NOW) == {cast.episode.id: []}
    with pytest.raises(Missing):
        queries.client_of(eva.account, cast.anna.id, NOW)


@pytest.mark.parametrize(
    ("supervisor", "supervisee", "field"),
    [("cara", "ben", "supervisor"), ("eva", "ada", "supervisee"), ("eva", "eva", "supervisor")],
)
def test_only_a_supervisor_supervises_only_somebody_who_works_with_clients(app, cast, supervisor, supervisee, field):
    cast.eva = cast.add("Eva Lund", "supervisor")
    with pytest.raises(Refused) as no, atomic():
        begin(cast, getattr(cast, supervisor), getattr(cast, supervisee))
    assert set(no.value.fields) == {field}


def test_a_pair_is_of_one_service_and_is_there_once(app, cast, eva):
    with pytest.raises(Refused) as no, atomic():
        begin(cast, eva.account, cast.dev)
    assert no.value.code == "not-found"
    with pytest.raises(Refused) as no, atomic():
        begin(cast, eva.account, cast.ben)
    assert "pair already" in no.value.fields["supervisor"]
