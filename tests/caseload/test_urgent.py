"""Break-glass: Cara opens Anna for a reason, for a day at most, and those who have to know are told."""

from datetime import timedelta

import pytest

from server.audit.queries import about_client
from server.caseload import handing_over, roads, urgent
from server.caseload.queries import client_of
from server.errors import Missing, Refused
from server.extensions import atomic
from tests.cast import NOW

MOMENT = timedelta(microseconds=1)


def open_urgently(cast, by=None, number="TT-1001", hours=4, now=NOW):
    with atomic():
        return urgent.open_urgently(
            number=number, reason="She rang in distress", hours=hours, by=by or cast.cara, now=now
        )


def names(alerts) -> list:
    return [(one.opened_by.name, one.client and one.client.preferred_name) for one in alerts]


def test_a_client_is_open_for_the_hours_asked_and_never_longer_than_a_day(both, cast):
    assert open_urgently(cast, hours=4).id == cast.anna.id
    client_of(cast.cara, cast.anna.id, NOW + timedelta(hours=4) - MOMENT)
    with pytest.raises(Missing):
        client_of(cast.cara, cast.anna.id, NOW + timedelta(hours=4))
    open_urgently(cast, hours=99)
    client_of(cast.cara, cast.anna.id, NOW + timedelta(hours=24) - MOMENT)
    with pytest.raises(Missing):
        client_of(cast.cara, cast.anna.id, NOW + timedelta(hours=24))


def test_a_wrong_number_and_another_services_number_say_the_same(app, cast):
    said = []
    for who, number in ((cast.cara, "TT-9999"), (cast.dev, "TT-1001"), (cast.ada, "TT-1001")):
        with pytest.raises(Refused) as no:
            open_urgently(cast, by=who, number=number)
        said.append((no.value.code, no.value.message))
    assert len(set(said)) == 1 and said[0][0] == "not-found"


def test_whoever_works_with_her_already_opens_nothing(app, cast):
    assert open_urgently(cast, by=cast.ben).id == cast.anna.id
    assert urgent.alerts_for(cast.ada, NOW) == []


def test_it_is_in_the_clients_own_record(app, cast):
    open_urgently(cast)
    assert [one.verb for one in about_client(cast.anna.id)][:2] == [urgent.OPENED, "access.given"]


def test_her_practitioner_and_an_administrator_hear_of_it_and_only_one_of_them_of_whom(both, cast):
    open_urgently(cast)
    assert names(urgent.alerts_for(cast.ben, NOW)) == [("Cara Lindqvist", "Anna")]
    assert names(urgent.alerts_for(cast.ada, NOW)) == [("Cara Lindqvist", None)]
    assert urgent.alerts_for(cast.cara, NOW) == urgent.alerts_for(cast.dev, NOW) == []
    assert urgent.alerts_for(cast.add("Eva", "practitioner"), NOW) == []


def test_her_practitioners_supervisor_hears_of_it(app, cast):
    sue = cast.add("Sue", "supervisor")
    with atomic():
        roads.give(episode=cast.episode, practitioner=sue, role="supervision", by=cast.ada, now=NOW)
    open_urgently(cast)
    assert names(urgent.alerts_for(sue, NOW)) == [("Cara Lindqvist", "Anna")]
    assert urgent.alerts_for(cast.add("Tia", "supervisor"), NOW) == []


def test_it_stays_until_each_has_said_that_they_know(app, cast):
    open_urgently(cast)
    [alert] = urgent.alerts_for(cast.ben, NOW + timedelta(days=9))
    for _ in range(2):
        with atomic():
            urgent.acknowledge(access_id=alert.access.id, by=cast.ben, now=NOW)
    assert urgent.alerts_for(cast.ben, NOW) == []
    assert len(urgent.alerts_for(cast.ada, NOW)) == 1
    for stranger in (cast.cara, cast.dev):
        with pytest.raises(Missing), atomic():
            urgent.acknowledge(access_id=alert.access.id, by=stranger, now=NOW)


def test_a_hand_over_to_who_looked_takes_no_alert_from_whose_client_it_was(both, cast):
    open_urgently(cast)
    later = NOW + timedelta(days=1)
    with atomic():
        handing_over.hand_over(
            episode=cast.episode, to=cast.cara, from_day=NOW.date(), appointments="go", summary="", by=cast.ben,
            now=NOW + MOMENT,
        )  # fmt: skip
    [alert] = urgent.alerts_for(cast.ben, later)
    assert urgent.alerts_for(cast.cara, later) == []
    with atomic():
        urgent.acknowledge(access_id=alert.access.id, by=cast.ben, now=later)
    assert urgent.alerts_for(cast.ben, later) == []
    open_urgently(cast, by=cast.add("Eva", "practitioner"), now=later)  # no longer theirs to know
    assert urgent.alerts_for(cast.ben, later) == []
    assert len(urgent.alerts_for(cast.cara, later)) == 1
