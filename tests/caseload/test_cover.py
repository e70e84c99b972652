"""Cover: Cara stands in for Ben until a moment, and not a moment longer; Dev never does."""

from datetime import UTC, datetime, timedelta

import pytest

from server.caseload import actions as caseload
from server.caseload import cover, roads
from server.caseload.queries import client_of, clients_of, day_of
from server.errors import Missing, Refused
from server.extensions import atomic
from server.people import actions as people
from tests.cast import NOW

WEEK = timedelta(days=7)
MOMENT = timedelta(microseconds=1)


def give(cast, **changes):
    values = {
        "practitioner": cast.ben, "colleague": cast.cara, "scope": "all", "from_at": NOW, "until_at": NOW + WEEK,
        "reason": "Ben is on leave", "by": cast.ben, "now": NOW,
    }  # fmt: skip
    with atomic():
        return cover.give(**{**values, **changes})


def sees(practitioner, client, at) -> bool:
    try:
        client_of(practitioner, client.id, at)
    except Missing:
        return False
    return True


def new_client(cast, name: str, at=NOW, of=None):
    with atomic():
        client = people.add_client(service=cast.service, preferred_name=name, by=cast.ben, now=at)
        caseload.take_on(client=client, practitioner=of or cast.ben, by=cast.ben, now=at)
        return client


def test_cover_opens_at_its_first_moment_and_ends_by_itself(both, cast):
    give(cast, from_at=NOW + timedelta(days=1), until_at=NOW + WEEK)
    begins, ends = NOW + timedelta(days=1), NOW + WEEK
    seen = [sees(cast.cara, cast.anna, at) for at in (begins - MOMENT, begins, ends - MOMENT, ends)]
    assert seen == [False, True, True, False]
    assert not sees(cast.dev, cast.anna, begins)
    assert sees(cast.ben, cast.anna, begins)


def test_somebody_who_comes_meanwhile_is_covered_too(app, cast):
    give(cast)
    bea = new_client(cast, "Bea", NOW + timedelta(days=2))
    [line] = [one for one in clients_of(cast.cara, NOW + timedelta(days=3)) if one.client.id == bea.id]
    assert (line.role, line.until_at) == ("cover", NOW + WEEK)
    assert not sees(cast.cara, bea, NOW + WEEK)


def test_somebody_elses_new_client_is_not(app, cast):
    give(cast)
    eva = cast.add("Eva", "practitioner")
    assert not sees(cast.cara, new_client(cast, "Bea", of=eva), NOW)


def test_of_chosen_clients_the_others_stay_closed(app, cast):
    bea = new_client(cast, "Bea")
    give(cast, scope="chosen", client_ids=[bea.id])
    assert [one.client.preferred_name for one in clients_of(cast.cara, NOW)] == ["Bea"]
    assert not sees(cast.cara, cast.anna, NOW)
    assert not sees(cast.cara, new_client(cast, "Cleo"), NOW)


def test_only_ones_own_clients_can_be_chosen(app, cast):
    give(cast)
    with pytest.raises(Refused):
        give(cast, practitioner=cast.cara, colleague=cast.ben, scope="chosen", client_ids=[cast.anna.id])


def test_cover_that_is_ended_sooner_closes_at_once(both, cast):
    held = give(cast)
    with atomic():
        cover.end(cover=held, by=cast.ben, now=NOW + timedelta(days=1))
    assert sees(cast.cara, cast.anna, NOW + timedelta(days=1) - MOMENT)
    assert not sees(cast.cara, cast.anna, NOW + timedelta(days=1))
    assert cover.covers(cast.ben, NOW) == []
    assert not sees(cast.cara, new_client(cast, "Bea", NOW + timedelta(days=2)), NOW + timedelta(days=3))


def test_cover_of_a_later_time_that_is_called_off_never_opens(app, cast):
    held = give(cast, from_at=NOW + WEEK, until_at=NOW + 2 * WEEK)
    with atomic():
        cover.end(cover=held, by=cast.ben, now=NOW)
    assert not any(sees(cast.cara, cast.anna, NOW + timedelta(days=n)) for n in range(20))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"until_at": NOW}, "until"),
        ({"until_at": NOW + timedelta(days=200)}, "until"),
        ({"from_at": NOW - 2 * WEEK, "until_at": NOW - WEEK}, "until"),
        ({"scope": "chosen"}, "clients"),
    ],
)
def test_what_does_not_fit_is_refused_beside_its_field(app, cast, changes, field):
    with pytest.raises(Refused) as no:
        give(cast, **changes)
    assert list(no.value.fields) == [field]


@pytest.mark.parametrize("who", ["ben", "ada"])
def test_who_stands_in_is_a_colleague_who_works_with_clients(app, cast, who):
    with pytest.raises(Refused) as no:
        give(cast, colleague=getattr(cast, who))
    assert list(no.value.fields) == ["colleague"]


def test_nobody_of_another_service_can_stand_in(app, cast):
    with pytest.raises(Refused, match="not-found"):
        give(cast, colleague=cast.dev)
    assert [one.name for one in cover.can_stand_in(cast.ben)] == ["Cara Lindqvist"]


def test_the_colleagues_day_holds_the_appointments_they_stand_in_for(app, cast):
    cast.meet(datetime(2026, 11, 20, 10, tzinfo=UTC))
    friday = NOW + timedelta(days=2)
    assert day_of(cast.cara, friday.date(), friday) == []
    give(cast)
    [visit] = day_of(cast.cara, friday.date(), friday)
    assert (visit.client.preferred_name, visit.role, visit.until_at) == ("Anna", "cover", NOW + WEEK)
    [own] = day_of(cast.ben, friday.date(), friday)
    assert own.role == "own"


def test_a_row_of_access_opens_nothing_to_an_account_without_the_role(app, cast):
    with atomic():
        for role in ("own", "cover", "break_glass", "supervision"):
            roads.give(episode=cast.episode, practitioner=cast.ada, role=role, by=cast.ben, now=NOW)
    assert clients_of(cast.ada, NOW) == []
    assert not sees(cast.ada, cast.anna, NOW)
